//! Questions to people about tasks, and their answers.

use uuid::Uuid;

use super::events::{self, NewTaskEvent};
use crate::{
    AuditEvent, Millis, Store, StoreError, audit,
    engine::{execute, fetch_all, fetch_optional, json},
};

/// A question to be.
#[derive(Clone, Debug)]
pub struct NewTaskApproval {
    /// Its id; ids grow with time.
    pub id: Uuid,
    /// The id of the step; none for the whole task.
    pub step: Option<String>,
    /// Full refs of groups and users, any of whom decides.
    pub approvers: Vec<String>,
    /// What they are asked.
    pub reason: Option<String>,
    /// Whether it takes somebody else than who created the task.
    pub four_eyes: bool,
    /// When it is too late.
    pub expires_at: Millis,
}

/// A question, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TaskApprovalRow {
    /// Its id.
    pub id: Uuid,
    /// The task.
    pub task_id: Uuid,
    /// The id of the step; none for the whole task.
    pub step: Option<String>,
    /// JSON: full refs of groups and users, any of whom decides.
    pub approvers: String,
    /// What they are asked.
    pub reason: Option<String>,
    /// Whether it takes somebody else than who created the task.
    pub four_eyes: bool,
    /// When it was asked.
    pub asked_at: Millis,
    /// When it is too late.
    pub expires_at: Millis,
    /// `pending`, `approved`, `rejected`, `expired` or `withdrawn`.
    pub state: String,
    /// Who decided, as audit events name principals.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Millis>,
    /// What they said.
    pub comment: Option<String>,
    /// Who created the task, as audit events name principals.
    pub created_by: String,
}

/// The answer to a question.
#[derive(Clone, Debug)]
pub struct TaskDecision {
    /// The question.
    pub id: Uuid,
    /// `approved`, `rejected` or `expired`.
    pub state: &'static str,
    /// What they said.
    pub comment: Option<String>,
    /// What is told of it.
    pub event: NewTaskEvent,
}

/// The columns of a [`TaskApprovalRow`].
macro_rules! columns {
    () => {
        "select id, task_id, step, approvers, reason, four_eyes, asked_at, expires_at, state,
             decided_by, decided_at, comment,
             (select created_by from task where task.id = task_approval.task_id) as created_by
         from task_approval "
    };
}

impl Store {
    /// Has a task wait for an answer: no process takes it until then. Fails with
    /// [`StoreError::LostTask`] when the lease was lost, or somebody asked for it to stop.
    pub async fn wait_task(
        &self,
        (id, token): (Uuid, i64),
        now: Millis,
        state: &str,
        told: &[NewTaskEvent],
        approval: &NewTaskApproval,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let last: Option<(i64,)> = fetch_optional!(
            tx,
            "update task set status = 'open', waits = $5, state = $4, heartbeat_at = $3,
                 lease_owner = null, lease_until = null, lease_token = lease_token + 1,
                 last_event = last_event + $6
             where id = $1 and lease_token = $2 and status = 'processing'
                 and cancel_requested = $7
             returning last_event",
            id,
            token,
            now,
            crate::engine::storable(state).as_ref(),
            true,
            told.len() as i64,
            false
        )?;
        let (last,) = last.ok_or(StoreError::LostTask { id })?;
        events::insert(tx.conn(), id, last - told.len() as i64, told).await?;
        execute!(
            tx,
            "insert into task_approval (id, task_id, step, approvers, reason, four_eyes, asked_at,
                 expires_at, state)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'pending')",
            approval.id,
            id,
            approval.step.as_deref(),
            json(&approval.approvers)?,
            approval.reason.as_deref(),
            approval.four_eyes,
            now,
            approval.expires_at
        )?;
        tx.commit().await
    }

    /// Answers a question, and lets its task go on. Who and when are those of `audit`. False
    /// when it was answered before.
    pub async fn decide_task_approval(
        &self,
        decision: &TaskDecision,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let decided: Option<(Uuid,)> = fetch_optional!(
            tx,
            "update task_approval set state = $2, decided_by = $3, decided_at = $4, comment = $5
             where id = $1 and state = 'pending' returning task_id",
            decision.id,
            decision.state,
            &audit.principal,
            audit.at,
            decision.comment.as_deref()
        )?;
        let Some((task,)) = decided else {
            return Ok(false);
        };
        execute!(tx, "update task set waits = $2 where id = $1", task, false)?;
        events::append(tx.conn(), task, std::slice::from_ref(&decision.event)).await?;
        audit::append(tx.conn(), audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The questions about a task, oldest first.
    pub async fn task_approvals(&self, task: Uuid) -> Result<Vec<TaskApprovalRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            concat!(columns!(), "where task_id = $1 order by asked_at, id"),
            task
        )?)
    }

    /// Questions that wait for an answer, those that expire first before the others.
    pub async fn pending_task_approvals(
        &self,
        limit: usize,
    ) -> Result<Vec<TaskApprovalRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            concat!(
                columns!(),
                "where state = 'pending' order by expires_at, id limit $1"
            ),
            limit as i64
        )?)
    }

    /// Questions that were answered, newest first.
    pub async fn decided_task_approvals(
        &self,
        limit: usize,
    ) -> Result<Vec<TaskApprovalRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            concat!(
                columns!(),
                "where state in ('approved', 'rejected', 'expired')
                 order by decided_at desc, id desc limit $1"
            ),
            limit as i64
        )?)
    }
}
