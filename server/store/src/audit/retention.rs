//! Letting go of the oldest events.

use super::{AuditMark, append, chain};
use crate::{
    AuditEvent, Millis, Store, StoreError,
    engine::{execute, fetch_one, sql},
};

/// Events that one transaction removes at most: others wait for it.
const BATCH: i64 = 20_000;

impl Store {
    /// Removes the oldest events, up to the first that happened at or after `before`, and keeps
    /// the place of the last of them, so that the rest can still be verified. How many went;
    /// there may be more. `event` tells of it, with what was removed in its details.
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
        event.details = serde_json::json!({
            "removed": removed, "until": { "position": position, "hash": hash },
        });
        append(tx.conn(), &event).await?;
        tx.commit().await?;
        Ok(removed)
    }
}
