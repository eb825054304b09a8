//! `github:branch-protection:create`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs, protection};
use crate::actions::{Repositories, failed, flag, object, text, with};

/// Protects a branch.
pub(super) struct BranchProtectionCreate(pub(super) Repositories);

#[async_trait]
impl Action for BranchProtectionCreate {
    fn id(&self) -> &'static str {
        "github:branch-protection:create"
    }

    fn description(&self) -> &'static str {
        "Protects a branch of a repository on GitHub."
    }

    fn input(&self) -> Value {
        let more = json!({
            "branch": text("The branch. Default: the default branch."),
            "blockCreations": flag("Whether nobody may make branches of that name. Default: false."),
        });
        let properties = with(place_inputs(), protection::inputs());
        object(&["repoUrl"], with(properties, more))
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Two people have to approve, and the build has to pass".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "branch": "main",
                "requiredApprovingReviewCount": 2, "requiredStatusCheckContexts": ["build"],
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let named = context.text("branch");
        let summary = format!(
            "protect {} of {}",
            named.unwrap_or("the default branch"),
            place.url
        );
        let rules = protection::rules(context);
        if let Some(work) = place.begin(context, self.id(), summary, rules).await? {
            let client = work.client().await?;
            let branch = if let Some(branch) = named {
                branch.to_owned()
            } else {
                let found = client.get("", "Metadata: read").await.map_err(failed)?;
                let default = found["default_branch"].as_str();
                default.unwrap_or_default().to_owned()
            };
            let protected = protection::protect(&client, context, &branch).await;
            protected.map_err(failed)?;
            work.done().await?;
        }
        Ok(Map::new())
    }
}
