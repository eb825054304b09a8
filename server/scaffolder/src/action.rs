//! What an action is.

use std::sync::Arc;

use async_trait::async_trait;
use portico_templating::Engine;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::{
    ActionError, CatalogPort, Events, Fetch, LogLevel, Recorder, Redactor, TaskEvent, Workspace,
};

/// One thing that steps can do: native, or of a plugin.
#[async_trait]
pub trait Action: Send + Sync {
    /// What steps call it, such as `fetch:template`.
    fn id(&self) -> &str;

    /// What it does, for authors of templates, in a sentence or two.
    fn description(&self) -> &str;

    /// The JSON Schema of its input. Input is checked against it before [`Action::run`].
    fn input(&self) -> Value;

    /// The JSON Schema of its output.
    fn output(&self) -> Value {
        serde_json::json!({"type": "object"})
    }

    /// How it is used.
    fn examples(&self) -> Vec<Example> {
        Vec::new()
    }

    /// Whether it can run without effects beyond the workspace. One that cannot is left out of
    /// dry runs, and its first example's output stands for its own.
    fn supports_dry_run(&self) -> bool {
        false
    }

    /// Does it. Stops when the task is cancelled. The result is `steps.<id>.output`.
    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError>;
}

/// How an action is used, for the page of actions.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it shows.
    pub description: String,
    /// The input.
    pub input: Value,
    /// What comes out, in a dry run that cannot call the action.
    pub output: Map<String, Value>,
}

/// What an action gets.
#[derive(Clone)]
pub struct ActionContext {
    /// The task, and the step in it.
    pub task: String,
    /// The id of the step.
    pub step: String,
    /// The input, rendered and checked.
    pub input: Value,
    /// The folder of the task.
    pub workspace: Workspace,
    /// Present in a dry run: what would be done is told here and not done.
    pub dry_run: Option<Recorder>,
    /// The language of templates.
    pub engine: Engine,
    /// Where files of templates come from.
    pub fetch: Arc<dyn Fetch>,
    /// Where the template is; what relative addresses start from.
    pub base_url: Option<String>,
    /// The ref of the template.
    pub template_ref: Option<String>,
    /// The catalog.
    pub catalog: Arc<dyn CatalogPort>,
    /// Stops the action.
    pub cancelled: CancellationToken,
    pub(crate) events: Arc<dyn Events>,
    pub(crate) redactor: Redactor,
}

impl ActionContext {
    /// Says something in the log of the step. Secrets are taken out.
    pub fn log(&self, message: impl AsRef<str>) {
        self.events.tell(TaskEvent::Log {
            step: Some(self.step.clone()),
            level: LogLevel::Info,
            message: self.redactor.redact(message.as_ref()),
        });
    }

    /// Whether a text is one of the task's secrets, as a whole.
    pub fn is_secret(&self, text: &str) -> bool {
        self.redactor.is_secret(text)
    }

    /// A value without the task's secrets.
    pub fn redacted(&self, value: &Value) -> Value {
        self.redactor.redact_value(value)
    }

    /// A field of the input that is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.input.get(field).and_then(Value::as_str)
    }

    /// A field of the input that has to be there. The schema says so as well; this is for
    /// actions whose schema is looser.
    pub fn required(&self, field: &str) -> Result<&str, ActionError> {
        let missing = || ActionError::Input(format!("input.{field} is missing"));
        self.text(field).ok_or_else(missing)
    }

    /// A field of the input that is true.
    pub fn flag(&self, field: &str) -> bool {
        self.input
            .get(field)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// A field of the input that is a list of texts.
    pub fn texts(&self, field: &str) -> Vec<&str> {
        let list = self.input.get(field).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}
