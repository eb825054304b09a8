//! The audit log, and the request id that its events carry.

use portico_access::{Action, Principal, Resource};
use portico_store::{AuditEvent, AuditFilter};

use crate::{Catalog, error::Result};

tokio::task_local! {
    static REQUEST_ID: String;
}

/// Runs `work` so that audit events written within carry `id`.
pub async fn with_request_id<F: Future>(id: String, work: F) -> F::Output {
    REQUEST_ID.scope(id, work).await
}

/// The id of the request that is being worked on, if it is one.
pub fn current_request_id() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

impl Catalog {
    /// The newest audit events first, and how many match in all.
    pub async fn audit_events(
        &self,
        who: &Principal,
        filter: &AuditFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<AuditEvent>, u64)> {
        self.require(who, Action::AuditRead, &Resource::Any)?;
        Ok(self.store().audit_events(filter, offset, limit).await?)
    }

    /// Writes an event that has no other effect: a sign-in, a sign-out.
    pub async fn record(&self, event: AuditEvent) -> Result<()> {
        Ok(self.store().append_audit(&event).await?)
    }
}
