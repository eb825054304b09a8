//! `fs:write`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Writes a file.
pub(super) struct FsWrite;

#[async_trait]
impl Action for FsWrite {
    fn id(&self) -> &'static str {
        "fs:write"
    }

    fn description(&self) -> &'static str {
        "Writes a text file into the workspace, in place of one that is there."
    }

    fn input(&self) -> Value {
        super::object(
            &["path", "content"],
            json!({
                "path": super::text("The path of the file."),
                "content": super::text("The content."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example(
            "Write a note",
            json!({"path": "NOTE.md", "content": "Hello"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (path, content) = (context.required("path")?, context.required("content")?);
        context.workspace.write(path, content.as_bytes(), false)?;
        Ok(super::output([("path", Value::String(path.to_owned()))]))
    }
}
