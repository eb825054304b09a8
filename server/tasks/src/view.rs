//! A task as people see it.

use portico_model::template::Template;
use portico_scaffolder::{StepStatus, TaskState};
use portico_store::{Millis, TaskRow};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{Result, SecretField, TasksError, secrets::secrets_of, template::Spec};

/// A task.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    /// Its id.
    pub id: Uuid,
    /// The ref of the template.
    pub template_ref: String,
    /// The heading of the template, as it was.
    pub template_title: String,
    /// The entity that it is for.
    pub entity_ref: Option<String>,
    /// Who created it, as audit events name principals.
    pub created_by: String,
    /// When, in milliseconds since 1970.
    pub created_at: Millis,
    /// When a process first began with it.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// When who works on it last said so.
    pub heartbeat_at: Option<Millis>,
    /// `open`, `processing`, `completed`, `failed`, `cancelled` or `skipped`.
    pub status: String,
    /// Somebody asked for it to stop, and it has not yet.
    pub cancel_requested: bool,
    /// It is open, and goes on when people have decided.
    pub waits: bool,
    /// What the form gave.
    pub parameters: Value,
    /// The steps of the template, with what became of each so far.
    pub steps: Vec<StepView>,
    /// The secrets that the template asks for, without values.
    pub secrets: Vec<SecretField>,
    /// The output of the template: `links`, `text` and what else it promises.
    pub output: Option<Value>,
    /// What failed first.
    pub error: Option<String>,
    /// The template as it was.
    pub template: Value,
    /// Where the template was, as `kind:target`.
    pub base_url: Option<String>,
    /// What the template sees as `user`.
    pub user: Value,
}

/// A step of a task.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    /// Its id.
    pub id: String,
    /// What people see.
    pub name: String,
    /// The action.
    pub action: String,
    /// What became of it; `None` when it has not ended, or not begun.
    pub status: Option<StepStatus>,
}

impl TaskView {
    /// Whether it has ended, for now: it may be tried again.
    pub fn has_ended(&self) -> bool {
        has_ended(&self.status)
    }

    /// Whether it did not end well, so that it may be tried again.
    pub fn can_be_retried(&self) -> bool {
        self.has_ended() && self.status != "completed"
    }
}

/// Whether a task of this status is not worked on any more.
pub(crate) fn has_ended(status: &str) -> bool {
    !matches!(status, "open" | "processing")
}

/// The checkpoint of a task.
pub(crate) fn state(row: &TaskRow) -> Result<TaskState> {
    decoded(row, "state", &row.state)
}

/// The template of a task.
pub(crate) fn spec(row: &TaskRow) -> Result<Spec> {
    decoded(row, "spec", &row.spec)
}

/// What the form gave.
pub(crate) fn parameters(row: &TaskRow) -> Result<Value> {
    decoded(row, "parameters", &row.parameters)
}

fn decoded<T: serde::de::DeserializeOwned>(row: &TaskRow, what: &str, text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| TasksError::inconsistent(format!("{what} of task {}", row.id), error))
}

impl TryFrom<TaskRow> for TaskView {
    type Error = TasksError;

    fn try_from(row: TaskRow) -> Result<Self> {
        let (spec, state, parameters) = (spec(&row)?, state(&row)?, parameters(&row)?);
        let template = spec.template().ok();
        let steps = template.iter().flat_map(|it| &it.steps).enumerate();
        let steps = steps.map(|(at, step)| StepView {
            id: step.id.clone(),
            name: step.name.clone(),
            action: step.action.clone(),
            status: state.steps.get(at).map(|it| it.status),
        });
        let steps = steps.collect();
        let secrets = template.as_ref().map(|it| secrets_of(it, &parameters));
        let secrets = secrets.unwrap_or_default();
        Ok(Self {
            id: row.id,
            template_title: template
                .as_ref()
                .map_or(row.template_ref.as_str(), Template::heading)
                .to_owned(),
            template_ref: row.template_ref,
            entity_ref: row.entity_ref,
            created_by: row.created_by,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            heartbeat_at: row.heartbeat_at,
            status: row.status,
            cancel_requested: row.cancel_requested,
            waits: row.waits,
            parameters,
            steps,
            secrets,
            output: state.output,
            error: state.error,
            template: spec.entity,
            base_url: spec.base_url,
            user: spec.user,
        })
    }
}
