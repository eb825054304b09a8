//! `github:issues:create`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, given, place_inputs};
use crate::actions::{Repositories, failed, fields, object, text, texts, with};

/// Opens an issue.
pub(super) struct IssuesCreate(pub(super) Repositories);

#[async_trait]
impl Action for IssuesCreate {
    fn id(&self) -> &'static str {
        "github:issues:create"
    }

    fn description(&self) -> &'static str {
        "Opens an issue in a repository on GitHub."
    }

    fn input(&self) -> Value {
        let more = json!({
            "title": text("One line."),
            "body": text("What it is about, in Markdown."),
            "assignees": texts("Users it is assigned to."),
            "milestone": {"type": ["number", "string"], "description": "The number of a milestone."},
            "labels": texts("Its labels."),
        });
        object(&["repoUrl", "title"], with(place_inputs(), more))
    }

    fn output(&self) -> Value {
        let properties = json!({
            "issueUrl": text("Where people see it."),
            "issueNumber": {"type": "number", "description": "Its number."},
        });
        object(&["issueUrl", "issueNumber"], properties)
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Ask for access".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=access", "title": "Access for Ada",
                "labels": ["onboarding"],
            }),
            output: fields(json!({
                "issueUrl": "https://github.com/contoso/access/issues/1", "issueNumber": 1,
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let names = ["title", "body", "assignees", "milestone", "labels"];
        let body = given(context, &names.map(|name| (name, name)));
        let title = context.required("title")?;
        let summary = format!("open the issue \"{title}\" in {}", place.url);
        let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        else {
            return Ok(fields(json!({
                "issueUrl": format!("{}/issues/1", place.url), "issueNumber": 1,
            })));
        };
        let client = work.client().await?;
        let made = client
            .post("/issues", &body, "Issues: write")
            .await
            .map_err(failed)?;
        work.done().await?;
        context.log(format!(
            "opened {}",
            made["html_url"].as_str().unwrap_or_default()
        ));
        Ok(fields(
            json!({"issueUrl": made["html_url"], "issueNumber": made["number"]}),
        ))
    }
}
