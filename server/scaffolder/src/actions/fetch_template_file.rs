//! `fetch:template:file`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::skeleton::{self, Rendering};
use crate::{Action, ActionContext, ActionError, Example};

/// Fetches a file and renders it.
pub(super) struct FetchTemplateFile;

#[async_trait]
impl Action for FetchTemplateFile {
    fn id(&self) -> &'static str {
        "fetch:template:file"
    }

    fn description(&self) -> &'static str {
        "Copies a file into the workspace, rendering its content."
    }

    fn input(&self) -> Value {
        skeleton::schema(
            &["url", "targetPath"],
            json!({
                "url": super::text("The file; relative to the template, or an address."),
                "targetPath": super::text("The path in the workspace."),
                "token": super::text("Not used: hosts are read with the credentials of `integrations`."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let input = json!({"url": "./README.md.njk", "targetPath": "README.md", "values": {}});
        super::example("Render the README", input)
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (url, target) = (context.required("url")?, context.required("targetPath")?);
        let rendering = Rendering::new(context)?;
        let file = context.fetch.file(url, context.base_url.as_deref()).await?;
        let written = rendering.write(&file, target, true, &context.workspace)?;
        context.log(if written {
            format!("rendered {target}")
        } else {
            format!("{target} is there already")
        });
        Ok(Map::new())
    }
}
