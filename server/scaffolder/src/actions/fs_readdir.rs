//! `fs:readdir`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Lists folders.
pub(super) struct FsReaddir;

#[async_trait]
impl Action for FsReaddir {
    fn id(&self) -> &'static str {
        "fs:readdir"
    }

    fn description(&self) -> &'static str {
        "Lists the files and folders in folders of the workspace."
    }

    fn input(&self) -> Value {
        super::object(
            &["paths"],
            json!({
                "paths": super::texts("The folders; \".\" is the workspace."),
                "recursive": super::flag("Whether to go into the folders below."),
            }),
        )
    }

    fn output(&self) -> Value {
        super::object(
            &["files", "folders"],
            json!({"files": {"type": "array"}, "folders": {"type": "array"}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example(
            "List everything",
            json!({"paths": ["."], "recursive": true}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for folder in context.texts("paths") {
            let root = folder.trim_start_matches("./").trim_matches(['/', '.']);
            for entry in context.workspace.list(folder)? {
                let inner = entry.path.strip_prefix(root).unwrap_or(&entry.path);
                let inner = inner.trim_start_matches('/');
                if inner.contains('/') && !context.flag("recursive") {
                    continue;
                }
                let (path, name) = inner.rsplit_once('/').unwrap_or((folder, inner));
                let item = json!({"name": name, "path": path, "fullPath": entry.path});
                if entry.is_folder {
                    &mut folders
                } else {
                    &mut files
                }
                .push(item);
            }
        }
        Ok(super::output([
            ("files", files.into()),
            ("folders", folders.into()),
        ]))
    }
}
