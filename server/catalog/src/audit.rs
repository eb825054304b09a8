//! The audit log, and the request that its events name.

use std::net::IpAddr;

use portico_access::{Action, Principal, Resource};
use portico_store::{AuditEvent, AuditFilter, AuditMark, AuditRecord};

use crate::{Catalog, error::Result};

tokio::task_local! {
    static REQUEST: RequestContext;
}

/// The request that is being worked on.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// Its id, also in the log and in the answer.
    pub id: String,
    /// The address of who asks, past proxies that are trusted.
    pub source: Option<IpAddr>,
}

/// Runs `work` so that audit events written within name the request.
pub async fn with_request<F: Future>(request: RequestContext, work: F) -> F::Output {
    REQUEST.scope(request, work).await
}

/// The request that is being worked on, if it is one.
pub fn current_request() -> Option<RequestContext> {
    REQUEST.try_with(Clone::clone).ok()
}

/// The id of that request.
pub fn current_request_id() -> Option<String> {
    current_request().map(|request| request.id)
}

/// The address of who asks in that request.
pub fn current_address() -> Option<String> {
    current_request()?.source.map(|address| address.to_string())
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

    /// Audit events at positions below `before`, newest first.
    pub async fn audit_page(
        &self,
        who: &Principal,
        filter: &AuditFilter,
        before: Option<i64>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<AuditRecord>> {
        self.require(who, Action::AuditRead, &Resource::Any)?;
        let store = self.store();
        Ok(store.audit_page(filter, before, offset, limit).await?)
    }

    /// How many audit events match.
    pub async fn count_audit(&self, who: &Principal, filter: &AuditFilter) -> Result<u64> {
        self.require(who, Action::AuditRead, &Resource::Any)?;
        Ok(self.store().count_audit(filter).await?)
    }

    /// The end of the chain of audit events.
    pub async fn audit_head(&self, who: &Principal) -> Result<AuditMark> {
        self.require(who, Action::AuditRead, &Resource::Any)?;
        Ok(self.store().audit_head().await?)
    }

    /// Writes an event that has no other effect: a sign-in, a sign-out. It names the request
    /// that is being worked on.
    pub async fn record(&self, mut event: AuditEvent) -> Result<()> {
        if let Some(request) = current_request() {
            event.request_id.get_or_insert(request.id);
            event.source = event
                .source
                .or(request.source.map(|address| address.to_string()));
        }
        Ok(self.store().append_audit(&event).await?)
    }
}
