//! Questions to people about tasks.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{EntityLabel, Json, UiError};

/// A question to people: may a task, or a step of it, be done?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// The id of the task.
    pub task: String,
    /// What the task does: the template's heading.
    pub title: String,
    /// The step; none for the whole task.
    pub step: Option<String>,
    /// Any of these decides.
    pub by: Vec<EntityLabel>,
    /// What they are asked.
    pub reason: Option<String>,
    /// Whether it takes somebody else than who created the task.
    pub four_eyes: bool,
    /// Who created the task.
    pub created_by: EntityLabel,
    /// The entity that the task is for.
    pub entity: Option<EntityLabel>,
    /// When it was asked, in milliseconds since the epoch.
    pub asked_at: i64,
    /// When it is too late.
    pub expires_at: i64,
    /// `pending`, `approved`, `rejected`, `expired` or `withdrawn`.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<EntityLabel>,
    /// When.
    pub decided_at: Option<i64>,
    /// What they said.
    pub comment: Option<String>,
    /// Whether the person may decide.
    pub may_decide: bool,
}

/// What waits for the person, and what was decided lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalsView {
    /// What waits for the person, the most urgent first.
    pub pending: Vec<ApprovalView>,
    /// What anybody decided, newest first.
    pub decided: Vec<ApprovalView>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// What waits for the person, and what was decided lately.
#[server(prefix = "/_ui", endpoint = "approvals", input = Json, output = Json)]
pub async fn load_approvals() -> Result<ApprovalsView, UiError> {
    let context = crate::data::server_context()?;
    let (tasks, who) = (context.tasks()?, &context.principal);
    let pending = tasks.approvals_for(who).await?;
    let decided = tasks.decided_approvals(who).await?;
    let viewed = |all: Vec<portico_tasks::ApprovalView>| {
        let all = all.into_iter();
        all.map(|it| view(&context, it)).collect()
    };
    Ok(ApprovalsView {
        pending: viewed(pending),
        decided: viewed(decided),
        now: crate::data::now_millis(),
    })
}

/// How many questions wait for the person.
#[server(prefix = "/_ui", endpoint = "count-approvals", input = Json, output = Json)]
pub async fn count_approvals() -> Result<usize, UiError> {
    let context = crate::data::server_context()?;
    Ok(context
        .tasks()?
        .count_approvals_for(&context.principal)
        .await?)
}

/// Answers the question that a task waits for.
#[server(prefix = "/_ui", endpoint = "decide-task", input = Json, output = Json)]
pub async fn decide_task(id: String, approve: bool, comment: String) -> Result<(), UiError> {
    let context = crate::data::server_context()?;
    let id = super::progress::id(&id)?;
    let verdict = portico_tasks::Verdict {
        approve,
        comment: Some(comment),
    };
    Ok(context
        .tasks()?
        .decide(&context.principal, id, verdict)
        .await?)
}

/// A question of the service, as pages show it.
#[cfg(feature = "ssr")]
pub(super) fn view(
    context: &crate::ServerContext,
    approval: portico_tasks::ApprovalView,
) -> ApprovalView {
    let label = |it: &str| EntityLabel::of(&context.catalog, &context.principal, it);
    ApprovalView {
        task: approval.task_id.to_string(),
        title: approval.title,
        step: approval.step,
        by: approval.by.iter().map(|it| label(it)).collect(),
        reason: approval.reason,
        four_eyes: approval.four_eyes,
        created_by: label(&approval.created_by),
        entity: approval.entity_ref.as_deref().map(label),
        asked_at: approval.asked_at,
        expires_at: approval.expires_at,
        state: approval.state,
        decided_by: approval.decided_by.as_deref().map(label),
        decided_at: approval.decided_at,
        comment: approval.comment,
        may_decide: approval.may_decide,
    }
}
