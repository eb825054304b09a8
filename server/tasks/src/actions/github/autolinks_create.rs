//! `github:autolinks:create`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, flag_or, place_inputs};
use crate::actions::{Repositories, failed, flag, object, text, with};

/// Adds an autolink.
pub(super) struct AutolinksCreate(pub(super) Repositories);

#[async_trait]
impl Action for AutolinksCreate {
    fn id(&self) -> &'static str {
        "github:autolinks:create"
    }

    fn description(&self) -> &'static str {
        "Makes texts such as TICKET-12 link to elsewhere, in a repository on GitHub."
    }

    fn input(&self) -> Value {
        let more = json!({
            "keyPrefix": text("What such texts begin with."),
            "urlTemplate": text("Where they lead; <num> stands for what follows the prefix."),
            "isAlphanumeric": flag("Whether letters may follow, not only digits. Default: true."),
        });
        object(
            &["repoUrl", "keyPrefix", "urlTemplate"],
            with(place_inputs(), more),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Link to tickets".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "keyPrefix": "TICKET-",
                "urlTemplate": "https://tickets.contoso.example/<num>",
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let prefix = context.required("keyPrefix")?;
        let body = json!({
            "key_prefix": prefix,
            "url_template": context.required("urlTemplate")?,
            "is_alphanumeric": flag_or(context, "isAlphanumeric", true),
        });
        let summary = format!("make {prefix}… a link in {}", place.url);
        if let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        {
            let client = work.client().await?;
            let made = client
                .post("/autolinks", &body, "Administration: write")
                .await;
            made.map_err(failed)?;
            work.done().await?;
            context.log(format!("{prefix}… is a link in {}", place.url));
        }
        Ok(Map::new())
    }
}
