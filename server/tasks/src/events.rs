//! What tasks say, and following it.

use std::time::Duration;

use portico_access::Principal;
use portico_store::Millis;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;

use crate::{Result, Tasks, TasksError, view::has_ended};

/// Events that are read at once.
const PAGE: usize = 1_000;
/// How often a follower looks for what other replicas wrote.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Something a task said.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Its place among those of the task, from 1.
    pub id: i64,
    /// The task.
    pub task_id: Uuid,
    /// When, in milliseconds since 1970.
    pub created_at: Millis,
    /// `log`, `completion`, `cancelled` or `recovered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `message`; of a step `stepId` and `status`; at the end `output` or `error`.
    pub body: Value,
}

/// Follows what a task says, on whichever replica it runs.
pub struct Follower {
    tasks: Tasks,
    id: Uuid,
    after: i64,
    notices: Receiver<Uuid>,
}

impl Tasks {
    /// What a task said after a place (0: from the beginning), at most 1,000 events.
    pub async fn events(&self, who: &Principal, id: Uuid, after: i64) -> Result<Vec<EventView>> {
        self.visible_row(who, id).await?;
        self.events_after(id, after).await
    }

    /// Follows a task from a place on.
    pub async fn follow(&self, who: &Principal, id: Uuid, after: i64) -> Result<Follower> {
        let notices = self.0.notices.subscribe();
        self.visible_row(who, id).await?;
        Ok(Follower {
            tasks: self.clone(),
            id,
            after,
            notices,
        })
    }

    async fn events_after(&self, id: Uuid, after: i64) -> Result<Vec<EventView>> {
        let rows = self.store().task_events(id, after, PAGE).await?;
        rows.into_iter()
            .map(|row| {
                let body = serde_json::from_str(&row.body).map_err(|error| {
                    TasksError::inconsistent(format!("event {} of task {id}", row.seq), error)
                })?;
                Ok(EventView {
                    id: row.seq,
                    task_id: id,
                    created_at: row.at,
                    kind: row.kind,
                    body,
                })
            })
            .collect()
    }
}

impl Follower {
    /// The next events; `None` when the task has ended and all was told, or this process ends.
    pub async fn next(&mut self) -> Result<Option<Vec<EventView>>> {
        loop {
            // The task first: what it says before it ends is there when it has ended.
            let row = self.tasks.row(self.id).await?;
            let events = self.tasks.events_after(self.id, self.after).await?;
            if let Some(last) = events.last() {
                self.after = last.id;
                return Ok(Some(events));
            }
            if has_ended(&row.status) || !self.changed().await {
                return Ok(None);
            }
        }
    }

    /// Waits until there may be something new; false when this process ends.
    async fn changed(&mut self) -> bool {
        let look = tokio::time::sleep(LOOK_EVERY);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = self.tasks.0.closing.cancelled() => return false,
                () = &mut look => return true,
                notice = self.notices.recv() => match notice {
                    Ok(id) if id != self.id => {}
                    // One that missed some looks by itself.
                    Ok(_) | Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                },
            }
        }
    }
}
