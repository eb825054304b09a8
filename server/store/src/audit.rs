//! The append-only audit log. The database refuses updates and deletes of its rows.

use crate::{
    AuditEvent, AuditFilter, Millis, Store, StoreError,
    engine::{Conn, execute, fetch_all, fetch_one},
};

#[derive(sqlx::FromRow)]
struct Row {
    at: Millis,
    principal: String,
    action: String,
    resource: String,
    decision: String,
    reason: String,
    request_id: Option<String>,
    details: String,
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

    /// Events, newest first, and how many match.
    pub async fn audit_events(
        &self,
        filter: &AuditFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<AuditEvent>, u64), StoreError> {
        let mut db = self.read().await?;
        let (total,): (i64,) = fetch_one!(
            db,
            "select count(*) from audit
             where ($1 is null or principal = $1) and ($2 is null or action = $2)
               and ($3 is null or resource = $3)",
            filter.principal.as_deref(),
            filter.action.as_deref(),
            filter.resource.as_deref()
        )?;
        let rows: Vec<Row> = fetch_all!(
            db,
            "select at, principal, action, resource, decision, reason, request_id, details
             from audit
             where ($1 is null or principal = $1) and ($2 is null or action = $2)
               and ($3 is null or resource = $3)
             order by id desc limit $4 offset $5",
            filter.principal.as_deref(),
            filter.action.as_deref(),
            filter.resource.as_deref(),
            limit as i64,
            offset as i64
        )?;
        let events = rows
            .into_iter()
            .map(AuditEvent::try_from)
            .collect::<Result<_, _>>()?;
        Ok((events, total.unsigned_abs()))
    }
}

/// Appends an event in the transaction of the mutation it tells of.
pub(crate) async fn append(mut db: Conn<'_>, event: &AuditEvent) -> Result<(), StoreError> {
    execute!(
        db,
        "insert into audit (at, principal, action, resource, decision, reason, request_id, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        event.at,
        &event.principal,
        &event.action,
        &event.resource,
        &event.decision,
        &event.reason,
        event.request_id.as_deref(),
        event.details.to_string()
    )?;
    Ok(())
}

impl TryFrom<Row> for AuditEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let details =
            serde_json::from_str(&row.details).map_err(|error| StoreError::Inconsistent {
                table: "audit",
                what: format!("details of the event at {}: {error}", row.at),
            })?;
        Ok(Self {
            at: row.at,
            principal: row.principal,
            action: row.action,
            resource: row.resource,
            decision: row.decision,
            reason: row.reason,
            request_id: row.request_id,
            details,
        })
    }
}
