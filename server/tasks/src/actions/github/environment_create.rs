//! `github:environment:create`

use async_trait::async_trait;
use portico_integrations::{encode_segment, github::GitHubCall};
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::{GitHubClient, ScmError};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs, secrets::Kept};
use crate::actions::{Repositories, failed, flag, number, object, text, texts, with};

const ADMINISTER: &str = "Administration: write";

/// Makes an environment.
pub(super) struct EnvironmentCreate(pub(super) Repositories);

#[async_trait]
impl Action for EnvironmentCreate {
    fn id(&self) -> &'static str {
        "github:environment:create"
    }

    fn description(&self) -> &'static str {
        "Makes a deployment environment of a repository on GitHub, with its rules, variables and secrets."
    }

    fn input(&self) -> Value {
        let more = json!({
            "name": text("What it is called."),
            "deploymentBranchPolicy": object(
                &["protected_branches", "custom_branch_policies"],
                json!({
                    "protected_branches": flag("Protected branches only."),
                    "custom_branch_policies": flag("Those of the names below."),
                }),
            ),
            "customBranchPolicyNames": texts("Patterns of branches that may deploy."),
            "customTagPolicyNames": texts("Patterns of tags that may deploy."),
            "environmentVariables": {"type": "object", "description": "Variables, by name."},
            "secrets": {"type": "object", "description": "Secrets, by name."},
            "waitTimer": number("Minutes that a deployment waits."),
            "preventSelfReview": flag("Whether somebody else has to approve."),
            "reviewers": texts("Who approves: user:default/NAME or group:default/TEAM, named as on \
                GitHub."),
        });
        object(&["repoUrl", "name"], with(place_inputs(), more))
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "An environment that a team approves deployments to".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "name": "production",
                "reviewers": ["group:default/bakers"],
                "environmentVariables": {"REGION": "westeurope"},
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let name = context.required("name")?;
        let map = |field: &str| {
            let found = context.input.get(field).and_then(Value::as_object);
            found.cloned().unwrap_or_default()
        };
        let (variables, secrets) = (map("environmentVariables"), map("secrets"));
        let mut body = rules(context);
        let names: Vec<&String> = secrets.keys().collect();
        let shown = json!({
            "rules": body, "variables": variables, "secrets": names,
            "reviewers": context.texts("reviewers"),
        });
        let summary = format!("make the environment {name} of {}", place.url);
        let Some(work) = place.begin(context, self.id(), summary, shown).await? else {
            return Ok(Map::new());
        };
        let client = work.client().await?;
        let reviewers = reviewers(&client, &context.texts("reviewers")).await;
        let reviewers = reviewers.map_err(failed)?;
        if !reviewers.is_empty() {
            body["reviewers"] = reviewers.into();
        }
        let path = format!("/environments/{}", encode_segment(name));
        client.put(&path, &body, ADMINISTER).await.map_err(failed)?;
        let patterns = [
            ("branch", "customBranchPolicyNames"),
            ("tag", "customTagPolicyNames"),
        ];
        for (kind, field) in patterns {
            for pattern in context.texts(field) {
                let body = json!({"name": pattern, "type": kind});
                let path = format!("{path}/deployment-branch-policies");
                client
                    .post(&path, &body, ADMINISTER)
                    .await
                    .map_err(failed)?;
            }
        }
        let kept = Kept {
            place: &path,
            secrets_need: "Environments: write",
            variables_need: "Environments: write",
        };
        kept.put_variables(&client, &variables)
            .await
            .map_err(failed)?;
        kept.put_secrets(&client, &secrets).await.map_err(failed)?;
        work.done().await?;
        context.log(format!("{} has the environment {name}", place.url));
        Ok(Map::new())
    }
}

/// The rules of the input, without the people.
fn rules(context: &ActionContext) -> Value {
    let mut body = json!({});
    if let Some(minutes) = context.input.get("waitTimer").and_then(Value::as_f64) {
        body["wait_timer"] = (minutes as i64).into();
    }
    if let Some(prevents) = context.input.get("preventSelfReview") {
        body["prevent_self_review"] = prevents.clone();
    }
    if let Some(policy) = context.input.get("deploymentBranchPolicy") {
        body["deployment_branch_policy"] = policy.clone();
    }
    body
}

/// GitHub wants the ids of users and teams.
async fn reviewers(client: &GitHubClient<'_>, refs: &[&str]) -> Result<Vec<Value>, ScmError> {
    let mut found = Vec::new();
    for reference in refs {
        let name = reference.rsplit(['/', ':']).next().unwrap_or_default();
        let name = encode_segment(name);
        let (kind, path) = if reference.to_lowercase().starts_with("group:") {
            ("Team", format!("orgs/{}/teams/{name}", client.owner()))
        } else {
            ("User", format!("users/{name}"))
        };
        let answer = client.call(GitHubCall::get(path), "Members: read").await?;
        let id = answer.json::<Value>("GitHub");
        let id = id.map_err(|error| ScmError::Unavailable(error.to_string()))?;
        found.push(json!({"type": kind, "id": id["id"]}));
    }
    Ok(found)
}
