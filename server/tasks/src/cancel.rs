//! Stopping a task.

use portico_access::{Action, Principal, Resource};
use portico_store::{CancelOutcome, NewTaskEvent};
use serde_json::json;
use uuid::Uuid;

use crate::{Result, Tasks, TasksError, now};

impl Tasks {
    /// Asks for a task to stop. One that runs stops in the middle of its step: at once when it
    /// runs in this process, else within a second or so.
    pub async fn cancel(&self, who: &Principal, id: Uuid) -> Result<()> {
        let row = self.row_for(who, id, Action::TaskCancel).await?;
        let label = id.to_string();
        let resource = Resource::Task {
            id: &label,
            created_by: &row.created_by,
        };
        let audit = self.allowed(who, Action::TaskCancel, &resource, json!({}))?;
        let events = ended_events(&who.label());
        match self.store().cancel_task(id, &events, &audit).await? {
            CancelOutcome::Cancelled => {}
            CancelOutcome::Requested => {
                if let Some((_, running)) = self.0.running.lock().get(&id) {
                    running.cancel();
                }
            }
            CancelOutcome::TooLate => {
                return Err(TasksError::Conflict(format!(
                    "task {id} has ended already; there is nothing to cancel"
                )));
            }
        }
        self.notify(id);
        Ok(())
    }
}

/// What a task that no process had begun with says at its end.
fn ended_events(by: &str) -> [NewTaskEvent; 2] {
    let at = now();
    [
        NewTaskEvent {
            at,
            kind: "cancelled",
            body: json!({"message": format!("Cancelled by {by}")}).to_string(),
        },
        NewTaskEvent {
            at,
            kind: "completion",
            body: json!({
                "message": "Run completed with status: cancelled",
                "status": "cancelled",
            })
            .to_string(),
        },
    ]
}
