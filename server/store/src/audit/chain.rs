//! The chain: each event's hash covers the hash before it, so nothing can be changed, removed or
//! put in between without breaking every hash after it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::Row;
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
    /// The event that the chain begins after: retention has removed it and those before.
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

    /// Walks the chain from the oldest event there is to the newest. With `noted`, a mark that
    /// somebody kept elsewhere, the event there must have that hash.
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
    pub(crate) async fn begin_audit_chain(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (hash,): (String,) = fetch_one!(tx, sql!["select hash from audit_head" FOR_UPDATE])?;
        if !hash.is_empty() {
            return Ok(());
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

/// How far a walk has come.
struct Walk {
    mark: AuditMark,
    /// Whether events have hashes of their own from here on.
    chained: bool,
}

impl Walk {
    fn new(anchor: AuditMark) -> Self {
        Self {
            mark: anchor,
            chained: false,
        }
    }

    /// Takes one event; what is wrong with it, if anything is.
    fn step(
        &mut self,
        row: &Row,
        noted: Option<&AuditMark>,
    ) -> Result<Option<AuditBreak>, StoreError> {
        let computed = link(&self.mark.hash, row)?;
        let expected = self.mark.position + 1;
        let what = match &row.hash {
            Some(_) if row.id != expected => Some(format!("event {expected} is missing before it")),
            Some(hash) if *hash != computed => Some(
                "its hash does not fit: it or an event before it that has no hash was changed"
                    .to_owned(),
            ),
            None if self.chained => Some("it has no hash".to_owned()),
            _ => None,
        };
        let forged = noted.is_some_and(|mark| mark.position == row.id && mark.hash != computed);
        self.chained |= row.hash.is_some();
        self.mark = AuditMark {
            position: row.id,
            hash: computed,
        };
        let what = what.or_else(|| forged.then(|| NOTED.to_owned()));
        Ok(what.map(|what| AuditBreak {
            position: row.id,
            what,
        }))
    }

    /// What is wrong with the end, if anything is.
    fn end(&self, head: &AuditMark, noted: Option<&AuditMark>) -> Option<AuditBreak> {
        if self.mark.position < head.position {
            return Some(AuditBreak {
                position: self.mark.position + 1,
                what: format!("it and those up to event {} are missing", head.position),
            });
        }
        if self.mark.hash != head.hash {
            return Some(AuditBreak {
                position: self.mark.position,
                what: "its hash is not the one that the end of the log was noted with".to_owned(),
            });
        }
        let noted = noted.filter(|mark| mark.position > head.position)?;
        Some(AuditBreak {
            position: noted.position,
            what: "it was noted, and is missing".to_owned(),
        })
    }
}

const NOTED: &str = "its hash is not the one that was noted: the log was written anew";
