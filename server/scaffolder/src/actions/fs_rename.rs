//! `fs:rename`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Renames files.
pub(super) struct FsRename;

#[async_trait]
impl Action for FsRename {
    fn id(&self) -> &'static str {
        "fs:rename"
    }

    fn description(&self) -> &'static str {
        "Renames or moves files and folders of the workspace."
    }

    fn input(&self) -> Value {
        let file = super::object(
            &["from", "to"],
            json!({
                "from": super::text("The path it has."),
                "to": super::text("The path it gets."),
                "overwrite": super::flag("Whether to replace what is there."),
            }),
        );
        super::object(
            &["files"],
            json!({"files": {"type": "array", "items": file}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let file = json!({"from": "gitignore", "to": ".gitignore"});
        super::example("Give a file its dot", json!({"files": [file]}))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let files = context.input.get("files").and_then(Value::as_array);
        for file in files.into_iter().flatten() {
            let text = |field: &str| file.get(field).and_then(Value::as_str).unwrap_or_default();
            let overwrite = file.get("overwrite") == Some(&Value::Bool(true));
            context
                .workspace
                .rename(text("from"), text("to"), overwrite)?;
            context.log(format!("renamed {} to {}", text("from"), text("to")));
        }
        Ok(Map::new())
    }
}
