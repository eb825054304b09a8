//! `debug:log`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// The longest content of a file that is shown, in bytes.
const MAX_SHOWN: u64 = 64 << 10;

/// Says something, and what is in the workspace.
pub(super) struct DebugLog;

#[async_trait]
impl Action for DebugLog {
    fn id(&self) -> &'static str {
        "debug:log"
    }

    fn description(&self) -> &'static str {
        "Writes a message into the log of the task, and lists the workspace when asked to."
    }

    fn input(&self) -> Value {
        super::object(
            &[],
            json!({
                "message": super::text("What to write."),
                "listWorkspace": {
                    "description": "Whether to list the files, with their contents if so asked.",
                    "anyOf": [
                        {"type": "boolean"},
                        {"enum": ["with-filenames", "with-contents"]},
                    ],
                },
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example(
            "Say hello",
            json!({"message": "Hello ${{ parameters.name }}"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        if let Some(message) = context.text("message") {
            context.log(message);
        }
        let list = context.input.get("listWorkspace").unwrap_or(&Value::Null);
        if !matches!(list, Value::Null | Value::Bool(false)) {
            for entry in context
                .workspace
                .list(".")?
                .iter()
                .filter(|it| !it.is_folder)
            {
                context.log(format!("{} ({} bytes)", entry.path, entry.size));
                if *list == "with-contents" && entry.size <= MAX_SHOWN {
                    let content = context.workspace.read(&entry.path)?;
                    context.log(String::from_utf8_lossy(&content));
                }
            }
        }
        Ok(Map::new())
    }
}
