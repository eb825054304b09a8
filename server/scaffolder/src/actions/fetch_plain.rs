//! `fetch:plain`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// Fetches a folder as it is.
pub(super) struct FetchPlain;

#[async_trait]
impl Action for FetchPlain {
    fn id(&self) -> &'static str {
        "fetch:plain"
    }

    fn description(&self) -> &'static str {
        "Copies a folder into the workspace as it is."
    }

    fn input(&self) -> Value {
        super::object(
            &["url"],
            json!({
                "url": super::text("The folder; relative to the template, or an address."),
                "targetPath": super::text("The folder in the workspace. Default: its root."),
                "token": super::text("Not used: hosts are read with the credentials of `integrations`."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example(
            "Copy the skeleton",
            json!({"url": "./skeleton", "targetPath": "app"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let url = context.required("url")?;
        let files = context
            .fetch
            .folder(url, context.base_url.as_deref())
            .await?;
        let target = context.text("targetPath").unwrap_or(".");
        for file in &files {
            let path = super::below(target, &file.path);
            context
                .workspace
                .write(&path, &file.content, file.is_executable)?;
        }
        context.log(format!("fetched {} files from {url}", files.len()));
        Ok(Map::new())
    }
}
