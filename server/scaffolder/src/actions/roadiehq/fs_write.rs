//! `roadiehq:utils:fs:write`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, flag, object, output, text};
use super::{json_text, parse_json};
use crate::{Action, ActionContext, ActionError, Example};

/// Writes a file.
pub(super) struct FsWrite;

#[async_trait]
impl Action for FsWrite {
    fn id(&self) -> &'static str {
        "roadiehq:utils:fs:write"
    }

    fn description(&self) -> &'static str {
        "Writes a text file into the workspace, in place of one that is there."
    }

    fn input(&self) -> Value {
        object(
            &["path", "content"],
            json!({
                "path": text("The path of the file."),
                "content": text("The content."),
                "preserveFormatting": flag("Writes the content as it is, also when it is JSON. \
                                            Without it, the JSON of a .json file is indented."),
            }),
        )
    }

    fn output(&self) -> Value {
        object(&["path"], json!({"path": text("The path of the file.")}))
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Write a settings file",
            json!({"path": "settings.json", "content": "{\"debug\": false}"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (path, content) = (context.required("path")?, context.required("content")?);
        let is_json = path.to_ascii_lowercase().ends_with(".json");
        let formatted = match is_json && !context.flag("preserveFormatting") {
            true => match parse_json(path, content) {
                Ok(value) => json_text::write(&value, &json_text::Indent::default())?,
                // Not JSON after all, such as with comments: as it is.
                Err(_) => content.to_owned(),
            },
            false => content.to_owned(),
        };
        context.workspace.write(path, formatted.as_bytes(), false)?;
        Ok(output([("path", Value::String(path.to_owned()))]))
    }
}
