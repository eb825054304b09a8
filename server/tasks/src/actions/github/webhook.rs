//! `github:webhook`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, flag_or, place_inputs};
use crate::actions::{Repositories, choice, failed, flag, object, text, with};

/// Adds a webhook.
pub(super) struct Webhook(pub(super) Repositories);

#[async_trait]
impl Action for Webhook {
    fn id(&self) -> &'static str {
        "github:webhook"
    }

    fn description(&self) -> &'static str {
        "Adds a webhook to a repository on GitHub."
    }

    fn input(&self) -> Value {
        let more = json!({
            "webhookUrl": text("Where events are sent."),
            "webhookSecret": text("What they are signed with."),
            "events": {
                "description": "Which events; * for all. Default: push.",
                "oneOf": [
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "string"},
                ],
            },
            "active": flag("Whether events are sent. Default: true."),
            "contentType": choice(&["form", "json"], "How they are written. Default: form."),
            "insecureSsl": flag("Whether any certificate will do. Default: false."),
        });
        object(&["repoUrl", "webhookUrl"], with(place_inputs(), more))
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Tell this portal of pushes".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api",
                "webhookUrl": "https://portal.contoso.example/api/events/http/github",
                "webhookSecret": "${{ secrets.webhook }}", "contentType": "json",
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let url = context.required("webhookUrl")?;
        let events = match context.input.get("events") {
            Some(Value::String(one)) => json!([one]),
            Some(list) if list.is_array() => list.clone(),
            _ => json!(["push"]),
        };
        let mut body = json!({
            "config": {
                "url": url,
                "content_type": context.text("contentType").unwrap_or("form"),
                "insecure_ssl": if context.flag("insecureSsl") { "1" } else { "0" },
            },
            "events": events,
            "active": flag_or(context, "active", true),
        });
        let summary = format!("send events of {} to {url}", place.url);
        if let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        {
            // After what is shown: nobody sees it.
            if let Some(secret) = context.text("webhookSecret") {
                body["config"]["secret"] = secret.into();
            }
            let client = work.client().await?;
            client
                .post("/hooks", &body, "Webhooks: write")
                .await
                .map_err(failed)?;
            work.done().await?;
            context.log(format!("{} sends events to {url}", place.url));
        }
        Ok(Map::new())
    }
}
