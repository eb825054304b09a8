//! `roadiehq:utils:json:merge`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, flag, object, output, text};
use super::{json_text, merging, parse_json, read_text};
use crate::{Action, ActionContext, ActionError, Example};

/// Merges data into a JSON file.
pub(super) struct JsonMerge;

#[async_trait]
impl Action for JsonMerge {
    fn id(&self) -> &'static str {
        "roadiehq:utils:json:merge"
    }

    fn description(&self) -> &'static str {
        "Merges data into a JSON file of the workspace; makes the file when there is none."
    }

    fn input(&self) -> Value {
        object(
            &["path", "content"],
            json!({
                "path": text("The path of the file."),
                "content": {"type": ["string", "object"],
                    "description": "What is merged into it: data, or JSON text."},
                "mergeArrays": flag("Adds the items of lists that are not there yet. \
                                     Default: items replace those at the same place."),
            }),
        )
    }

    fn output(&self) -> Value {
        object(&["path"], json!({"path": text("The path of the file.")}))
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Add a script",
            json!({"path": "package.json", "content": {"scripts": {"lint": "eslint ."}}}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let path = context.required("path")?;
        let content = match &context.input["content"] {
            Value::String(text) => parse_json("input.content", text)?,
            content => content.clone(),
        };
        let mut value = match context.workspace.exists(path)? {
            true => parse_json(path, &read_text(context, path)?)?,
            false => json!({}),
        };
        merging::merge(&mut value, content, context.flag("mergeArrays"));
        let text = json_text::write(&value, &json_text::Indent::default())?;
        context.workspace.write(path, text.as_bytes(), false)?;
        Ok(output([("path", Value::String(path.to_owned()))]))
    }
}
