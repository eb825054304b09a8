//! `roadiehq:utils:serialize:yaml`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example_with, object, output, text, yaml};
use crate::{Action, ActionContext, ActionError, Example};

/// Writes data as YAML.
pub(super) struct SerializeYaml;

#[async_trait]
impl Action for SerializeYaml {
    fn id(&self) -> &'static str {
        "roadiehq:utils:serialize:yaml"
    }

    fn description(&self) -> &'static str {
        "Makes YAML text of data."
    }

    fn input(&self) -> Value {
        object(
            &["content"],
            json!({
                "content": {"description": "The data."},
                "options": {"type": "object", "description": "Known for compatibility; YAML is \
                    written in one style."},
            }),
        )
    }

    fn output(&self) -> Value {
        object(&["serialized"], json!({"serialized": text("The text.")}))
    }

    fn examples(&self) -> Vec<Example> {
        example_with(
            "Make YAML",
            json!({"content": {"hello": "world"}}),
            output([("serialized", "hello: world\n".into())]),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let text = yaml::document(&context.input["content"]);
        Ok(output([("serialized", Value::String(text))]))
    }
}
