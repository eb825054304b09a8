//! The append-only audit log. The database refuses updates of its rows, and deletes of all but
//! what retention has let go of; its events are chained, so that what happens behind the
//! database's back shows.

mod chain;
mod read;
mod retention;
mod walk;

pub use chain::{AuditBreak, AuditMark, AuditVerification};
pub use read::AuditRecord;

use crate::{
    AuditEvent, Millis, Store, StoreError,
    engine::{Conn, execute, fetch_one, sql, storable},
};

/// A row of the log. What is hashed is what is stored.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: Millis,
    principal: String,
    action: String,
    resource: String,
    decision: String,
    reason: String,
    policy: Option<String>,
    source: Option<String>,
    request_id: Option<String>,
    details: String,
    hash: Option<String>,
}

impl Store {
    /// Appends an event that belongs to no mutation (a refusal, a sign-in).
    pub async fn append_audit(&self, event: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        append(tx.conn(), event).await?;
        tx.commit().await
    }

    /// Appends the event of something that is done elsewhere, such as in a folder: `effect`,
    /// which has happened when this returns, or neither has. It must be short.
    pub async fn append_audit_with<T, E: From<StoreError>>(
        &self,
        event: &AuditEvent,
        effect: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let mut tx = self.begin().await?;
        append(tx.conn(), event).await?;
        let done = effect.await?;
        tx.commit().await?;
        Ok(done)
    }
}

/// Appends an event in the transaction of the mutation it tells of.
///
/// It takes the row of `audit_head` until the transaction ends. Call it last: a statement after
/// it that waits for another writer's row could wait for a writer that waits for this one.
pub(crate) async fn append(mut db: Conn<'_>, event: &AuditEvent) -> Result<(), StoreError> {
    let (position, previous): (i64, String) =
        fetch_one!(db, sql!["select position, hash from audit_head" FOR_UPDATE])?;
    if previous.is_empty() {
        return Err(chain::lost_head());
    }
    let mut row = Row::new(position + 1, event);
    let hash = chain::link(&previous, &row)?;
    execute!(
        db,
        "insert into audit (id, at, principal, action, resource, decision, reason, policy, source,
             request_id, details, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.id,
        row.at,
        &row.principal,
        &row.action,
        &row.resource,
        &row.decision,
        &row.reason,
        row.policy.as_deref(),
        row.source.as_deref(),
        row.request_id.as_deref(),
        &row.details,
        &hash
    )?;
    execute!(
        db,
        "update audit_head set position = $1, hash = $2",
        row.id,
        &hash
    )?;
    row.hash = Some(hash);
    tell(&row);
    Ok(())
}

/// The event for whoever collects the log. Its transaction can still fail: then the next event
/// has the same position, and the later one counts.
fn tell(row: &Row) {
    tracing::info!(
        target: "portico::audit",
        position = row.id,
        at = row.at,
        principal = row.principal,
        action = row.action,
        resource = row.resource,
        decision = row.decision,
        reason = row.reason,
        policy = row.policy,
        source = row.source,
        request_id = row.request_id,
        details = row.details,
        hash = row.hash,
        "audit"
    );
}

impl Row {
    fn new(id: i64, event: &AuditEvent) -> Self {
        let text = |text: &str| storable(text).into_owned();
        let optional = |value: &Option<String>| value.as_deref().map(text);
        Self {
            id,
            at: event.at,
            principal: text(&event.principal),
            action: text(&event.action),
            resource: text(&event.resource),
            decision: text(&event.decision),
            reason: text(&event.reason),
            policy: optional(&event.policy),
            source: optional(&event.source),
            request_id: optional(&event.request_id),
            details: event.details.to_string(),
            hash: None,
        }
    }
}

impl TryFrom<Row> for AuditEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let details =
            serde_json::from_str(&row.details).map_err(|error| StoreError::Inconsistent {
                table: "audit",
                what: format!("details of event {}: {error}", row.id),
            })?;
        Ok(Self {
            at: row.at,
            principal: row.principal,
            action: row.action,
            resource: row.resource,
            decision: row.decision,
            reason: row.reason,
            policy: row.policy,
            source: row.source,
            request_id: row.request_id,
            details,
        })
    }
}
