//! `roadiehq:utils:fs:append`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, object, output, text};
use crate::{Action, ActionContext, ActionError, Example};

/// Adds to the end of a file.
pub(super) struct FsAppend;

#[async_trait]
impl Action for FsAppend {
    fn id(&self) -> &'static str {
        "roadiehq:utils:fs:append"
    }

    fn description(&self) -> &'static str {
        "Adds text to the end of a file of the workspace; makes the file when there is none."
    }

    fn input(&self) -> Value {
        object(
            &["path", "content"],
            json!({
                "path": text("The path of the file."),
                "content": text("What is added, as it is."),
            }),
        )
    }

    fn output(&self) -> Value {
        object(&["path"], json!({"path": text("The path of the file.")}))
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Ignore one more folder",
            json!({"path": ".gitignore", "content": "dist/\n"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (path, added) = (context.required("path")?, context.required("content")?);
        let mut content = match context.workspace.exists(path)? {
            true => context.workspace.read(path)?,
            false => Vec::new(),
        };
        content.extend_from_slice(added.as_bytes());
        context.workspace.write(path, &content, false)?;
        Ok(output([("path", Value::String(path.to_owned()))]))
    }
}
