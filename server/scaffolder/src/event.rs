//! What a task tells while it runs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened. Stored and sent in the order told; without any secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum TaskEvent {
    /// A line of the log.
    Log {
        /// The step it is about.
        step: Option<String>,
        /// How grave it is.
        level: LogLevel,
        /// The line.
        message: String,
    },
    /// A step began, ended or was left out.
    Step {
        /// The id of the step.
        step: String,
        /// What became of it.
        status: StepStatus,
    },
    /// The task is done.
    Completed {
        /// The output of the template.
        output: Value,
    },
    /// The task failed.
    Failed {
        /// Why, naming the step.
        message: String,
    },
    /// The task was cancelled.
    Cancelled,
}

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the usual words")]
pub enum LogLevel {
    Info,
    Warning,
    Error,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of the task API")]
pub enum StepStatus {
    Processing,
    Completed,
    Failed,
    Cancelled,
    Skipped,
}

/// Where events go: a store, a stream, a test. Must not block for long.
pub trait Events: Send + Sync {
    /// Takes an event.
    fn tell(&self, event: TaskEvent);
}

/// Keeps events in memory.
impl Events for parking_lot::Mutex<Vec<TaskEvent>> {
    fn tell(&self, event: TaskEvent) {
        self.lock().push(event);
    }
}
