//! `fs:read`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// The largest file whose content becomes an output, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Reads a file.
pub(super) struct FsRead;

#[async_trait]
impl Action for FsRead {
    fn id(&self) -> &'static str {
        "fs:read"
    }

    fn description(&self) -> &'static str {
        "Reads a text file of the workspace, for later steps."
    }

    fn input(&self) -> Value {
        super::object(
            &["path"],
            json!({"path": super::text("The path of the file.")}),
        )
    }

    fn output(&self) -> Value {
        super::object(
            &["content"],
            json!({"content": super::text("The content.")}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example("Read the version", json!({"path": "VERSION"}))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let path = context.required("path")?;
        let content = context.workspace.read(path)?;
        if content.len() > MAX_BYTES {
            return Err(ActionError::Input(format!(
                "{path} has more than {MAX_BYTES} bytes"
            )));
        }
        let content = String::from_utf8(content)
            .map_err(|_| ActionError::Input(format!("{path} is not a text file")))?;
        Ok(super::output([("content", Value::String(content))]))
    }
}
