//! `github:issues:label`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs};
use crate::actions::{Repositories, failed, number, object, texts, with};

/// Adds labels.
pub(super) struct IssuesLabel(pub(super) Repositories);

#[async_trait]
impl Action for IssuesLabel {
    fn id(&self) -> &'static str {
        "github:issues:label"
    }

    fn description(&self) -> &'static str {
        "Adds labels to an issue or a pull request on GitHub."
    }

    fn input(&self) -> Value {
        let more = json!({
            "number": number("The number of the issue or pull request."),
            "labels": texts("The labels."),
        });
        object(&["repoUrl", "number", "labels"], with(place_inputs(), more))
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Label a pull request".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "number": 12,
                "labels": ["infrastructure"],
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let number = context.input["number"].as_f64().unwrap_or_default() as u64;
        let body = json!({"labels": context.texts("labels")});
        let summary = format!("label #{number} of {}", place.url);
        if let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        {
            let client = work.client().await?;
            let path = format!("/issues/{number}/labels");
            client
                .post(&path, &body, "Issues: write")
                .await
                .map_err(failed)?;
            work.done().await?;
            context.log(format!("labelled #{number} of {}", place.url));
        }
        Ok(Map::new())
    }
}
