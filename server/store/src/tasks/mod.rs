//! Tasks of the scaffolder: what was asked for, how far it is, what it said.
//!
//! A task is worked on by who holds its lease. Every claim and release gives the lease a new
//! token, and writes with an old one are refused: a process that lost a task cannot touch it
//! any more, whatever it still believes.

mod approvals;
mod change;
mod events;
mod lease;
mod list;
mod progress;
mod scope;

use uuid::Uuid;

use crate::{
    Millis, Store, StoreError,
    engine::{fetch_one, fetch_optional},
};

pub use approvals::{NewTaskApproval, TaskApprovalRow, TaskDecision};
pub use change::{CancelOutcome, NewTask, RetriedTask};
pub use events::{NewTaskEvent, TaskEventRow};
pub use lease::{ClaimedTask, HeldTask};
pub use list::{TaskFilter, TaskOrder};
pub use progress::TaskEnd;
pub use scope::TaskScope;

/// The columns of a [`TaskRow`].
macro_rules! columns {
    () => {
        "id, template_ref, spec, parameters, entity_ref, created_by, created_at, started_at, \
         ended_at, heartbeat_at, status, state, cancel_requested, waits"
    };
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TaskRow {
    /// Its id; ids grow with time.
    pub id: Uuid,
    /// The ref of the template.
    pub template_ref: String,
    /// The template as it was, as JSON.
    pub spec: String,
    /// What the form gave, as JSON.
    pub parameters: String,
    /// The entity that it is for.
    pub entity_ref: Option<String>,
    /// Who created it, as audit events name principals.
    pub created_by: String,
    /// When.
    pub created_at: Millis,
    /// When the first process began with it.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// When who works on it last said so.
    pub heartbeat_at: Option<Millis>,
    /// `open`, `processing`, `completed`, `failed`, `cancelled` or `skipped`.
    pub status: String,
    /// The checkpoint, as JSON.
    pub state: String,
    /// Whether somebody asked for it to stop.
    pub cancel_requested: bool,
    /// Whether it waits for people to decide.
    pub waits: bool,
}

impl Store {
    /// A task.
    pub async fn task(&self, id: Uuid) -> Result<Option<TaskRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            concat!("select ", columns!(), " from task where id = $1"),
            id
        )?)
    }

    /// The encrypted secrets of a task that has not ended, if it has any.
    pub async fn task_secrets(&self, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<(Option<Vec<u8>>,)> =
            fetch_optional!(db, "select secrets from task where id = $1", id)?;
        Ok(row.and_then(|(secrets,)| secrets))
    }

    /// The files of a task at its last checkpoint, as they were given.
    pub async fn task_workspace(&self, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<(Vec<u8>,)> = fetch_optional!(
            db,
            "select content from task_workspace where task_id = $1",
            id
        )?;
        Ok(row.map(|(content,)| content))
    }

    /// How many tasks wait for a process, and how many are worked on.
    pub async fn task_counts(&self) -> Result<(u64, u64), StoreError> {
        let mut db = self.read().await?;
        let (open, processing): (i64, i64) = fetch_one!(
            db,
            "select count(case when status = 'open' then 1 end),
                 count(case when status = 'processing' then 1 end)
             from task where status in ('open', 'processing')"
        )?;
        Ok((open.unsigned_abs(), processing.unsigned_abs()))
    }
}
