//! `azure:repository:policy`: Portico's own.

use async_trait::async_trait;
use portico_integrations::Method;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::AzureScope;
use serde_json::{Map, Value, json};

use super::{
    super::{Repositories, failed, fields, text},
    Place, object,
    place::is_dry_run,
    policies::{Policies, is_same},
};

const NEEDS: &str = "Code (Read, write, & manage), and Edit policies on the repository";

/// Protects a branch.
pub(super) struct RepositoryPolicy(pub(super) Repositories);

#[async_trait]
impl Action for RepositoryPolicy {
    fn id(&self) -> &'static str {
        "azure:repository:policy"
    }

    fn description(&self) -> &'static str {
        "Protects a branch of a repository on Azure DevOps with policies: minimum reviewers, \
         builds, required reviewers, linked work items. Policies that are there are changed, \
         others stay. This action is Portico's own."
    }

    fn input(&self) -> Value {
        let whole = |about: &str| json!({"type": "integer", "minimum": 0, "description": about});
        let flag = |about: &str| json!({"type": "boolean", "description": about});
        let texts = |about: &str| {
            json!({"type": "array", "items": {"type": "string"},
            "description": about})
        };
        let part = super::super::object;
        object(
            &["repoUrl"],
            json!({
                "repoUrl": text("dev.azure.com?organization=ORGANIZATION&project=PROJECT&repo=NAME."),
                "branch": text("The branch. Default: the default branch."),
                "minimumReviewers": part(&["count"], json!({
                    "count": whole("Approvals that a pull request needs."),
                    "creatorVoteCounts": flag("Its author's vote counts."),
                    "resetOnPush": flag("Approvals are void after a push."),
                })),
                "buildValidation": {"type": "array", "items": part(&["pipelineId"], json!({
                    "pipelineId": whole("The pipeline that has to succeed."),
                    "displayName": text("What people see. Default: Build."),
                    "validMinutes": whole("How long a success counts. Default: 0, for ever."),
                }))},
                "requiredReviewers": {"type": "array", "items": part(&["ids"], json!({
                    "ids": texts("Ids of people or groups in Azure DevOps."),
                    "paths": texts("Files that it is about, such as /infra/*. Default: all."),
                }))},
                "workItemLinking": flag("Pull requests name a work item."),
                "blocking": flag("Whether policies are required, or only advice. Default: true."),
            }),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["policyIds"],
            json!({"policyIds": {"type": "array", "items": {"type": "integer"},
                "description": "The policies, in the order of the input."}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Two reviewers and a build for the default branch".to_owned(),
            input: json!({
                "repoUrl": "dev.azure.com?organization=contoso&project=Shop&repo=orders",
                "minimumReviewers": {"count": 2, "resetOnPush": true},
                "buildValidation": [{"pipelineId": 1}],
            }),
            output: fields(json!({"policyIds": [1, 2]})),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::repository(&self.0, context, "repoUrl")?;
        let policies = Policies::read(&context.input)?;
        if context.dry_run.is_some() {
            // It may be about a repository that an earlier step only says it makes.
            place.allowed(json!({})).await?;
            let branch = context.text("branch").unwrap_or("the default branch");
            let planned = policies.configurations("", branch);
            let names: Vec<&str> = planned.iter().map(|(what, _)| what.as_str()).collect();
            is_dry_run(
                context,
                self.id(),
                || format!("require {} on {branch} of {}", names.join(", "), place.url),
                || json!({"repository": place.url, "branch": branch, "policies": names}),
            );
            let ids: Vec<usize> = (1..=planned.len()).collect();
            return Ok(fields(json!({"policyIds": ids})));
        }
        let scope = AzureScope::Repository;
        let info = place
            .client
            .get(scope, "", &[], NEEDS)
            .await
            .map_err(failed)?;
        let default = info["defaultBranch"].as_str().unwrap_or("refs/heads/main");
        let default = default.trim_start_matches("refs/heads/");
        let branch = context.text("branch").unwrap_or(default);
        let audit = place
            .allowed(json!({"what": "branch policies", "branch": branch}))
            .await?;
        let id = info["id"].as_str().unwrap_or_default();
        let ids = apply(&place, &policies.configurations(id, branch)).await?;
        place.done(&audit).await?;
        context.log(format!(
            "{branch} of {} has {} policies",
            place.url,
            ids.len()
        ));
        Ok(fields(json!({"policyIds": ids})))
    }
}

/// Makes or changes each; a failure says which are in force by then.
async fn apply(place: &Place<'_>, wanted: &[(String, Value)]) -> Result<Vec<Value>, ActionError> {
    const PATH: &str = "/policy/configurations";
    let (client, scope) = (&place.client, AzureScope::Project);
    let there = client.get(scope, PATH, &[], NEEDS).await.map_err(failed)?;
    let there = there["value"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut ids = Vec::new();
    for (index, (what, policy)) in wanted.iter().enumerate() {
        let found = there.iter().find(|it| is_same(it, policy));
        let (method, path) = match found {
            Some(found) => (Method::PUT, format!("{PATH}/{}", found["id"])),
            None => (Method::POST, PATH.to_owned()),
        };
        let made = client
            .send(method, scope, (&path, &[]), policy, NEEDS)
            .await;
        let made = made.map_err(|error| {
            let done: Vec<&str> = wanted[..index].iter().map(|(it, _)| it.as_str()).collect();
            let done = match done.is_empty() {
                true => "no policy is in force yet".to_owned(),
                false => format!("in force: {}", done.join(", ")),
            };
            ActionError::Failed(format!(
                "{} cannot require {what} ({done}; another try goes on): {error}",
                place.url
            ))
        })?;
        ids.push(made["id"].clone());
    }
    Ok(ids)
}
