//! The audit log, for administrators.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// How many events a page has.
pub const AUDIT_PAGE: usize = 50;

/// Which events are asked for; empty texts ask for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Who.
    pub principal: String,
    /// What, or the beginning of it.
    pub action: String,
    /// On what.
    pub resource: String,
    /// `allow` or `deny`.
    pub decision: String,
    /// Which policy decided.
    pub policy: String,
    /// From which address.
    pub source: String,
    /// In which request.
    pub request: String,
    /// The first day, `2026-11-01`, UTC.
    pub from: String,
    /// The last day, UTC.
    pub to: String,
    /// Pages before this one.
    pub page: u32,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its place in the log, from 1.
    pub position: i64,
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// When, in RFC 3339.
    pub time: String,
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
    /// The policy that decided.
    pub policy: Option<String>,
    /// The address of who asked.
    pub source: Option<String>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// Anything more, as JSON; empty when there is nothing.
    pub details: String,
    /// Its hash.
    pub hash: Option<String>,
}

/// What is known of the chain of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChainState {
    /// It is being walked for the first time.
    Unknown,
    /// It was whole.
    Whole {
        /// Up to this event.
        position: i64,
        /// When it was walked, in milliseconds since the epoch.
        at: i64,
    },
    /// It was not.
    Broken {
        /// The first event that does not fit.
        position: i64,
        /// What is wrong with it.
        what: String,
    },
}

/// One page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// The events.
    pub rows: Vec<AuditRow>,
    /// How many there are in all.
    pub total: u64,
    /// What is known of the chain.
    pub chain: ChainState,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// One page of the audit log.
#[server(prefix = "/_ui", endpoint = "audit", input = Json, output = Json)]
pub async fn load_audit(query: AuditQuery) -> Result<AuditView, UiError> {
    let context = super::server_context()?;
    let (catalog, who) = (&context.catalog, &context.principal);
    let filter = server::filter(&query)?;
    let offset = query.page as usize * AUDIT_PAGE;
    let records = catalog
        .audit_page(who, &filter, None, offset, AUDIT_PAGE)
        .await?;
    Ok(AuditView {
        rows: records.into_iter().map(server::row).collect(),
        total: catalog.count_audit(who, &filter).await?,
        chain: server::chain(catalog.last_audit_check(who)?),
        now: super::now_millis(),
    })
}

#[cfg(feature = "ssr")]
mod server {
    use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
    use portico_catalog::{AuditCheck, AuditFilter, AuditLine, AuditRecord};

    use super::{AuditQuery, AuditRow, ChainState};
    use crate::data::UiError;

    pub(super) fn filter(query: &AuditQuery) -> Result<AuditFilter, UiError> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|it| !it.is_empty());
        Ok(AuditFilter {
            principal: text(&query.principal),
            action: text(&query.action),
            resource: text(&query.resource),
            decision: text(&query.decision),
            policy: text(&query.policy),
            source: text(&query.source),
            request_id: text(&query.request),
            from: day(&query.from, 0)?,
            to: day(&query.to, 1)?,
        })
    }

    /// The midnight some days after the beginning of a day, in milliseconds since the epoch.
    fn day(text: &str, later: i64) -> Result<Option<i64>, UiError> {
        if text.is_empty() {
            return Ok(None);
        }
        let midnight = text.parse::<Date>().ok().and_then(|date| {
            let date = date.checked_add(later.days()).ok()?;
            date.to_zoned(TimeZone::UTC).ok()
        });
        let wrong = || UiError::invalid(format!("{text} is no date; write it as 2026-11-01"));
        let midnight = midnight.ok_or_else(wrong)?;
        Ok(Some(midnight.timestamp().as_millisecond()))
    }

    pub(super) fn row(record: AuditRecord) -> AuditRow {
        let at = record.event.at;
        let line = AuditLine::from(record);
        let details = match &line.details {
            serde_json::Value::Null => String::new(),
            serde_json::Value::Object(fields) if fields.is_empty() => String::new(),
            details => serde_json::to_string_pretty(details).unwrap_or_default(),
        };
        AuditRow {
            position: line.position,
            at,
            time: line.time,
            principal: line.principal,
            action: line.action,
            resource: line.resource,
            decision: line.decision,
            reason: line.reason,
            policy: line.policy,
            source: line.source,
            request_id: line.request_id,
            details,
            hash: line.hash,
        }
    }

    pub(super) fn chain(check: Option<AuditCheck>) -> ChainState {
        let Some(AuditCheck { at, found }) = check else {
            return ChainState::Unknown;
        };
        match found.broken {
            Some(broken) => ChainState::Broken {
                position: broken.position,
                what: broken.what,
            },
            None => ChainState::Whole {
                position: found.head.position,
                at,
            },
        }
    }
}
