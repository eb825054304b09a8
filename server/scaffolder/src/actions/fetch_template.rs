//! `fetch:template`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::skeleton::{self, Rendering};
use crate::{Action, ActionContext, ActionError, Example};

/// Fetches a folder and renders it.
pub(super) struct FetchTemplate;

#[async_trait]
impl Action for FetchTemplate {
    fn id(&self) -> &'static str {
        "fetch:template"
    }

    fn description(&self) -> &'static str {
        "Copies a folder into the workspace, rendering the names and contents of its files."
    }

    fn input(&self) -> Value {
        skeleton::schema(
            &["url"],
            json!({
                "url": super::text("The folder; relative to the template, or an address."),
                "targetPath": super::text("The folder in the workspace. Default: its root."),
                "token": super::text("Not used: hosts are read with the credentials of `integrations`."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let values = json!({"name": "${{ parameters.name }}"});
        super::example(
            "Render the skeleton",
            json!({"url": "./skeleton", "values": values}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let url = context.required("url")?;
        let rendering = Rendering::new(context)?;
        let files = context
            .fetch
            .folder(url, context.base_url.as_deref())
            .await?;
        let workspace = context.workspace.clone();
        // Thousands of files take a while, which others should not have to wait for.
        let work = move || rendering.write_all(&files, &workspace);
        let written = tokio::task::spawn_blocking(work).await;
        let written = written.map_err(|error| ActionError::Failed(error.to_string()))??;
        context.log(format!("rendered {written} files from {url}"));
        Ok(Map::new())
    }
}
