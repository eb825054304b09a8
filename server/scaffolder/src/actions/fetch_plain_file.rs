//! `fetch:plain:file`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Fetches a file as it is.
pub(super) struct FetchPlainFile;

#[async_trait]
impl Action for FetchPlainFile {
    fn id(&self) -> &'static str {
        "fetch:plain:file"
    }

    fn description(&self) -> &'static str {
        "Copies a file into the workspace as it is."
    }

    fn input(&self) -> Value {
        super::object(
            &["url", "targetPath"],
            json!({
                "url": super::text("The file; relative to the template, or an address."),
                "targetPath": super::text("The path in the workspace."),
                "token": super::text("Not used: hosts are read with the credentials of `integrations`."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example(
            "Copy the licence",
            json!({"url": "./LICENSE", "targetPath": "LICENSE"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let (url, target) = (context.required("url")?, context.required("targetPath")?);
        let file = context.fetch.file(url, context.base_url.as_deref()).await?;
        context
            .workspace
            .write(target, &file.content, file.is_executable)?;
        context.log(format!("fetched {url} to {target}"));
        Ok(Map::new())
    }
}
