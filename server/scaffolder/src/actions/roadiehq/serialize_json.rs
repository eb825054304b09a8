//! `roadiehq:utils:serialize:json`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example_with, object, output, text};
use super::json_text;
use crate::{Action, ActionContext, ActionError, Example};

/// Writes data as JSON.
pub(super) struct SerializeJson;

#[async_trait]
impl Action for SerializeJson {
    fn id(&self) -> &'static str {
        "roadiehq:utils:serialize:json"
    }

    fn description(&self) -> &'static str {
        "Makes JSON text of data."
    }

    fn input(&self) -> Value {
        object(
            &["content"],
            json!({
                "content": {"description": "The data."},
                "replacer": json_text::replacer_schema(),
                "space": json_text::space_schema(),
            }),
        )
    }

    fn output(&self) -> Value {
        object(&["serialized"], json!({"serialized": text("The text.")}))
    }

    fn examples(&self) -> Vec<Example> {
        example_with(
            "Make JSON",
            json!({"content": {"hello": "world"}}),
            output([("serialized", "{\"hello\":\"world\"}".into())]),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let text = json_text::of_input(context, context.input["content"].clone())?;
        Ok(output([("serialized", Value::String(text))]))
    }
}
