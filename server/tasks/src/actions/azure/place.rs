//! Where an action works.

use portico_config::Secret;
use portico_scaffolder::{ActionContext, ActionError, Effect};
use portico_scm::{AzureClient, Scm};
use portico_store::AuditEvent;
use serde_json::Value;

use super::super::{RepoUrl, Repositories, failed};

const HOST: &str = "dev.azure.com";

/// A repository or a project, with what calls its host.
pub(super) struct Place<'a> {
    repositories: &'a Repositories,
    pub(super) client: AzureClient<'a>,
    /// What source control, the audit log and people call it.
    pub(super) url: String,
}

/// The token of the input, if there is one.
pub(super) fn token(context: &ActionContext) -> Option<Secret> {
    let token = context.text("token").filter(|it| !it.is_empty());
    token.map(Secret::from)
}

/// Source control, signed in with the token of the input where there is one.
pub(super) fn scm(repositories: &Repositories, context: &ActionContext) -> Scm {
    match token(context) {
        Some(token) => repositories.scm.with_token(&token),
        None => repositories.scm.clone(),
    }
}

impl<'a> Place<'a> {
    /// The repository that `field` of the input names.
    pub(super) fn repository(
        repositories: &'a Repositories,
        context: &ActionContext,
        field: &str,
    ) -> Result<Self, ActionError> {
        let address = context.required(field)?;
        let parsed = RepoUrl::parse(address, repositories.integrations.hosts())?;
        Self::of_url(repositories, context, &parsed, field)
    }

    /// The repository of an address that is read already.
    pub(super) fn of_url(
        repositories: &'a Repositories,
        context: &ActionContext,
        parsed: &RepoUrl,
        field: &str,
    ) -> Result<Self, ActionError> {
        let url = parsed.scm_url();
        if !matches!(parsed, RepoUrl::Azure { .. }) {
            return Err(ActionError::Input(format!(
                "input.{field}: {url} is not on Azure DevOps; write \
                 {HOST}?organization=ORGANIZATION&project=PROJECT&repo=NAME"
            )));
        }
        let token = token(context);
        let client = AzureClient::open(&repositories.integrations, &url, token.as_ref());
        Ok(Self {
            repositories,
            client: client.map_err(failed)?.patient(),
            url,
        })
    }

    /// The project that the input names.
    pub(super) fn project(
        repositories: &'a Repositories,
        context: &ActionContext,
    ) -> Result<Self, ActionError> {
        let client = AzureClient::of_project(
            &repositories.integrations,
            context.text("host").unwrap_or(HOST),
            context.required("organization")?,
            context.required("project")?,
            token(context).as_ref(),
        );
        let client = client.map_err(failed)?.patient();
        Ok(Self {
            repositories,
            url: client.url(),
            client,
        })
    }

    /// The repository of a project that the input names in parts; `name` is the field.
    pub(super) fn named(
        repositories: &'a Repositories,
        context: &ActionContext,
        name: &str,
    ) -> Result<Self, ActionError> {
        let host = context.text("host").or(context.text("server"));
        let parsed = RepoUrl::Azure {
            host: host.unwrap_or(HOST).to_owned(),
            organization: context.required("organization")?.to_owned(),
            project: context.required("project")?.to_owned(),
            repository: context.required(name)?.to_owned(),
        };
        Self::of_url(repositories, context, &parsed, name)
    }

    /// Asks whether whoever runs the task may do this, and gives what is to be written then.
    pub(super) async fn allowed(&self, details: Value) -> Result<AuditEvent, ActionError> {
        let (scm, who) = (&self.repositories.scm, &self.repositories.who);
        let allowed = scm.may_configure(who, &self.url, details).await;
        allowed.map_err(failed)
    }

    /// Writes down what was done.
    pub(super) async fn done(&self, event: &AuditEvent) -> Result<(), ActionError> {
        self.repositories.scm.record(event).await.map_err(failed)
    }
}

/// Whether it is a dry run; then tells what would be done.
pub(super) fn is_dry_run(
    context: &ActionContext,
    action: &str,
    summary: impl FnOnce() -> String,
    details: impl FnOnce() -> Value,
) -> bool {
    let Some(recorder) = &context.dry_run else {
        return false;
    };
    recorder.record(Effect {
        step: context.step.clone(),
        action: action.to_owned(),
        summary: summary(),
        details: details(),
    });
    true
}
