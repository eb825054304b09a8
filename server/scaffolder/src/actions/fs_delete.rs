//! `fs:delete`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example, workspace::globs};

/// Deletes files.
pub(super) struct FsDelete;

#[async_trait]
impl Action for FsDelete {
    fn id(&self) -> &'static str {
        "fs:delete"
    }

    fn description(&self) -> &'static str {
        "Deletes files and folders of the workspace, by path or glob."
    }

    fn input(&self) -> Value {
        super::object(
            &["files"],
            json!({"files": super::texts("Paths or globs.")}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example("Delete drafts", json!({"files": ["drafts", "**/*.tmp"]}))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let given = context.texts("files");
        let matching = globs(given.iter().map(|it| it.trim_end_matches('/')))?;
        let entries = context.workspace.list(".")?;
        for entry in entries
            .iter()
            .filter(|entry| matching.is_match(&entry.path))
        {
            // It may have gone with a folder above it.
            if context.workspace.exists(&entry.path)? {
                context.workspace.remove(&entry.path)?;
                context.log(format!("deleted {}", entry.path));
            }
        }
        Ok(Map::new())
    }
}
