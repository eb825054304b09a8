//! What hosts have besides files: for whoever talks to one directly.

use std::sync::Arc;

use portico_access::{Action, Principal};
use portico_config::Secret;
use portico_store::AuditEvent;
use serde_json::Value;

use super::{Scm, event};
use crate::Result;

impl Scm {
    /// The same, signed in to hosts that take one with this token. What is decided here about
    /// who may do what stays the same.
    #[must_use]
    pub fn with_token(&self, token: &Secret) -> Self {
        let hosts = self.hosts.iter();
        let hosts = hosts.map(|it| it.with_token(token).unwrap_or_else(|| Arc::clone(it)));
        Self {
            catalog: self.catalog.clone(),
            hosts: hosts.collect(),
        }
    }

    /// Asks whether `who` may change the settings of a repository, or add to it what is no file
    /// (an issue, a webhook, a secret), and gives the event to write once it is done.
    pub fn may_configure(
        &self,
        who: &Principal,
        repository: &str,
        details: Value,
    ) -> Result<AuditEvent> {
        let reason = self.require_on(who, Action::ScmConfigure, repository, &[])?;
        Ok(event(
            who,
            Action::ScmConfigure,
            repository,
            reason,
            details,
        ))
    }

    /// The same for making a repository in another way than [`Scm::create`] does.
    pub fn may_create(
        &self,
        who: &Principal,
        repository: &str,
        details: Value,
    ) -> Result<AuditEvent> {
        let reason = self.require_on(who, Action::ScmCreate, repository, &[])?;
        Ok(event(who, Action::ScmCreate, repository, reason, details))
    }

    /// Writes down what was done on a host.
    pub async fn record(&self, event: &AuditEvent) -> Result<()> {
        Ok(self.catalog.store().append_audit(event).await?)
    }
}
