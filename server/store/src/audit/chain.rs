//! The chain: each event's hash covers the hash before it, so nothing can be changed, removed or
//! put in between without breaking every hash after it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Row, walk::Walk};
use crate::{
    Millis, Store, StoreError,
    engine::{Conn, execute, fetch_all, fetch_one, sql},
};

/// Events that are held in memory at a time.
const PAGE: i64 = 1_000;

/// A place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditMark {
    /// The position of an event; 0 before the first.
    pub position: i64,
    /// Its hash, hex.
    pub hash: String,
}

/// What walking the chain found.
#[derive(Clone, Debug)]
pub struct AuditVerification {
    /// Events that were walked.
    pub events: u64,
    /// When the first of them happened.
    pub first: Option<Millis>,
    /// When the last of them happened.
    pub last: Option<Millis>,
    /// The event that the chain begins after: it and those before are not there any more. An
    /// event of retention says so, or the chain is broken.
    pub anchor: AuditMark,
    /// The end of the chain.
    pub head: AuditMark,
    /// Where it is broken first.
    pub broken: Option<AuditBreak>,
}

/// Where the chain is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditBreak {
    /// The position of the event in question.
    pub position: i64,
    /// What is wrong with it.
    pub what: String,
}

/// The hash of an event after the event with the hash `previous`.
///
/// The sha-256 of `previous` and a JSON array of the event's columns, in the order below.
pub(super) fn link(previous: &str, row: &Row) -> Result<String, StoreError> {
    let event = (
        row.id,
        row.at,
        &row.principal,
        &row.action,
        &row.resource,
        &row.decision,
        &row.reason,
        &row.policy,
        &row.source,
        &row.request_id,
        &row.details,
    );
    let event = serde_json::to_vec(&event).map_err(StoreError::Encode)?;
    let digest = Sha256::new()
        .chain_update(previous)
        .chain_update(event)
        .finalize();
    Ok(digest
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        }))
}

impl Store {
    /// The end of the chain.
    pub async fn audit_head(&self) -> Result<AuditMark, StoreError> {
        let mut db = self.read().await?;
        head(db.conn()).await
    }

    /// Walks the chain from the oldest event there is to the newest. Where it does not begin with
    /// event 1, retention must have left an event about that. With `noted`, a mark that somebody
    /// kept elsewhere, the event there must have that hash; unless retention removed it since.
    pub async fn verify_audit(
        &self,
        noted: Option<&AuditMark>,
    ) -> Result<AuditVerification, StoreError> {
        loop {
            let found = self.walk(noted).await?;
            let mut db = self.read().await?;
            // Retention may have removed events that the walk had yet to read.
            if found.broken.is_none() || anchor(db.conn()).await? == found.anchor {
                return Ok(found);
            }
        }
    }

    async fn walk(&self, noted: Option<&AuditMark>) -> Result<AuditVerification, StoreError> {
        let mut db = self.read().await?;
        let anchor = anchor(db.conn()).await?;
        let head = head(db.conn()).await?;
        drop(db);
        let mut walk = Walk::new(anchor.clone());
        let mut found = AuditVerification {
            events: 0,
            first: None,
            last: None,
            anchor,
            head,
            broken: None,
        };
        loop {
            let mut db = self.read().await?;
            let rows = page(db.conn(), walk.mark.position, found.head.position).await?;
            drop(db);
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                found.broken = walk.step(row, noted)?;
                if found.broken.is_some() {
                    return Ok(found);
                }
                found.events += 1;
                found.first.get_or_insert(row.at);
                found.last = Some(row.at);
            }
        }
        found.broken = walk.end(&found.head, noted);
        Ok(found)
    }

    /// Gives the chain its first hash, which covers the events from before there was a chain.
    ///
    /// A chain is begun once: were its end lost, a new one would cover up what became of the rest.
    pub(crate) async fn begin_audit_chain(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (hash,): (String,) = fetch_one!(tx, sql!["select hash from audit_head" FOR_UPDATE])?;
        if !hash.is_empty() {
            return Ok(());
        }
        let (chained,): (i64,) =
            fetch_one!(tx, "select count(*) from audit where hash is not null")?;
        if chained > 0 || anchor(tx.conn()).await?.position > 0 {
            return Err(lost_head());
        }
        let mark = mark_at(tx.conn(), i64::MAX).await?;
        execute!(
            tx,
            "update audit_head set position = $1, hash = $2",
            mark.position,
            &mark.hash
        )?;
        tx.commit().await
    }
}

/// The end of a chain that has begun is not known.
pub(super) fn lost_head() -> StoreError {
    StoreError::Inconsistent {
        table: "audit_head",
        what: "the end of the audit log is not there although the log has been begun: somebody \
               removed it; compare the log with what your log collector has, and restore a backup"
            .to_owned(),
    }
}

/// The place of the last event up to a position, computed from the anchor on.
pub(super) async fn mark_at(mut db: Conn<'_>, until: i64) -> Result<AuditMark, StoreError> {
    let mut mark = anchor(db.conn()).await?;
    loop {
        let rows = page(db.conn(), mark.position, until).await?;
        if rows.is_empty() {
            return Ok(mark);
        }
        for row in rows {
            mark = AuditMark {
                position: row.id,
                hash: link(&mark.hash, &row)?,
            };
        }
    }
}

pub(super) async fn anchor(mut db: Conn<'_>) -> Result<AuditMark, StoreError> {
    let (position, hash) = fetch_one!(db, "select position, hash from audit_anchor")?;
    Ok(AuditMark { position, hash })
}

async fn head(mut db: Conn<'_>) -> Result<AuditMark, StoreError> {
    let (position, hash) = fetch_one!(db, "select position, hash from audit_head")?;
    Ok(AuditMark { position, hash })
}

async fn page(mut db: Conn<'_>, after: i64, until: i64) -> Result<Vec<Row>, StoreError> {
    Ok(fetch_all!(
        db,
        "select id, at, principal, action, resource, decision, reason, policy, source, request_id,
             details, hash
         from audit where id > $1 and id <= $2 order by id limit $3",
        after,
        until,
        PAGE
    )?)
}
