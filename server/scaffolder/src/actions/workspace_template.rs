//! `workspace:template`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::skeleton::{self, Rendering};
use crate::{Action, ActionContext, ActionError, Example, FetchedFile};

/// Renders a folder of the workspace.
pub(super) struct WorkspaceTemplate;

#[async_trait]
impl Action for WorkspaceTemplate {
    fn id(&self) -> &'static str {
        "workspace:template"
    }

    fn description(&self) -> &'static str {
        "Renders a folder of the workspace into another."
    }

    fn input(&self) -> Value {
        skeleton::schema(
            &["sourcePath", "targetPath"],
            json!({
                "sourcePath": super::text("The folder with the templates."),
                "targetPath": super::text("The folder that the files go to."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let input =
            json!({"sourcePath": "templates", "targetPath": ".", "values": {"name": "orders"}});
        super::example("Render what was cloned", input)
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let rendering = Rendering::new(context)?;
        let source = context.required("sourcePath")?;
        let prefix = source.trim_start_matches("./").trim_end_matches('/');
        let mut files = Vec::new();
        for entry in context
            .workspace
            .list(source)?
            .into_iter()
            .filter(|it| !it.is_folder)
        {
            let content = context.workspace.read(&entry.path)?;
            let path = entry.path.strip_prefix(prefix).unwrap_or(&entry.path);
            files.push(FetchedFile {
                path: path.trim_start_matches('/').to_owned(),
                content,
                is_executable: entry.is_executable,
            });
        }
        let written = rendering.write_all(&files, &context.workspace)?;
        context.log(format!("rendered {written} files from {source}"));
        Ok(Map::new())
    }
}
