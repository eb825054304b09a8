//! `azure:pr:create`

use async_trait::async_trait;
use portico_integrations::{Method, StatusCode};
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::AzureScope;
use serde_json::{Map, Value, json};

use super::{
    super::{Repositories, failed, fields, text},
    Place, number, number_schema, object,
    place::is_dry_run,
};

const WRITE: &str = "Code (Read & write)";
/// Characters that a description may have.
const MAX_DESCRIPTION: usize = 4_000;

/// Opens a pull request.
pub(super) struct PrCreate(pub(super) Repositories);

#[async_trait]
impl Action for PrCreate {
    fn id(&self) -> &'static str {
        "azure:pr:create"
    }

    fn description(&self) -> &'static str {
        "Opens a pull request on Azure DevOps for a branch that is there. One that is open for \
         the same branches already is taken."
    }

    fn input(&self) -> Value {
        object(
            &["organization", "project", "repoName", "title"],
            json!({
                "organization": text("The organisation, or the collection on a server."),
                "project": text("The project."),
                "repoName": text("The repository."),
                "server": text("The host. Default: dev.azure.com."),
                "title": text("One line."),
                "description": text("What it is about, in Markdown."),
                "sourceBranch": text("The branch. Default: scaffolder."),
                "targetBranch": text("The branch that it is for. Default: the default branch."),
                "workItemId": number_schema("A work item that it is linked to."),
                "autoComplete": {"type": "boolean", "description": "Completes by itself when all \
                    policies of the branch are satisfied."},
                "mergeStrategy": {"type": "string",
                    "enum": ["noFastForward", "squash", "rebase", "rebaseMerge"],
                    "description": "How it is completed. Default: noFastForward."},
                "supportsIterations": {"type": "boolean", "description": "Whether reviewers see \
                    pushes apart. Default: true."},
            }),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["pullRequestId"],
            json!({
                "pullRequestId": {"type": "integer", "description": "Its number."},
                "pullRequestUrl": text("Where people review it."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Propose a branch".to_owned(),
            input: json!({
                "organization": "contoso", "project": "Shop", "repoName": "orders",
                "sourceBranch": "add-redis", "targetBranch": "main", "title": "Add Redis",
            }),
            output: fields(json!({
                "pullRequestId": 1,
                "pullRequestUrl": "https://dev.azure.com/contoso/Shop/_git/orders/pullrequest/1",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::named(&self.0, context, "repoName")?;
        let source = context.text("sourceBranch").unwrap_or("scaffolder");
        let title = context.required("title")?;
        let audit = place
            .allowed(json!({"what": "pull request", "branch": source}))
            .await?;
        let target = if let Some(target) = context.text("targetBranch") {
            target.to_owned()
        } else {
            let default = place.client.default_branch().await.map_err(failed)?;
            let empty = || ActionError::Failed(format!("{} has no commits yet", place.url));
            default.ok_or_else(empty)?
        };
        let body = body(context, source, &target, title);
        let is_dry = is_dry_run(
            context,
            self.id(),
            || {
                format!(
                    "propose \"{title}\": {source} of {} for {target}",
                    place.url
                )
            },
            || body.clone(),
        );
        let told = |number: i64| {
            fields(json!({
                "pullRequestId": number,
                "pullRequestUrl": format!("{}/pullrequest/{number}", place.url),
            }))
        };
        if is_dry {
            return Ok(told(1));
        }
        let made = open(&place, &body).await?;
        let number = made["pullRequestId"].as_i64().unwrap_or_default();
        if context.flag("autoComplete") {
            complete_later(&place, context, &made).await.map_err(|error| {
                ActionError::Failed(format!(
                    "pull request {number} of {} is open, but does not complete by itself: {error}",
                    place.url
                ))
            })?;
        }
        place.done(&audit).await?;
        context.log(format!(
            "proposed as pull request {number} of {}",
            place.url
        ));
        Ok(told(number))
    }
}

fn body(context: &ActionContext, source: &str, target: &str, title: &str) -> Value {
    let description = context.text("description").unwrap_or_default();
    let description: String = description.chars().take(MAX_DESCRIPTION).collect();
    let mut body = json!({
        "sourceRefName": format!("refs/heads/{source}"),
        "targetRefName": format!("refs/heads/{target}"),
        "title": title,
        "description": description,
    });
    if let Some(id) = number(context, "workItemId") {
        body["workItemRefs"] = json!([{"id": format!("{id}")}]);
    }
    if let Some(supports) = context.input.get("supportsIterations") {
        body["supportsIterations"] = supports.clone();
    }
    body
}

/// Opens it, or finds the one that is open.
async fn open(place: &Place<'_>, body: &Value) -> Result<Value, ActionError> {
    let scope = AzureScope::Repository;
    let client = &place.client;
    let there = ("/pullrequests", &[][..]);
    let answer = client.ask(Method::POST, scope, there, Some(body)).await;
    let answer = answer.map_err(failed)?;
    if answer.status == StatusCode::CONFLICT {
        let text = |field: &str| body[field].as_str().unwrap_or_default();
        let query = [
            ("searchCriteria.sourceRefName", text("sourceRefName")),
            ("searchCriteria.targetRefName", text("targetRefName")),
            ("searchCriteria.status", "active"),
        ];
        let found = client.get(scope, "/pullrequests", &query, WRITE).await;
        let found = found.map_err(failed)?["value"][0].take();
        if !found.is_null() {
            return Ok(found);
        }
    }
    let answer = client.checked(answer, WRITE).map_err(failed)?;
    let made = answer.json(&place.url);
    made.map_err(|error| ActionError::Failed(error.to_string()))
}

async fn complete_later(
    place: &Place<'_>,
    context: &ActionContext,
    made: &Value,
) -> Result<(), portico_scm::ScmError> {
    let strategy = context.text("mergeStrategy").unwrap_or("noFastForward");
    let body = json!({
        "autoCompleteSetBy": {"id": made["createdBy"]["id"]},
        "completionOptions": {"mergeStrategy": strategy},
    });
    let path = format!("/pullrequests/{}", made["pullRequestId"]);
    let changed = place
        .client
        .patch(AzureScope::Repository, &path, &body, WRITE);
    changed.await.map(|_| ())
}
