//! Who works on a task, and until when.

use uuid::Uuid;

use super::events::{self, NewTaskEvent};
use crate::{
    Millis, Store, StoreError,
    engine::{execute, fetch_all, fetch_one, fetch_optional, json, sql},
};

/// A task that this process works on until the lease ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedTask {
    /// Which one.
    pub id: Uuid,
    /// What writes have to show.
    pub token: i64,
    /// Another process began with it and went away.
    pub recovered: bool,
}

/// A task whose lease was extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldTask {
    /// Which one.
    pub id: Uuid,
    /// The token of the lease.
    #[sqlx(rename = "lease_token")]
    pub token: i64,
    /// Somebody asked for it to stop.
    pub cancel_requested: bool,
}

impl Store {
    /// Leases the oldest task that waits, or whose process has gone away. No task is ever
    /// leased twice: on PostgreSQL one that another process is claiming is skipped.
    pub async fn claim_task(
        &self,
        owner: &str,
        now: Millis,
        lease_ms: i64,
    ) -> Result<Option<ClaimedTask>, StoreError> {
        // Most looks find nothing, and should not make writers wait.
        let mut db = self.read().await?;
        let waiting: Option<(Uuid,)> = fetch_optional!(
            db,
            "select id from task
             where (status = 'open' and waits = $2)
                 or (status = 'processing' and lease_until < $1) limit 1",
            now,
            false
        )?;
        drop(db);
        if waiting.is_none() {
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let found: Option<(Uuid, String)> = fetch_optional!(
            tx,
            sql!["select id, status from task
                  where (status = 'open' and waits = $2)
                      or (status = 'processing' and lease_until < $1)
                  order by created_at, id limit 1" SKIP_LOCKED],
            now,
            false
        )?;
        let Some((id, status)) = found else {
            return Ok(None);
        };
        let (token,): (i64,) = fetch_one!(
            tx,
            "update task set status = 'processing', lease_owner = $2, lease_until = $3,
                 lease_token = lease_token + 1, heartbeat_at = $4,
                 started_at = coalesce(started_at, $4)
             where id = $1 returning lease_token",
            id,
            owner,
            now + lease_ms,
            now
        )?;
        let recovered = status == "processing";
        if recovered {
            let event = NewTaskEvent {
                at: now,
                kind: "recovered",
                body: r#"{"message":"Another process goes on with the task from its last checkpoint"}"#
                    .to_owned(),
            };
            events::append(tx.conn(), id, &[event]).await?;
        }
        tx.commit().await?;
        Ok(Some(ClaimedTask {
            id,
            token,
            recovered,
        }))
    }

    /// Extends the leases that `owner` still holds of these tasks, and tells which.
    pub async fn renew_task_leases(
        &self,
        owner: &str,
        tasks: &[Uuid],
        now: Millis,
        lease_ms: i64,
    ) -> Result<Vec<HeldTask>, StoreError> {
        let ids: Vec<String> = tasks.iter().map(|id| id.simple().to_string()).collect();
        let mut tx = self.begin().await?;
        let held = fetch_all!(
            tx,
            sql!["update task set lease_until = $3, heartbeat_at = $4
                  where id in " UUIDS " and lease_owner = $2 and status = 'processing'
                  returning id, lease_token, cancel_requested"],
            json(&ids)?,
            owner,
            now + lease_ms,
            now
        )?;
        tx.commit().await?;
        Ok(held)
    }

    /// Whether a lease still is the one of its task.
    pub async fn is_task_leased(&self, id: Uuid, token: i64) -> Result<bool, StoreError> {
        let mut db = self.read().await?;
        let (count,): (i64,) = fetch_one!(
            db,
            "select count(*) from task
             where id = $1 and lease_token = $2 and status = 'processing'",
            id,
            token
        )?;
        Ok(count > 0)
    }

    /// Gives a task back: another process may go on with it at once. Nothing happens when the
    /// lease was lost.
    pub async fn release_task(&self, id: Uuid, token: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        execute!(
            tx,
            "update task set lease_owner = null, lease_until = 0, lease_token = lease_token + 1
             where id = $1 and lease_token = $2 and status = 'processing'",
            id,
            token
        )?;
        tx.commit().await
    }
}
