//! `workspace:template:file`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::skeleton::{self, Rendering};
use crate::{Action, ActionContext, ActionError, Example, FetchedFile};

/// Renders a file of the workspace.
pub(super) struct WorkspaceTemplateFile;

#[async_trait]
impl Action for WorkspaceTemplateFile {
    fn id(&self) -> &'static str {
        "workspace:template:file"
    }

    fn description(&self) -> &'static str {
        "Renders a file of the workspace into another."
    }

    fn input(&self) -> Value {
        skeleton::schema(
            &["sourcePath", "targetPath"],
            json!({
                "sourcePath": super::text("The file with the template."),
                "targetPath": super::text("The path of the new file."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let input = json!({"sourcePath": "a.njk", "targetPath": "a.txt", "values": {}});
        super::example("Render a file", input)
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (source, target) = (
            context.required("sourcePath")?,
            context.required("targetPath")?,
        );
        let file = FetchedFile {
            path: source.to_owned(),
            content: context.workspace.read(source)?,
            is_executable: false,
        };
        Rendering::new(context)?.write(&file, target, true, &context.workspace)?;
        Ok(Map::new())
    }
}
