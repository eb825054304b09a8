//! Looking after the audit log: letting go of what is too old, and walking its chain.

use std::time::Duration;

use portico_access::{Action, Principal, Resource};
use portico_store::{AuditBreak, AuditEvent, AuditMark, AuditVerification, Millis};
use tokio_util::sync::CancellationToken;

use crate::{Catalog, error::Result, now};

/// How often. A walk reads the whole log.
const EVERY: Duration = Duration::from_hours(6);

/// What a walk along the chain of audit events found.
#[derive(Clone, Debug)]
pub struct AuditCheck {
    /// When it was walked.
    pub at: Millis,
    /// What was found.
    pub found: AuditVerification,
}

impl Catalog {
    /// Looks after the audit log until `stop`.
    pub async fn keep_audit(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.prune_audit().await {
                tracing::warn!(%error, "old audit events stay; trying again later");
            }
            let checked = tokio::select! {
                checked = self.check_audit() => checked,
                () = stop.cancelled() => return,
            };
            if let Err(error) = checked {
                tracing::warn!(%error, "the audit log is not verified; trying again later");
            }
        }
    }

    /// Removes the audit events that are older than `audit.retention`. How many.
    pub async fn prune_audit(&self) -> Result<u64> {
        let Some(retention) = self.config().audit.retention else {
            return Ok(0);
        };
        let before = now() - retention.as_millis() as i64;
        let event = AuditEvent {
            at: now(),
            principal: Principal::System.label(),
            action: "audit.prune".to_owned(),
            resource: Resource::Any.label(),
            decision: "allow".to_owned(),
            reason: "audit.retention".to_owned(),
            policy: None,
            source: None,
            request_id: None,
            details: serde_json::Value::Null,
        };
        let mut removed = 0;
        loop {
            match self.store().prune_audit(before, &event).await? {
                0 => return Ok(removed),
                more => removed += more,
            }
        }
    }

    /// Walks the chain of audit events, says in the log and in a metric when it is broken, and
    /// keeps what it found for [`Catalog::last_audit_check`]. The end of the last walk that found
    /// it whole must still be there; it is a line of the log, for who collects that.
    pub async fn check_audit(&self) -> Result<()> {
        let before = self.0.audit_noted.lock().clone();
        let found = self.store().verify_audit(before.as_ref()).await?;
        if let Some(AuditBreak { position, what }) = &found.broken {
            tracing::error!(position, what, "the chain of audit events is broken");
        } else {
            let AuditMark { position, hash } = &found.head;
            tracing::info!(position, hash, "the chain of audit events is whole");
        }
        let broken = if found.broken.is_some() { 1.0 } else { 0.0 };
        metrics::gauge!("portico_audit_chain_broken").set(broken);
        let at = now();
        *self.0.audit_noted.lock() = note(before, &found);
        *self.0.audit_check.lock() = Some(AuditCheck { at, found });
        Ok(())
    }

    /// What the last walk of this process found; `None` before the first has ended.
    pub fn last_audit_check(&self, who: &Principal) -> Result<Option<AuditCheck>> {
        self.require(who, Action::AuditRead, &Resource::Any)?;
        Ok(self.0.audit_check.lock().clone())
    }
}

/// What to hold the next walk against. The end of a log that is not whole is nobody's word.
fn note(before: Option<AuditMark>, found: &AuditVerification) -> Option<AuditMark> {
    match found.broken {
        Some(_) => before,
        None => Some(found.head.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_noted_while_the_log_is_whole() {
        let mark = |position| AuditMark {
            position,
            hash: format!("hash {position}"),
        };
        let found = |head, broken: Option<&str>| AuditVerification {
            events: 1,
            first: None,
            last: None,
            anchor: mark(0),
            head,
            broken: broken.map(|what| AuditBreak {
                position: 1,
                what: what.to_owned(),
            }),
        };
        let noted = note(None, &found(mark(9), None));
        assert_eq!(noted, Some(mark(9)));
        let cut = note(noted, &found(mark(5), Some("9 was noted, and is missing")));
        assert_eq!(cut, Some(mark(9)), "it stays missing at the walk after");
    }
}
