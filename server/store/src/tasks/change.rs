//! What people do with tasks: create, cancel, retry.

use uuid::Uuid;

use super::events::{self, NewTaskEvent};
use crate::{
    AuditEvent, Millis, Store, StoreError, audit,
    engine::{Conn, execute, fetch_optional, sql},
};

/// A task to be.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Its id.
    pub id: Uuid,
    /// The ref of the template.
    pub template_ref: String,
    /// The template as it is now, as JSON.
    pub spec: String,
    /// What the form gave, as JSON.
    pub parameters: String,
    /// The secrets, encrypted.
    pub secrets: Option<Vec<u8>>,
    /// The entity that it is for.
    pub entity_ref: Option<String>,
    /// The first checkpoint, as JSON.
    pub state: String,
}

/// What came of asking for a task to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelOutcome {
    /// No process had begun with it: it is cancelled.
    Cancelled,
    /// Who works on it is told.
    Requested,
    /// It has ended already, or is not there.
    TooLate,
}

/// A task that begins again.
#[derive(Clone, Debug)]
pub struct RetriedTask {
    /// Which one.
    pub id: Uuid,
    /// The checkpoint to begin at, as JSON.
    pub state: String,
    /// The secrets, encrypted; those before are gone.
    pub secrets: Option<Vec<u8>>,
    /// Whether it begins with no files.
    pub starts_over: bool,
    /// What is told of it.
    pub event: NewTaskEvent,
}

impl Store {
    /// Stores a task, open. Who and when are those of `audit`.
    pub async fn add_task(&self, new: &NewTask, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        execute!(
            tx,
            "insert into task (id, template_ref, spec, parameters, secrets, entity_ref,
                 created_by, created_at, status, state, cancel_requested, last_event, lease_token)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, 0, 0)",
            new.id,
            &new.template_ref,
            &new.spec,
            &new.parameters,
            new.secrets.as_deref(),
            new.entity_ref.as_deref(),
            &audit.principal,
            audit.at,
            &new.state,
            false
        )?;
        audit::append(tx.conn(), audit).await?;
        tx.commit().await
    }

    /// Asks for a task to stop. One that nobody works on stops at once, and `events` are told.
    pub async fn cancel_task(
        &self,
        id: Uuid,
        events: &[NewTaskEvent],
        audit: &AuditEvent,
    ) -> Result<CancelOutcome, StoreError> {
        let mut tx = self.begin().await?;
        let found: Option<(String,)> = fetch_optional!(
            tx,
            sql!["select status from task where id = $1" FOR_UPDATE],
            id
        )?;
        let outcome = match found.as_ref().map(|(status,)| status.as_str()) {
            Some("open") => {
                execute!(
                    tx,
                    "update task set status = 'cancelled', ended_at = $2, secrets = null,
                         waits = $3
                     where id = $1",
                    id,
                    audit.at,
                    false
                )?;
                withdraw(tx.conn(), id, "pending").await?;
                events::append(tx.conn(), id, events).await?;
                CancelOutcome::Cancelled
            }
            Some("processing") => {
                execute!(
                    tx,
                    "update task set cancel_requested = $2 where id = $1",
                    id,
                    true
                )?;
                CancelOutcome::Requested
            }
            _ => return Ok(CancelOutcome::TooLate),
        };
        audit::append(tx.conn(), audit).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Opens a task that failed or was cancelled again. False when it is neither (any more).
    pub async fn retry_task(
        &self,
        retried: &RetriedTask,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let reopened = execute!(
            tx,
            "update task set status = 'open', state = $2, secrets = $3, ended_at = null,
                 cancel_requested = $4
             where id = $1 and status in ('failed', 'cancelled')",
            retried.id,
            &retried.state,
            retried.secrets.as_deref(),
            false
        )?;
        if reopened == 0 {
            return Ok(false);
        }
        for refusal in ["rejected", "expired"] {
            withdraw(tx.conn(), retried.id, refusal).await?;
        }
        if retried.starts_over {
            execute!(
                tx,
                "delete from task_workspace where task_id = $1",
                retried.id
            )?;
        }
        events::append(tx.conn(), retried.id, std::slice::from_ref(&retried.event)).await?;
        audit::append(tx.conn(), audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Removes the tasks that ended before, with all they said. How many.
    pub async fn remove_tasks_ended_before(&self, before: Millis) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        for table in [
            "delete from task_event where task_id in (select id from task where ended_at < $1)",
            "delete from task_workspace where task_id in (select id from task where ended_at < $1)",
            "delete from task_approval where task_id in (select id from task where ended_at < $1)",
        ] {
            execute!(tx, table, before)?;
        }
        let removed = execute!(tx, "delete from task where ended_at < $1", before)?;
        tx.commit().await?;
        Ok(removed)
    }
}

/// Takes back the questions about a task that are in a state: their answers do not count any more.
async fn withdraw(mut db: Conn<'_>, task: Uuid, state: &str) -> Result<(), StoreError> {
    execute!(
        db,
        "update task_approval set state = 'withdrawn' where task_id = $1 and state = $2",
        task,
        state
    )?;
    Ok(())
}
