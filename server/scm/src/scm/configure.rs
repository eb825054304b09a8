//! What hosts have besides files: for whoever talks to one directly.

use std::sync::Arc;

use portico_access::{Action, Principal};
use portico_config::Secret;
use portico_store::AuditEvent;
use serde_json::Value;

use super::{Scm, event};
use crate::{Result, ScmError, owners};

impl Scm {
    /// The same, signed in to hosts that take one with this token. What is decided here about
    /// who may do what stays the same.
    #[must_use]
    pub fn with_token(&self, token: &Secret) -> Self {
        let hosts = self.hosts.iter();
        let hosts = hosts.map(|it| it.with_token(token).unwrap_or_else(|| Arc::clone(it)));
        Self {
            catalog: self.catalog.clone(),
            recent: Arc::default(),
            hosts: hosts.collect(),
        }
    }

    /// Asks whether `who` may change the settings of a repository, or add to it what is no file
    /// (an issue, a webhook, a secret), and gives the event to write once it is done. Its owners
    /// are known to the decision when the catalog has it.
    pub async fn may_configure(
        &self,
        who: &Principal,
        repository: &str,
        details: Value,
    ) -> Result<AuditEvent> {
        let owners = self.owners_for(who, repository).await?;
        let grounds = self.require_on(who, Action::ScmConfigure, repository, &owners)?;
        Ok(event(
            who,
            Action::ScmConfigure,
            repository,
            grounds,
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
        let grounds = self.require_on(who, Action::ScmCreate, repository, &[])?;
        Ok(event(who, Action::ScmCreate, repository, grounds, details))
    }

    /// The owners of an address that entities of the catalog name; its host is asked only then.
    /// Nobody owns what is not there (yet), or is no repository.
    pub(super) async fn owners_in_catalog(&self, url: &str) -> Result<Vec<String>> {
        if !owners::is_named(&self.catalog, &Principal::System, url).await? {
            return Ok(Vec::new());
        }
        let found = match self.host(url) {
            Ok(host) => host.repository(url).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(repository) => owners::owners(&self.catalog, &repository).await,
            Err(ScmError::NotFound(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Writes down what was done on a host.
    pub async fn record(&self, event: &AuditEvent) -> Result<()> {
        Ok(self.catalog.store().append_audit(event).await?)
    }
}
