//! Tasks that wait for people: asking them, and what they decide.

use portico_access::{Action, Grounds, Principal, Resource};
use portico_catalog::Catalog;
use portico_scaffolder::{ApprovalNeeded, Decision, Decisions, TaskState};
use portico_store::{
    AuditEvent, ClaimedTask, Millis, NewTaskApproval, NewTaskEvent, TaskApprovalRow, TaskDecision,
    TaskRow,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{Result, TaskView, Tasks, TasksError, create::encoded, journal::Journal, now};

/// Questions that are looked at for a list.
const MANY: usize = 1_000;
/// Answers that are listed.
const RECENT: usize = 50;
/// How long a comment may be, in characters.
const MAX_COMMENT: usize = 2_000;

/// A question about a task, and its answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalView {
    /// Its id.
    pub id: Uuid,
    /// The task.
    pub task_id: Uuid,
    /// The heading of the template.
    pub title: String,
    /// Who created the task, as audit events name principals.
    pub created_by: String,
    /// The entity that the task is for.
    pub entity_ref: Option<String>,
    /// The name of the step; none for the whole task.
    pub step: Option<String>,
    /// Full refs of groups and users, any of whom decides.
    pub by: Vec<String>,
    /// What they are asked.
    pub reason: Option<String>,
    /// Whether it takes somebody else than who created the task.
    pub four_eyes: bool,
    /// When it was asked, in milliseconds since 1970.
    pub asked_at: Millis,
    /// When it is too late.
    pub expires_at: Millis,
    /// `pending`, `approved`, `rejected`, `expired` or `withdrawn`.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Millis>,
    /// What they said.
    pub comment: Option<String>,
    /// Whether who asks for the list may decide.
    pub may_decide: bool,
}

/// What somebody decides.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it may be done.
    pub approve: bool,
    /// Why, or under which conditions.
    pub comment: Option<String>,
}

impl Tasks {
    /// The questions that wait for an answer of somebody, the most urgent first.
    pub async fn approvals_for(&self, who: &Principal) -> Result<Vec<ApprovalView>> {
        self.require(who, Action::TaskRead, &Resource::Any)?;
        let rows = self.waiting_for(who).await?;
        self.viewed(who, rows).await
    }

    /// How many questions wait for an answer of somebody.
    pub async fn count_approvals_for(&self, who: &Principal) -> Result<usize> {
        self.require(who, Action::TaskRead, &Resource::Any)?;
        Ok(self.waiting_for(who).await?.len())
    }

    async fn waiting_for(&self, who: &Principal) -> Result<Vec<TaskApprovalRow>> {
        let mut waiting = Vec::new();
        for row in self.store().pending_task_approvals(MANY).await? {
            let by = approvers(&row)?;
            if self.sees_task(who, row.task_id, &row.created_by) && self.may_decide(who, &row, &by)
            {
                waiting.push(row);
            }
        }
        Ok(waiting)
    }

    fn may_decide(&self, who: &Principal, row: &TaskApprovalRow, by: &[String]) -> bool {
        let label = row.task_id.to_string();
        let resource = resource(&label, row, by);
        row.state == "pending"
            && self
                .catalog()
                .authorizer()
                .allows(who, Action::TaskApprove, &resource)
    }

    /// What was decided lately, by anybody, newest first.
    pub async fn decided_approvals(&self, who: &Principal) -> Result<Vec<ApprovalView>> {
        self.require(who, Action::TaskRead, &Resource::Any)?;
        let rows = self.store().decided_task_approvals(RECENT).await?;
        self.viewed(who, rows).await
    }

    /// The questions about a task, oldest first.
    pub async fn approvals_of(&self, who: &Principal, task: Uuid) -> Result<Vec<ApprovalView>> {
        self.visible_row(who, task).await?;
        let rows = self.store().task_approvals(task).await?;
        self.viewed(who, rows).await
    }

    /// Answers the question that a task waits for. The task goes on; what was refused fails.
    pub async fn decide(&self, who: &Principal, task: Uuid, verdict: Verdict) -> Result<()> {
        self.row_for(who, task, Action::TaskApprove).await?;
        let rows = self.store().task_approvals(task).await?;
        let Some(question) = rows.into_iter().rfind(|it| it.state == "pending") else {
            return Err(TasksError::Conflict(format!(
                "task {task} does not wait for a decision (any more); look at it again"
            )));
        };
        let comment = verdict.comment.as_deref().map(str::trim);
        let comment = comment.filter(|it| !it.is_empty()).map(str::to_owned);
        if comment
            .as_ref()
            .is_some_and(|it| it.chars().count() > MAX_COMMENT)
        {
            return Err(TasksError::Input(format!(
                "comment: at most {MAX_COMMENT} characters"
            )));
        }
        let (state, word) = match verdict.approve {
            true => ("approved", "Approved"),
            false => ("rejected", "Rejected"),
        };
        let by = approvers(&question)?;
        let label = task.to_string();
        let details = json!({
            "decision": state, "step": question.step, "comment": comment, "approvers": by,
        });
        let audit = self.allowed(
            who,
            Action::TaskApprove,
            &resource(&label, &question, &by),
            details,
        )?;
        if question.expires_at <= now() {
            return Err(TasksError::Conflict(
                "it is too late: the question has expired".to_owned(),
            ));
        }
        let said = comment
            .as_ref()
            .map_or_else(String::new, |it| format!(": {it}"));
        let message = format!("{word} by {}{said}", who.label());
        self.settle(&question, state, comment, &message, &audit)
            .await
    }

    /// Answers the questions that nobody has answered until a time. How many.
    pub async fn expire_approvals(&self, until: Millis) -> Result<usize> {
        let mut expired = 0;
        for question in self.store().pending_task_approvals(MANY).await? {
            if question.expires_at > until {
                break;
            }
            let label = question.task_id.to_string();
            let audit = Catalog::audit(
                &Principal::System,
                Action::TaskApprove,
                &Resource::Task {
                    id: &label,
                    created_by: "",
                },
                Grounds::rule("nobody decided in time"),
                json!({"decision": "expired", "step": question.step}),
            );
            let settled = self
                .settle(&question, "expired", None, "Nobody decided in time", &audit)
                .await;
            match settled {
                Ok(()) => expired += 1,
                // Somebody was quicker.
                Err(TasksError::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(expired)
    }

    async fn settle(
        &self,
        question: &TaskApprovalRow,
        state: &'static str,
        comment: Option<String>,
        message: &str,
        audit: &AuditEvent,
    ) -> Result<()> {
        let level = if state == "approved" { "info" } else { "error" };
        let decision = TaskDecision {
            id: question.id,
            state,
            comment,
            event: NewTaskEvent {
                at: audit.at,
                kind: "log",
                body: json!({"message": message, "stepId": question.step, "level": level})
                    .to_string(),
            },
        };
        if !self.store().decide_task_approval(&decision, audit).await? {
            return Err(TasksError::Conflict(
                "somebody else has decided already; look at the task again".to_owned(),
            ));
        }
        self.0.woken.notify_one();
        self.notify(question.task_id);
        Ok(())
    }

    /// What was decided about a task, as the engine wants it.
    pub(crate) async fn decisions(&self, task: Uuid) -> Result<Decisions> {
        let rows = self.store().task_approvals(task).await?;
        let decided = rows.into_iter().filter_map(|row| {
            let decision = match row.state.as_str() {
                "approved" => Decision::Approved,
                "rejected" => Decision::Refused(match row.comment {
                    Some(comment) => {
                        format!("{} did not agree: {comment}", row.decided_by?)
                    }
                    None => format!("{} did not agree", row.decided_by?),
                }),
                "expired" => Decision::Refused("nobody agreed in time".to_owned()),
                _ => return None,
            };
            Some((row.step, decision))
        });
        Ok(decided.collect())
    }

    /// Has a task wait for an answer; this process lets go of it.
    pub(crate) async fn wait(
        &self,
        claim: ClaimedTask,
        journal: &Journal,
        state: &TaskState,
        needed: &ApprovalNeeded,
    ) -> Result<()> {
        let at = now();
        let expires_after = i64::try_from(needed.expires_after.as_millis()).unwrap_or(i64::MAX);
        let approval = NewTaskApproval {
            id: Uuid::now_v7(),
            step: needed.step.clone(),
            approvers: needed.by.clone(),
            reason: needed.reason.clone(),
            four_eyes: needed.four_eyes,
            expires_at: at.saturating_add(expires_after),
        };
        let message = format!("Waiting until {} agrees", needed.by.join(" or "));
        journal.say("log", &json!({"message": message, "stepId": needed.step}));
        let told = journal.rest().await;
        let state = encoded(state)?;
        self.store()
            .wait_task((claim.id, claim.token), at, &state, &told, &approval)
            .await?;
        tracing::info!(task = %claim.id, by = needed.by.join(", "), "a task waits for approval");
        Ok(())
    }

    async fn viewed(
        &self,
        who: &Principal,
        rows: Vec<TaskApprovalRow>,
    ) -> Result<Vec<ApprovalView>> {
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(task) = self.store().task(row.task_id).await? else {
                continue;
            };
            if !self.sees_row(who, &task) {
                continue;
            }
            views.push(self.view_of(who, row, task)?);
        }
        Ok(views)
    }

    fn view_of(
        &self,
        who: &Principal,
        row: TaskApprovalRow,
        task: TaskRow,
    ) -> Result<ApprovalView> {
        let by = approvers(&row)?;
        let may_decide = self.may_decide(who, &row, &by);
        let task = TaskView::try_from(task)?;
        let step = row.step.map(|id| {
            let named = task.steps.iter().find(|step| step.id == id);
            named.map_or(id, |step| step.name.clone())
        });
        Ok(ApprovalView {
            id: row.id,
            task_id: row.task_id,
            title: task.template_title,
            created_by: task.created_by,
            entity_ref: task.entity_ref,
            step,
            by,
            reason: row.reason,
            four_eyes: row.four_eyes,
            asked_at: row.asked_at,
            expires_at: row.expires_at,
            state: row.state,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            comment: row.comment,
            may_decide,
        })
    }
}

fn resource<'a>(task: &'a str, question: &'a TaskApprovalRow, by: &'a [String]) -> Resource<'a> {
    Resource::Approval {
        task,
        created_by: &question.created_by,
        by,
        four_eyes: question.four_eyes,
    }
}

fn approvers(row: &TaskApprovalRow) -> Result<Vec<String>> {
    serde_json::from_str(&row.approvers)
        .map_err(|error| TasksError::inconsistent(format!("approval {}", row.id), error))
}
