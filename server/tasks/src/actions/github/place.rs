//! Where an action works, and whether it may.

use portico_config::Secret;
use portico_integrations::Integrations;
use portico_scaffolder::{ActionContext, ActionError, Effect};
use portico_scm::{GitHubClient, Scm};
use portico_store::AuditEvent;
use serde_json::Value;

use crate::actions::{RepoUrl, Repositories, failed, repositories};

/// The GitHub repository of an input.
pub(super) struct Place<'a> {
    repositories: &'a Repositories,
    pub(super) repository: RepoUrl,
    pub(super) url: String,
    token: Option<Secret>,
}

/// What may be done now, and is to be written down.
pub(super) struct Work {
    scm: Scm,
    integrations: Integrations,
    url: String,
    token: Option<Secret>,
    pub(super) audit: AuditEvent,
}

impl<'a> Place<'a> {
    /// The repository that `input.repoUrl` names, which has to be on GitHub.
    pub(super) fn of(
        repositories: &'a Repositories,
        context: &ActionContext,
    ) -> Result<Self, ActionError> {
        let repository = repositories.of(context)?;
        if !matches!(repository, RepoUrl::GitHub { .. }) {
            return Err(ActionError::Input(format!(
                "input.repoUrl \"{}\" is not on GitHub; write github.com?owner=OWNER&repo=NAME, \
                 or use publish:git",
                context.required("repoUrl")?
            )));
        }
        Ok(Self {
            url: repository.scm_url(),
            token: repositories::token(context),
            repositories,
            repository,
        })
    }

    /// Asks whether the settings may be changed. In a dry run tells what would be done, and there
    /// is no work.
    pub(super) async fn begin(
        &self,
        context: &ActionContext,
        action: &str,
        summary: impl Into<String>,
        details: Value,
    ) -> Result<Option<Work>, ActionError> {
        let Repositories { scm, who, .. } = self.repositories;
        let audit = scm
            .may_configure(who, &self.url, serde_json::json!({"action": action}))
            .await
            .map_err(failed)?;
        if self.tell(context, action, summary, details) {
            return Ok(None);
        }
        Ok(Some(self.work(audit)))
    }

    /// In a dry run tells what would be done.
    pub(super) fn tell(
        &self,
        context: &ActionContext,
        action: &str,
        summary: impl Into<String>,
        mut details: Value,
    ) -> bool {
        let Some(recorder) = &context.dry_run else {
            return false;
        };
        details["repository"] = self.url.clone().into();
        recorder.record(Effect {
            step: context.step.clone(),
            action: action.to_owned(),
            summary: summary.into(),
            details,
        });
        true
    }

    /// What is done for an event.
    pub(super) fn work(&self, audit: AuditEvent) -> Work {
        Work {
            scm: self.repositories.scm.clone(),
            integrations: self.repositories.integrations.clone(),
            url: self.url.clone(),
            token: self.token.clone(),
            audit,
        }
    }
}

impl Work {
    /// What calls the host. It waits for one that limits the rate.
    pub(super) async fn client(&self) -> Result<GitHubClient<'_>, ActionError> {
        let client = GitHubClient::open(&self.integrations, &self.url, self.token.as_ref());
        Ok(client.await.map_err(failed)?.patient())
    }

    /// Writes down that it is done.
    pub(super) async fn done(&self) -> Result<(), ActionError> {
        self.scm.record(&self.audit).await.map_err(failed)
    }
}
