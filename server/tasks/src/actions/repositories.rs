//! What every action on repositories needs: source control, for somebody, and the hosts.

use portico_access::Principal;
use portico_config::Secret;
use portico_integrations::Integrations;
use portico_scaffolder::{ActionContext, ActionError};
use portico_scm::Scm;

use super::RepoUrl;

/// Source control in the name of whoever runs a task. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Repositories {
    pub(crate) scm: Scm,
    pub(crate) who: Principal,
    pub(crate) integrations: Integrations,
}

impl Repositories {
    /// Source control, signed in with `input.token` when there is one.
    pub(crate) fn scm_for(&self, context: &ActionContext) -> Scm {
        match token(context) {
            Some(token) => self.scm.with_token(&token),
            None => self.scm.clone(),
        }
    }

    /// The repository that `input.repoUrl` names.
    pub(crate) fn of(&self, context: &ActionContext) -> Result<RepoUrl, ActionError> {
        RepoUrl::parse(context.required("repoUrl")?, self.integrations.hosts())
    }
}

/// `input.token`.
pub(crate) fn token(context: &ActionContext) -> Option<Secret> {
    let token = context.text("token").filter(|it| !it.trim().is_empty());
    token.map(Secret::new)
}
