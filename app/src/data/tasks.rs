//! Tasks: what templates do, step by step.

#[cfg(feature = "ssr")]
mod answers;
mod approvals;
mod dry_run;
#[cfg(feature = "ssr")]
mod progress;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use approvals::{ApprovalView, ApprovalsView, count_approvals, decide_task, load_approvals};
#[cfg(feature = "ssr")]
pub(crate) use dry_run::view_of_dry_run;
pub use dry_run::{DryEffectView, DryFileView, DryRunView, dry_run};
#[cfg(feature = "ssr")]
pub(crate) use progress::of_entity;

use super::{EntityLabel, Json, UiError};

/// How many tasks a page lists.
pub const TASKS_PAGE: u32 = 25;

/// A task in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Its id.
    pub id: String,
    /// What it does: the template's heading.
    pub title: String,
    /// `open`, `approval` (it waits for people), `processing`, `completed`, `failed`, `cancelled`
    /// or `skipped`.
    pub status: String,
    /// Who created it.
    pub created_by: EntityLabel,
    /// The entity it is for.
    pub entity: Option<EntityLabel>,
    /// When it was created, in milliseconds since the epoch.
    pub created_at: i64,
    /// How long it took, in milliseconds, once it has ended.
    pub took: Option<i64>,
}

/// One page of tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasksView {
    /// The tasks, newest first.
    pub rows: Vec<TaskRow>,
    /// How many match in all.
    pub total: u64,
    /// Reference and name of the templates that there are.
    pub templates: Vec<(String, String)>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// Which tasks to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasksAsked {
    /// Which page, from 0.
    pub page: u32,
    /// Only with this status; empty for all.
    pub status: String,
    /// Also those of others.
    pub everybody: bool,
    /// Only for this entity.
    pub entity_ref: Option<String>,
    /// Only of this template.
    pub template_ref: Option<String>,
}

/// A step of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStep {
    /// Its id.
    pub id: String,
    /// What people see.
    pub name: String,
    /// The action.
    pub action: String,
    /// As of tasks; empty when it has not begun.
    pub status: String,
    /// When it began, in milliseconds since the epoch.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

/// A secret that another try of a task needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretView {
    /// What steps call it.
    pub name: String,
    /// What people see.
    pub title: String,
    /// Whether the task cannot do without.
    pub required: bool,
}

/// A line of a task's log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Its place among what the task said.
    pub id: i64,
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// The step that said it.
    pub step: Option<String>,
    /// `info`, `warn`, `error` or `debug`.
    pub level: String,
    /// The text.
    pub message: String,
}

/// A task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about the task"
)]
pub struct TaskView {
    /// What lists show.
    pub row: TaskRow,
    /// The template.
    pub template: EntityLabel,
    /// Somebody asked for it to stop, and it has not yet.
    pub stopping: bool,
    /// Title and value of what the form gave, as people read them; not in a later look.
    pub parameters: Vec<(String, String)>,
    /// The steps; of a later look only what is new about them.
    pub steps: Vec<TaskStep>,
    /// What it said; of a later look only what is new.
    pub lines: Vec<LogLine>,
    /// The place of the last thing it said.
    pub last: i64,
    /// Text and address of where to go from here.
    pub links: Vec<(String, String)>,
    /// Heading and HTML of what to read at the end.
    pub texts: Vec<(String, String)>,
    /// The files in its folder when it ended, as far as they are named.
    pub files: Vec<String>,
    /// How many more there were.
    pub more_files: u64,
    /// What failed first.
    pub error: Option<String>,
    /// Whether nothing more happens by itself.
    pub ended: bool,
    /// Whether the person may run the template again.
    pub may_repeat: bool,
    /// Whether the person may stop it.
    pub may_stop: bool,
    /// Whether the person may have it try again.
    pub may_retry: bool,
    /// The secrets that another try needs, since those of before are gone.
    pub secrets: Vec<SecretView>,
    /// What people were asked, and what they decided, oldest first.
    pub approvals: Vec<ApprovalView>,
    /// The form with the same values.
    pub again: String,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

impl TaskView {
    /// This look, after an earlier one: with all lines, and what was known of the steps.
    #[must_use]
    pub fn after(mut self, earlier: Self) -> Self {
        for (step, before) in self.steps.iter_mut().zip(earlier.steps) {
            if step.status.is_empty() {
                *step = before;
            } else {
                step.started_at = step.started_at.or(before.started_at);
            }
        }
        self.parameters = earlier.parameters;
        if self.files.is_empty() {
            (self.files, self.more_files) = (earlier.files, earlier.more_files);
        }
        let mut lines = earlier.lines;
        let known = lines.last().map_or(0, |line| line.id);
        lines.extend(self.lines.into_iter().filter(|line| line.id > known));
        self.lines = lines;
        self
    }
}

/// An action, for authors of templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionView {
    /// What steps call it.
    pub id: String,
    /// What it does, as HTML that was made from Markdown.
    pub description: String,
    /// Name, type, whether it is needed, and text of each input.
    pub input: Vec<PropertyView>,
    /// The same of what it returns.
    pub output: Vec<PropertyView>,
    /// Title and YAML of each example.
    pub examples: Vec<(String, String)>,
    /// Whether dry runs call it.
    pub dry_run: bool,
    /// The version of the plugin, when it is one.
    pub plugin: Option<String>,
}

/// A property of an action's input or output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyView {
    /// Its name.
    pub name: String,
    /// Its JSON type.
    pub kind: String,
    /// Whether it is needed.
    pub required: bool,
    /// What it is.
    pub description: String,
}

/// One page of tasks.
#[server(prefix = "/_ui", endpoint = "tasks", input = Json, output = Json)]
pub async fn load_tasks(asked: TasksAsked) -> Result<TasksView, UiError> {
    progress::list(&super::server_context()?, asked).await
}

/// A task, with what it said after a place.
#[server(prefix = "/_ui", endpoint = "task", input = Json, output = Json)]
pub async fn load_task(id: String, after: i64) -> Result<TaskView, UiError> {
    progress::task(&super::server_context()?, &id, after).await
}

/// Stops a task.
#[server(prefix = "/_ui", endpoint = "cancel-task", input = Json, output = Json)]
pub async fn cancel_task(id: String) -> Result<(), UiError> {
    let context = super::server_context()?;
    let id = progress::id(&id)?;
    Ok(context.tasks()?.cancel(&context.principal, id).await?)
}

/// Has a task that failed go on from the step that failed.
#[server(prefix = "/_ui", endpoint = "retry-task", input = Json, output = Json)]
pub async fn retry_task(id: String, secrets: Value) -> Result<(), UiError> {
    let context = super::server_context()?;
    let id = progress::id(&id)?;
    let who = &context.principal;
    Ok(context.tasks()?.retry(who, id, secrets).await?)
}

/// Every action that templates can use.
#[server(prefix = "/_ui", endpoint = "actions", input = Json, output = Json)]
pub async fn load_actions() -> Result<Vec<ActionView>, UiError> {
    let context = super::server_context()?;
    let actions = context.tasks()?.actions(&context.principal).await?;
    Ok(actions.into_iter().map(progress::action).collect())
}
