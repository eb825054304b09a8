//! Letting go of the oldest events.

use serde_json::{Value, json};

use super::{AuditMark, Row, append, chain};
use crate::{
    AuditEvent, Millis, Store, StoreError,
    engine::{Conn, execute, fetch_all, fetch_one, sql},
};

/// The action of the event that is left about what was removed.
const PRUNE: &str = "audit.prune";

/// Events that one transaction removes at most: others wait for it.
const BATCH: i64 = 20_000;

impl Store {
    /// Removes the oldest events, up to the first that happened at or after `before`, and keeps
    /// the place of the last of them, so that the rest can still be verified. How many went;
    /// there may be more. `event` tells of it: as the action `audit.prune`, with how many were
    /// removed, and the place of the last of them, in its details.
    ///
    /// Fails when others removed events before: what retention removes on top of that would
    /// leave an event that answers for all.
    pub async fn prune_audit(&self, before: Millis, event: &AuditEvent) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let (end,): (i64,) = fetch_one!(tx, sql!["select position from audit_head" FOR_UPDATE])?;
        let anchor = chain::anchor(tx.conn()).await?;
        let (kept,): (Option<i64>,) =
            fetch_one!(tx, "select min(id) from audit where at >= $1", before)?;
        let until = kept.map_or(end, |kept| kept - 1);
        let until = until.min(anchor.position + BATCH);
        if until <= anchor.position {
            return Ok(0);
        }
        if anchor.position > 0 && !is_told(tx.conn(), &anchor).await? {
            return Err(StoreError::Inconsistent {
                table: "audit",
                what: format!(
                    "events up to {} are gone, and no event says that retention removed them",
                    anchor.position
                ),
            });
        }
        let AuditMark { position, hash } = chain::mark_at(tx.conn(), until).await?;
        execute!(
            tx,
            "update audit_anchor set position = $1, hash = $2",
            position,
            &hash
        )?;
        let removed = execute!(tx, "delete from audit where id <= $1", position)?;
        if removed == 0 {
            return Ok(0);
        }
        let mut event = event.clone();
        PRUNE.clone_into(&mut event.action);
        event.details = json!({
            "removed": removed, "until": { "position": position, "hash": hash },
        });
        append(tx.conn(), &event).await?;
        tx.commit().await?;
        Ok(removed)
    }
}

/// Whether an event is the one that retention left when it removed everything up to a place.
pub(super) fn tells_of(row: &Row, removed: &AuditMark) -> bool {
    row.action == PRUNE && is_until(&row.details, removed)
}

fn is_until(details: &str, removed: &AuditMark) -> bool {
    let details: Value = serde_json::from_str(details).unwrap_or_default();
    let until = &details["until"];
    until["position"] == removed.position && until["hash"] == *removed.hash
}

/// Whether retention left an event that it removed everything up to a place.
async fn is_told(mut db: Conn<'_>, removed: &AuditMark) -> Result<bool, StoreError> {
    let told: Vec<(String,)> =
        fetch_all!(db, "select details from audit where action = $1", PRUNE)?;
    Ok(told.iter().any(|(details,)| is_until(details, removed)))
}
