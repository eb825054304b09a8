//! Tasks and events as clients of Backstage read them.

use jiff::Timestamp;
use portico_tasks::{ApprovalView, EventView, TaskView};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A run of a template.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Task)]
pub(super) struct Task {
    id: Uuid,
    /// The template as it was, with the `parameters` of this run.
    #[schema(value_type = Object)]
    spec: Value,
    /// `open`, `processing`, `completed`, `failed`, `cancelled` or `skipped`.
    #[schema(example = "completed")]
    status: String,
    /// When, as RFC 3339 in UTC.
    #[schema(example = "2026-01-31T12:00:00Z")]
    created_at: String,
    /// Who created it: a user reference, `service:<subject>` or `local-admin`.
    #[schema(example = "user:default/ada")]
    created_by: String,
    /// When who works on it last said so.
    last_heartbeat_at: Option<String>,
    /// When it began.
    started_at: Option<String>,
    /// When it ended.
    ended_at: Option<String>,
    /// The entity that it is for.
    #[schema(example = "component:default/orders-api")]
    entity_ref: Option<String>,
    /// What became of each step: `id`, `name`, `action`, `status`.
    #[schema(value_type = Vec<Object>)]
    steps: Value,
    /// The output of the template, once it is done.
    #[schema(value_type = Option<Object>)]
    output: Option<Value>,
    /// What failed first.
    error: Option<String>,
    /// Whether it is open until people have decided.
    waits_for_approval: bool,
}

impl From<TaskView> for Task {
    fn from(view: TaskView) -> Self {
        let of_template = |pointer: &str| view.template.pointer(pointer).cloned();
        let spec = json!({
            "apiVersion": of_template("/apiVersion"),
            "steps": of_template("/spec/steps"),
            "output": of_template("/spec/output").unwrap_or_else(|| json!({})),
            "parameters": view.parameters,
            "user": view.user,
            "templateInfo": {
                "entityRef": view.template_ref,
                "baseUrl": view.base_url,
                "entity": {"metadata": of_template("/metadata")},
            },
        });
        Self {
            id: view.id,
            spec,
            status: view.status,
            created_at: time(view.created_at),
            created_by: view.created_by,
            last_heartbeat_at: view.heartbeat_at.map(time),
            started_at: view.started_at.map(time),
            ended_at: view.ended_at.map(time),
            entity_ref: view.entity_ref,
            steps: json!(view.steps),
            output: view.output,
            error: view.error,
            waits_for_approval: view.waits,
        }
    }
}

/// A question to people: may a task, or a step of it, be done?
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TaskApproval)]
pub(super) struct Approval {
    task_id: Uuid,
    /// The heading of the template.
    #[schema(example = "New environment")]
    title: String,
    /// Who created the task.
    #[schema(example = "user:default/ada")]
    created_by: String,
    /// The entity that the task is for.
    entity_ref: Option<String>,
    /// The name of the step; none for the whole task.
    step: Option<String>,
    /// Groups and users, any of whom decides.
    #[schema(example = json!(["group:default/platform"]))]
    by: Vec<String>,
    /// What they are asked.
    reason: Option<String>,
    /// Whether it takes somebody else than who created the task.
    four_eyes: bool,
    /// When it was asked, as RFC 3339 in UTC.
    asked_at: String,
    /// When it is too late.
    expires_at: String,
    /// `pending`, `approved`, `rejected`, `expired` or `withdrawn`.
    #[schema(example = "pending")]
    state: String,
    /// Who decided.
    decided_by: Option<String>,
    /// When.
    decided_at: Option<String>,
    /// What they said.
    comment: Option<String>,
}

impl From<ApprovalView> for Approval {
    fn from(view: ApprovalView) -> Self {
        Self {
            task_id: view.task_id,
            title: view.title,
            created_by: view.created_by,
            entity_ref: view.entity_ref,
            step: view.step,
            by: view.by,
            reason: view.reason,
            four_eyes: view.four_eyes,
            asked_at: time(view.asked_at),
            expires_at: time(view.expires_at),
            state: view.state,
            decided_by: view.decided_by,
            decided_at: view.decided_at.map(time),
            comment: view.comment,
        }
    }
}

/// Something a task said.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TaskEvent)]
pub(super) struct TaskEvent {
    /// Its place among those of the task, from 1.
    #[schema(example = 1)]
    pub(super) id: i64,
    task_id: Uuid,
    /// `log`, `completion`, `cancelled` or `recovered`.
    #[serde(rename = "type")]
    #[schema(example = "log")]
    pub(super) kind: String,
    /// When, as RFC 3339 in UTC.
    #[schema(example = "2026-01-31T12:00:00Z")]
    created_at: String,
    /// `message`; of a step `stepId` and `status`; at the end `output` or `error`.
    #[schema(value_type = Object)]
    body: Value,
}

impl From<EventView> for TaskEvent {
    fn from(view: EventView) -> Self {
        Self {
            id: view.id,
            task_id: view.task_id,
            kind: view.kind,
            created_at: time(view.created_at),
            body: view.body,
        }
    }
}

fn time(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map_or_else(|_| String::new(), |time| time.to_string())
}
