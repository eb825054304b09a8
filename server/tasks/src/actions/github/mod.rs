//! Actions on GitHub: `publish:github` and the `github:*` family.
//!
//! Each action is a file. What they share: [`Place`] knows the repository and who may, [`setup`]
//! applies the many settings that making a repository takes, [`secrets`] seals.

mod actions_dispatch;
mod autolinks_create;
mod branch_protection_create;
mod deploy_key_create;
mod environment_create;
mod issues_create;
mod issues_label;
mod pages_enable;
mod place;
mod protection;
mod publish;
mod publish_pull_request;
mod repo_create;
mod repo_push;
mod secrets;
mod setup;
mod webhook;

use std::sync::Arc;

use portico_scaffolder::{Action, ActionContext};
use serde_json::{Value, json};

use super::{Repositories, text};
use place::Place;

/// All of them.
pub(crate) fn actions(repositories: &Repositories) -> Vec<Arc<dyn Action>> {
    let one = || repositories.clone();
    vec![
        Arc::new(publish::PublishGitHub(one())),
        Arc::new(publish_pull_request::PublishGitHubPullRequest(one())),
        Arc::new(repo_create::RepoCreate(one())),
        Arc::new(repo_push::RepoPush(one())),
        Arc::new(actions_dispatch::ActionsDispatch(one())),
        Arc::new(autolinks_create::AutolinksCreate(one())),
        Arc::new(branch_protection_create::BranchProtectionCreate(one())),
        Arc::new(deploy_key_create::DeployKeyCreate(one())),
        Arc::new(environment_create::EnvironmentCreate(one())),
        Arc::new(issues_create::IssuesCreate(one())),
        Arc::new(issues_label::IssuesLabel(one())),
        Arc::new(pages_enable::PagesEnable(one())),
        Arc::new(webhook::Webhook(one())),
    ]
}

/// The inputs that every action on GitHub has.
fn place_inputs() -> Value {
    json!({
        "repoUrl": text("The repository: github.com?owner=OWNER&repo=NAME."),
        "token": text("The token to sign in with, in place of what integrations.github has; such \
                       as ${{ secrets.USER_OAUTH_TOKEN }}."),
    })
}

/// A flag of the input, or what it is without one.
fn flag_or(context: &ActionContext, field: &str, default: bool) -> bool {
    let value = context.input.get(field).and_then(Value::as_bool);
    value.unwrap_or(default)
}

/// The fields of the input that are there, by the names that GitHub has for them.
fn given(context: &ActionContext, names: &[(&str, &str)]) -> Value {
    let mut body = json!({});
    for (ours, theirs) in names {
        if let Some(value) = context.input.get(*ours).filter(|it| !it.is_null()) {
            body[*theirs] = value.clone();
        }
    }
    body
}
