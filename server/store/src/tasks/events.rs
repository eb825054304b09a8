//! What tasks say.

use uuid::Uuid;

use crate::{
    Millis, Store, StoreError,
    engine::{Conn, execute, fetch_all, fetch_one},
};

/// Something to be told of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTaskEvent {
    /// When.
    pub at: Millis,
    /// `log`, `completion`, `cancelled` or `recovered`.
    pub kind: &'static str,
    /// What, as JSON.
    pub body: String,
}

/// Something that was told of a task.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TaskEventRow {
    /// Its place, from 1.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// `log`, `completion`, `cancelled` or `recovered`.
    pub kind: String,
    /// What, as JSON.
    pub body: String,
}

impl Store {
    /// The events of a task after a place, in order.
    pub async fn task_events(
        &self,
        id: Uuid,
        after: i64,
        limit: usize,
    ) -> Result<Vec<TaskEventRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select seq, at, kind, body from task_event
             where task_id = $1 and seq > $2 order by seq limit $3",
            id,
            after,
            limit as i64
        )?)
    }
}

/// Appends events to a task whose row the transaction may write.
pub(super) async fn append(
    mut db: Conn<'_>,
    id: Uuid,
    events: &[NewTaskEvent],
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let (last,): (i64,) = fetch_one!(
        db,
        "update task set last_event = last_event + $2 where id = $1 returning last_event",
        id,
        events.len() as i64
    )?;
    insert(db, id, last - events.len() as i64, events).await
}

/// Inserts events after the place `after`, which the caller has reserved.
pub(super) async fn insert(
    mut db: Conn<'_>,
    id: Uuid,
    after: i64,
    events: &[NewTaskEvent],
) -> Result<(), StoreError> {
    for (seq, event) in (after + 1..).zip(events) {
        execute!(
            db,
            "insert into task_event (task_id, seq, at, kind, body) values ($1, $2, $3, $4, $5)",
            id,
            seq,
            event.at,
            event.kind,
            crate::engine::storable(&event.body).as_ref()
        )?;
    }
    Ok(())
}
