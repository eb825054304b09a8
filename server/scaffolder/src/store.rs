//! What is kept of a task, so that it can go on after a restart.

use std::collections::HashMap;

use async_trait::async_trait;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Redactor, StepStatus};

/// How far a task is: the words of the task API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of the task API")]
pub enum TaskStatus {
    #[default]
    Open,
    Processing,
    Completed,
    Failed,
    Cancelled,
}

/// What is kept of a task, without secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskState {
    /// How far it is.
    pub status: TaskStatus,
    /// The steps that ended, in order. One that is here is not done again.
    pub steps: Vec<StepState>,
    /// The output of the template, when it is done.
    pub output: Option<Value>,
    /// What failed first. Only steps that ask for it are done from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl TaskState {
    /// The same without secrets: what is kept, and what others see.
    pub(crate) fn redacted(&self, redactor: &Redactor) -> Self {
        let mut state = self.clone();
        for step in &mut state.steps {
            for value in step.output.values_mut() {
                *value = redactor.redact_value(value);
            }
        }
        state.output = state.output.map(|output| redactor.redact_value(&output));
        state
    }

    /// The state to begin at for another try: as it was before the first step that did not end
    /// well.
    #[must_use]
    pub fn before_failure(mut self) -> Self {
        let well =
            |step: &StepState| matches!(step.status, StepStatus::Completed | StepStatus::Skipped);
        let kept = self.steps.iter().take_while(|step| well(step)).count();
        self.steps.truncate(kept);
        Self {
            status: TaskStatus::Open,
            steps: self.steps,
            output: None,
            error: None,
        }
    }
}

/// A step that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepState {
    /// Its id.
    pub id: String,
    /// What became of it.
    pub status: StepStatus,
    /// What later steps see as `steps.<id>.output`.
    pub output: Map<String, Value>,
}

/// Keeps the states of tasks. Saving must be durable before it returns: what was not saved is
/// done again after a crash. A store with leases refuses to save for who has lost the lease.
#[async_trait]
pub trait TaskStore: Send + Sync {
    /// The state of a task, if it was ever saved.
    async fn load(&self, task: &str) -> Result<Option<TaskState>, String>;

    /// Saves the state, in place of the one before.
    async fn save(&self, task: &str, state: &TaskState) -> Result<(), String>;
}

/// States in memory: for dry runs and tests.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<String, TaskState>>);

#[async_trait]
impl TaskStore for MemoryStore {
    async fn load(&self, task: &str) -> Result<Option<TaskState>, String> {
        Ok(self.0.lock().get(task).cloned())
    }

    async fn save(&self, task: &str, state: &TaskState) -> Result<(), String> {
        self.0.lock().insert(task.to_owned(), state.clone());
        Ok(())
    }
}
