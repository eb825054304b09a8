//! The settings of a repository that has just been made, stage by stage. Every stage may be done
//! again, so that a retry goes through all of them.

use portico_integrations::{Method, encode_segment, github::GitHubCall};
use portico_scaffolder::{ActionContext, ActionError};
use portico_scm::{GitHubClient, ScmError};
use serde_json::{Map, Value, json};

use super::{flag_or, given, protection, secrets::OF_REPOSITORY};
use crate::actions::{choice, flag, object, text, texts};

const ADMINISTER: &str = "Administration: write";

/// A group of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Settings,
    Access,
    Collaborators,
    Topics,
    Variables,
    Secrets,
    Oidc,
    Properties,
    Subscription,
    WorkflowAccess,
    Protection,
}

/// In the order they are applied: with protection the branch is closed.
const STAGES: [Stage; 11] = [
    Stage::Settings,
    Stage::Access,
    Stage::Collaborators,
    Stage::Topics,
    Stage::Variables,
    Stage::Secrets,
    Stage::Oidc,
    Stage::Properties,
    Stage::Subscription,
    Stage::WorkflowAccess,
    Stage::Protection,
];

/// Settings by the names of the input and those of GitHub.
const SETTINGS: [(&str, &str); 12] = [
    ("homepage", "homepage"),
    ("deleteBranchOnMerge", "delete_branch_on_merge"),
    ("allowMergeCommit", "allow_merge_commit"),
    ("allowSquashMerge", "allow_squash_merge"),
    ("squashMergeCommitTitle", "squash_merge_commit_title"),
    ("squashMergeCommitMessage", "squash_merge_commit_message"),
    ("allowRebaseMerge", "allow_rebase_merge"),
    ("allowAutoMerge", "allow_auto_merge"),
    ("allowUpdateBranch", "allow_update_branch"),
    ("hasProjects", "has_projects"),
    ("hasWiki", "has_wiki"),
    ("hasIssues", "has_issues"),
];

/// The inputs, without those of protection.
pub(super) fn inputs() -> Value {
    let anything = |what: &str| json!({"type": "object", "description": what});
    let collaborator = object(
        &["access"],
        json!({
            "access": text("read, triage, write, maintain or admin (pull and push are understood)."),
            "user": text("A user."),
            "team": text("A team of the owner."),
        }),
    );
    json!({
        "description": text("What it is for, in a line."),
        "homepage": text("A page about it."),
        "access": text("Who administers it: a user, or a team as OWNER/TEAM."),
        "repoVisibility": choice(&["private", "public", "internal"], "Who sees it. Default: private."),
        "deleteBranchOnMerge": flag("Whether merged branches go. Default: false."),
        "allowMergeCommit": flag("Whether pull requests may be merged so. Default: true."),
        "allowSquashMerge": flag("Whether pull requests may be squashed. Default: true."),
        "squashMergeCommitTitle": choice(&["PR_TITLE", "COMMIT_OR_PR_TITLE"], "The title then."),
        "squashMergeCommitMessage": choice(&["PR_BODY", "COMMIT_MESSAGES", "BLANK"], "The text then."),
        "allowRebaseMerge": flag("Whether pull requests may be rebased. Default: true."),
        "allowAutoMerge": flag("Whether pull requests may merge by themselves. Default: false."),
        "allowUpdateBranch": flag("Whether branches can be brought up to date. Default: false."),
        "collaborators": {"type": "array", "items": collaborator, "description": "Who else may what."},
        "hasProjects": flag("Whether it has projects."),
        "hasWiki": flag("Whether it has a wiki. Default: true."),
        "hasIssues": flag("Whether it has issues. Default: true."),
        "topics": texts("Words to find it by."),
        "repoVariables": anything("Variables of its workflows, by name."),
        "secrets": anything("Secrets of its workflows, by name."),
        "oidcCustomization": object(&[], json!({
            "useDefault": flag("Whether the subject is the usual one."),
            "includeClaimKeys": texts("The claims that make the subject."),
        })),
        "customProperties": anything("Custom properties of the organisation, by name."),
        "subscribe": flag("Whether the account is told of everything. Default: false."),
    })
}

/// Applies what the input says. When a stage fails, the error says what was made, what is done,
/// and what is not.
pub(super) async fn apply(
    client: &GitHubClient<'_>,
    context: &ActionContext,
    url: &str,
    branch: Option<&str>,
) -> Result<(), ActionError> {
    let wanted: Vec<Stage> = STAGES
        .into_iter()
        .filter(|stage| stage.is_wanted(context, branch))
        .collect();
    for (at, stage) in wanted.iter().enumerate() {
        if context.cancelled.is_cancelled() {
            return Err(ActionError::Cancelled);
        }
        if let Err(error) = stage.apply(client, context, branch).await {
            let names = |stages: &[Stage]| {
                let names: Vec<&str> = stages.iter().map(|it| it.name()).collect();
                names.join(", ")
            };
            let done = match names(&wanted[..at]).as_str() {
                "" => String::new(),
                done => format!(" and has its {done}"),
            };
            return Err(ActionError::Failed(format!(
                "{url} was made{done}, but not its {}: {error}. Retry the task once that is \
                 solved: it goes on with the same repository",
                names(&wanted[at..])
            )));
        }
    }
    Ok(())
}

/// What would be applied, with secrets left out.
pub(super) fn described(context: &ActionContext, branch: Option<&str>) -> Value {
    let mut shown = given(context, &SETTINGS);
    for field in [
        "access",
        "collaborators",
        "topics",
        "repoVariables",
        "oidcCustomization",
    ] {
        if let Some(value) = context.input.get(field) {
            shown[field] = value.clone();
        }
    }
    let names = map(context, "secrets").into_iter().map(|(name, _)| name);
    shown["secrets"] = names.collect();
    if branch.is_some() {
        shown["protection"] = protection::rules(context);
    }
    shown
}

fn map(context: &ActionContext, field: &str) -> Map<String, Value> {
    let found = context.input.get(field).and_then(Value::as_object);
    found.cloned().unwrap_or_default()
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Access => "administrator",
            Self::Collaborators => "collaborators",
            Self::Topics => "topics",
            Self::Variables => "variables",
            Self::Secrets => "secrets",
            Self::Oidc => "subject of OpenID Connect",
            Self::Properties => "custom properties",
            Self::Subscription => "subscription",
            Self::WorkflowAccess => "access of workflows",
            Self::Protection => "branch protection",
        }
    }

    fn is_wanted(self, context: &ActionContext, branch: Option<&str>) -> bool {
        let has = |field: &str| context.input.get(field).is_some_and(|it| !it.is_null());
        match self {
            Self::Settings => SETTINGS.iter().any(|(ours, _)| has(ours)),
            Self::Access => has("access"),
            Self::Collaborators => has("collaborators"),
            Self::Topics => has("topics"),
            Self::Variables => has("repoVariables"),
            Self::Secrets => has("secrets"),
            Self::Oidc => has("oidcCustomization"),
            Self::Properties => has("customProperties"),
            Self::Subscription => context.flag("subscribe"),
            Self::WorkflowAccess => has("workflowAccess"),
            Self::Protection => branch.is_some(),
        }
    }

    async fn apply(
        self,
        client: &GitHubClient<'_>,
        context: &ActionContext,
        branch: Option<&str>,
    ) -> Result<(), ScmError> {
        match self {
            Self::Settings => {
                let mut body = given(context, &SETTINGS);
                if !flag_or(context, "allowSquashMerge", true) {
                    // GitHub refuses how to squash where nobody may.
                    for field in ["squash_merge_commit_title", "squash_merge_commit_message"] {
                        body.as_object_mut().map(|body| body.shift_remove(field));
                    }
                }
                client.patch("", &body, ADMINISTER).await?;
            }
            Self::Access => {
                let name = context.text("access").unwrap_or_default();
                match name.split_once('/') {
                    Some((_, team)) => team_may(client, team, "admin").await?,
                    None if name.eq_ignore_ascii_case(client.owner()) => {}
                    None => user_may(client, name, "admin").await?,
                }
            }
            Self::Collaborators => collaborators(client, context).await?,
            Self::Topics => {
                let names = context.texts("topics").into_iter();
                let names: Vec<String> = names.map(str::to_lowercase).collect();
                client
                    .put("/topics", &json!({"names": names}), ADMINISTER)
                    .await?;
            }
            Self::Variables => {
                let variables = map(context, "repoVariables");
                OF_REPOSITORY.put_variables(client, &variables).await?;
            }
            Self::Secrets => {
                OF_REPOSITORY
                    .put_secrets(client, &map(context, "secrets"))
                    .await?;
            }
            Self::Oidc => {
                let wanted = context.input["oidcCustomization"].clone();
                let mut body = json!({"use_default": wanted["useDefault"] == true});
                if let Some(keys) = wanted.get("includeClaimKeys") {
                    body["include_claim_keys"] = keys.clone();
                }
                let place = "/actions/oidc/customization/sub";
                client.put(place, &body, "Actions: write").await?;
            }
            Self::Properties => {
                let properties = map(context, "customProperties");
                let properties: Vec<Value> = properties
                    .iter()
                    .map(|(name, value)| json!({"property_name": name, "value": value}))
                    .collect();
                let body = json!({"properties": properties});
                client
                    .patch("/properties/values", &body, "Custom properties: write")
                    .await?;
            }
            Self::Subscription => {
                let body = json!({"subscribed": true, "ignored": false});
                client.put("/subscription", &body, "Metadata: read").await?;
            }
            Self::WorkflowAccess => {
                let body = json!({"access_level": context.text("workflowAccess")});
                client
                    .put("/actions/permissions/access", &body, ADMINISTER)
                    .await?;
            }
            Self::Protection => {
                protection::protect(client, context, branch.unwrap_or_default()).await?;
            }
        }
        Ok(())
    }
}

async fn collaborators(client: &GitHubClient<'_>, context: &ActionContext) -> Result<(), ScmError> {
    let all = context.input.get("collaborators").and_then(Value::as_array);
    for one in all.into_iter().flatten() {
        // GitHub has other words for the same in this place.
        let access = match one["access"].as_str().unwrap_or_default() {
            "read" => "pull",
            "write" => "push",
            other => other,
        };
        let user = one["user"].as_str().or(one["username"].as_str());
        match (user, one["team"].as_str()) {
            (Some(user), _) => user_may(client, user, access).await?,
            (_, Some(team)) => {
                let team = team.rsplit_once('/').map_or(team, |(_, team)| team);
                team_may(client, team, access).await?;
            }
            _ => {
                return Err(ScmError::Invalid(
                    "each of input.collaborators has a user or a team".to_owned(),
                ));
            }
        }
    }
    Ok(())
}

async fn user_may(client: &GitHubClient<'_>, user: &str, access: &str) -> Result<(), ScmError> {
    let place = format!("/collaborators/{}", encode_segment(user));
    let body = json!({"permission": access});
    client.put(&place, &body, ADMINISTER).await.map(|_| ())
}

async fn team_may(client: &GitHubClient<'_>, team: &str, access: &str) -> Result<(), ScmError> {
    let (owner, name) = (client.owner(), client.name());
    let team = encode_segment(team);
    let path = format!("orgs/{owner}/teams/{team}/repos/{owner}/{name}");
    let call = GitHubCall::new(Method::PUT, path).json(&json!({"permission": access}));
    let needs = "Members: read and Administration: write";
    client.call(call, needs).await.map(|_| ())
}
