//! `github:pages:enable`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs};
use crate::actions::{Repositories, choice, failed, object, text, with};

/// Publishes pages.
pub(super) struct PagesEnable(pub(super) Repositories);

#[async_trait]
impl Action for PagesEnable {
    fn id(&self) -> &'static str {
        "github:pages:enable"
    }

    fn description(&self) -> &'static str {
        "Publishes GitHub Pages of a repository."
    }

    fn input(&self) -> Value {
        let more = json!({
            "buildType": choice(&["legacy", "workflow"], "What builds them. Default: workflow."),
            "sourceBranch": text("The branch they are on, for legacy. Default: main."),
            "sourcePath": choice(&["/", "/docs"], "The folder they are in. Default: /."),
        });
        object(&["repoUrl"], with(place_inputs(), more))
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Publish what a workflow builds".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=handbook", "buildType": "workflow",
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let kind = context.text("buildType").unwrap_or("workflow");
        let mut body = json!({"build_type": kind});
        if kind == "legacy" {
            body["source"] = json!({
                "branch": context.text("sourceBranch").unwrap_or("main"),
                "path": context.text("sourcePath").unwrap_or("/"),
            });
        }
        let summary = format!("publish the pages of {}", place.url);
        if let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        {
            let client = work.client().await?;
            let needs = "Pages: write and Administration: write";
            client.post("/pages", &body, needs).await.map_err(failed)?;
            work.done().await?;
            context.log(format!("published the pages of {}", place.url));
        }
        Ok(Map::new())
    }
}
