//! What who works on a task writes down.

use uuid::Uuid;

use super::events::{self, NewTaskEvent};
use crate::{
    Millis, Store, StoreError,
    engine::{execute, fetch_optional},
};

/// How a task ends.
#[derive(Clone, Debug)]
pub struct TaskEnd {
    /// `completed`, `failed` or `cancelled`.
    pub status: &'static str,
    /// The last checkpoint, as JSON.
    pub state: String,
    /// The last events.
    pub events: Vec<NewTaskEvent>,
    /// Whether the files of the last checkpoint stay, for a retry.
    pub keep_workspace: bool,
}

impl Store {
    /// Writes a checkpoint (when there is one), the files that belong to it (when they changed)
    /// and what was told since, together. Fails with [`StoreError::LostTask`] when the lease was
    /// lost.
    pub async fn save_task(
        &self,
        id: Uuid,
        token: i64,
        now: Millis,
        state: Option<&str>,
        workspace: Option<&[u8]>,
        events: &[NewTaskEvent],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let last: Option<(i64,)> = fetch_optional!(
            tx,
            "update task set state = coalesce($4, state), heartbeat_at = $3,
                 last_event = last_event + $5
             where id = $1 and lease_token = $2 and status = 'processing'
             returning last_event",
            id,
            token,
            now,
            state.map(crate::engine::storable).as_deref(),
            events.len() as i64
        )?;
        let (last,) = last.ok_or(StoreError::LostTask { id })?;
        events::insert(tx.conn(), id, last - events.len() as i64, events).await?;
        if let Some(content) = workspace {
            execute!(
                tx,
                "insert into task_workspace (task_id, content) values ($1, $2)
                 on conflict (task_id) do update set content = excluded.content",
                id,
                content
            )?;
        }
        tx.commit().await
    }

    /// Ends a task: its secrets are gone with it. Fails with [`StoreError::LostTask`] when the
    /// lease was lost.
    pub async fn end_task(
        &self,
        id: Uuid,
        token: i64,
        now: Millis,
        end: &TaskEnd,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let last: Option<(i64,)> = fetch_optional!(
            tx,
            "update task set status = $4, state = $5, ended_at = $3, heartbeat_at = $3,
                 secrets = null, lease_owner = null, lease_until = null,
                 cancel_requested = $6, last_event = last_event + $7
             where id = $1 and lease_token = $2 and status = 'processing'
             returning last_event",
            id,
            token,
            now,
            end.status,
            crate::engine::storable(&end.state).as_ref(),
            false,
            end.events.len() as i64
        )?;
        let (last,) = last.ok_or(StoreError::LostTask { id })?;
        events::insert(tx.conn(), id, last - end.events.len() as i64, &end.events).await?;
        if !end.keep_workspace {
            execute!(tx, "delete from task_workspace where task_id = $1", id)?;
        }
        tx.commit().await
    }
}
