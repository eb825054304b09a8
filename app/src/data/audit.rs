//! The audit log, for administrators.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// How many events a page has.
pub const AUDIT_PAGE: usize = 50;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// Who.
    pub principal: String,
    /// What.
    pub action: String,
    /// On what.
    pub resource: String,
    /// `allow` or `deny`.
    pub decision: String,
    /// The rule that decided.
    pub reason: String,
    /// The request it came with.
    pub request_id: Option<String>,
}

/// One page of the log, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// The events.
    pub rows: Vec<AuditRow>,
    /// How many there are in all.
    pub total: u64,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// One page of the audit log.
#[server(prefix = "/_ui", endpoint = "audit", input = Json, output = Json)]
pub async fn load_audit(page: u32) -> Result<AuditView, UiError> {
    let context = super::server_context()?;
    let offset = page as usize * AUDIT_PAGE;
    let filter = portico_catalog::AuditFilter::default();
    let (events, total) = context
        .catalog
        .audit_events(&context.principal, &filter, offset, AUDIT_PAGE)
        .await?;
    let rows = events
        .into_iter()
        .map(|event| AuditRow {
            at: event.at,
            principal: event.principal,
            action: event.action,
            resource: event.resource,
            decision: event.decision,
            reason: event.reason,
            request_id: event.request_id,
        })
        .collect();
    Ok(AuditView {
        rows,
        total,
        now: super::now_millis(),
    })
}
