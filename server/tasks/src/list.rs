//! Finding tasks.

use portico_access::{Action, Principal, Resource};
use portico_store::{TaskFilter, TaskOrder, TaskRow};
use uuid::Uuid;

use crate::{Result, TaskView, Tasks, TasksError};

/// The statuses there are.
const STATUSES: [&str; 6] = [
    "open",
    "processing",
    "completed",
    "failed",
    "cancelled",
    "skipped",
];

/// Which tasks to list; empty means all.
#[derive(Clone, Debug, Default)]
pub struct TaskQuery {
    /// Only with one of these statuses.
    pub statuses: Vec<String>,
    /// Only created by this principal, `user:default/ada`.
    pub created_by: Option<String>,
    /// Only of this template.
    pub template_ref: Option<String>,
    /// Only for this entity.
    pub entity_ref: Option<String>,
    /// In which order.
    pub order: TaskOrder,
    /// How many to skip.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// A page of tasks.
#[derive(Clone, Debug)]
pub struct TaskPage {
    /// Those of the page.
    pub tasks: Vec<TaskView>,
    /// How many match in all.
    pub total: u64,
}

impl Tasks {
    /// A task.
    pub async fn get(&self, who: &Principal, id: Uuid) -> Result<TaskView> {
        self.visible_row(who, id).await?.try_into()
    }

    /// Tasks that match, newest first unless asked otherwise.
    pub async fn list(&self, who: &Principal, query: TaskQuery) -> Result<TaskPage> {
        self.require(who, Action::TaskRead, &Resource::Any)?;
        let unknown = |it: &&String| !STATUSES.contains(&it.as_str());
        if let Some(status) = query.statuses.iter().find(unknown) {
            return Err(TasksError::Input(format!(
                "\"{status}\" is no status; there are {}",
                STATUSES.join(", ")
            )));
        }
        let lower = |text: Option<String>| text.map(|it| it.to_lowercase());
        let filter = TaskFilter {
            statuses: query.statuses,
            created_by: query.created_by,
            template_ref: lower(query.template_ref),
            entity_ref: lower(query.entity_ref),
            within: self.task_scope(who),
            order: query.order,
        };
        let (rows, total) = self
            .store()
            .tasks(&filter, query.offset, query.limit)
            .await?;
        let tasks = rows.into_iter().map(TaskView::try_from);
        Ok(TaskPage {
            tasks: tasks.collect::<Result<_>>()?,
            total,
        })
    }

    /// Whether somebody may stop a task, for pages that ask before they offer it.
    pub fn may_cancel(&self, who: &Principal, task: &TaskView) -> bool {
        self.may(who, Action::TaskCancel, task)
    }

    /// Whether somebody may let a task try again, for pages that ask before they offer it.
    pub fn may_retry(&self, who: &Principal, task: &TaskView) -> bool {
        self.may(who, Action::TaskRetry, task)
    }

    fn may(&self, who: &Principal, action: Action, task: &TaskView) -> bool {
        let id = task.id.to_string();
        let resource = Resource::Task {
            id: &id,
            created_by: &task.created_by,
        };
        self.catalog().authorizer().allows(who, action, &resource)
    }

    pub(crate) async fn row(&self, id: Uuid) -> Result<TaskRow> {
        let row = self.store().task(id).await?;
        row.ok_or_else(|| TasksError::NotFound(format!("task {id}")))
    }
}
