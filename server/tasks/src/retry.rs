//! Another try for a task that did not end well.

use portico_access::{Action, Principal, Resource};
use portico_scaffolder::TaskState;
use portico_store::{NewTaskEvent, RetriedTask};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Result, Tasks, TasksError,
    create::encoded,
    now,
    parameters::check_secrets,
    view::{has_ended, spec, state},
};

impl Tasks {
    /// Lets a task that failed or was cancelled go on from the step that did not end well, with
    /// the files as they were before it. The secrets of before are gone: give them again.
    pub async fn retry(&self, who: &Principal, id: Uuid, secrets: Value) -> Result<()> {
        let row = self.row_for(who, id, Action::TaskRetry).await?;
        let label = id.to_string();
        let resource = Resource::Task {
            id: &label,
            created_by: &row.created_by,
        };
        let audit = self.allowed(who, Action::TaskRetry, &resource, json!({}))?;
        let refused = |reason: &str| Err(TasksError::Conflict(format!("task {id} {reason}")));
        if !has_ended(&row.status) {
            return refused("has not ended; cancel it first");
        }
        if row.status == "completed" {
            return refused("is done; create another one instead");
        }
        let template = spec(&row)?.template()?;
        check_secrets(&template, &secrets)?;
        let before = state(&row)?.before_failure();
        let starts_over = template.starts_over;
        let checkpoint = match starts_over {
            true => TaskState::default(),
            false => before,
        };
        let step = template.steps.get(checkpoint.steps.len());
        let from = step.map_or_else(
            || "the output".to_owned(),
            |step| format!("\"{}\"", step.name),
        );
        let event = NewTaskEvent {
            at: now(),
            kind: "recovered",
            body: json!({
                "message": format!("Tried again by {} from {from}", who.label()),
                "recoverStrategy": if starts_over { "startOver" } else { "checkpoint" },
                "stepId": step.map(|step| &step.id),
            })
            .to_string(),
        };
        let retried = RetriedTask {
            id,
            state: encoded(&checkpoint)?,
            secrets: self.sealed(&label, &secrets)?,
            starts_over,
            event,
        };
        if !self.store().retry_task(&retried, &audit).await? {
            return refused("was changed by somebody else; look at it again");
        }
        self.0.woken.notify_one();
        self.notify(id);
        Ok(())
    }
}
