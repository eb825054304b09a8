//! Running a task.

mod approval;
mod check;
mod expressions;
mod input;
mod step;

use std::sync::Arc;

use portico_model::template::{Step, Template};
use portico_templating::Engine;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    CatalogPort, Decisions, Events, Fetch, LogLevel, Recorder, Redactor, Registry, StepState,
    StepStatus, TaskError, TaskEvent, TaskState, TaskStatus, TaskStore, Workspace,
};

pub use check::{check, unknown_inputs};
use expressions::Expressions;

/// What to run.
#[derive(Clone, Debug)]
pub struct TaskSpec {
    /// The id of the task.
    pub id: String,
    /// The template.
    pub template: Template,
    /// Where the template is; what relative addresses in it start from.
    pub base_url: Option<String>,
    /// What the form gave.
    pub parameters: Value,
    /// The secrets. Steps see them in their input and `each` alone.
    pub secrets: Value,
    /// `user.ref` and `user.entity`.
    pub user: Value,
    /// `environment.parameters` and `environment.secrets`.
    pub environment: Value,
}

/// A task and everything it reaches the world through.
#[derive(Clone)]
pub struct Task {
    /// What to run.
    pub spec: TaskSpec,
    /// The actions there are.
    pub registry: Registry,
    /// The language of templates.
    pub engine: Engine,
    /// Its folder.
    pub workspace: Workspace,
    /// Where files of templates come from.
    pub fetch: Arc<dyn Fetch>,
    /// The catalog.
    pub catalog: Arc<dyn CatalogPort>,
    /// Where its state is kept.
    pub store: Arc<dyn TaskStore>,
    /// Where it tells what happens.
    pub events: Arc<dyn Events>,
    /// Stops it.
    pub cancelled: CancellationToken,
    /// Present for a dry run.
    pub dry_run: Option<Recorder>,
    /// What people decided so far.
    pub decisions: Decisions,
}

/// What came of a task.
#[derive(Debug)]
pub struct Outcome {
    /// The final state.
    pub state: TaskState,
    /// Why it failed, or that it was cancelled.
    pub error: Option<TaskError>,
}

impl Task {
    /// Runs the task to its end, or to where people have to decide something
    /// ([`TaskError::Waiting`]), from where its stored state says it is. After a failure only
    /// those steps are done whose `if` asks for it with `always()` or `failure()`.
    pub async fn run(&self) -> Outcome {
        let redactor = self.redactor();
        let mut state = match self.store.load(&self.spec.id).await {
            Ok(state) => state.unwrap_or_default(),
            Err(reason) => {
                return self
                    .end(TaskState::default(), Some(TaskError::Store(reason)))
                    .await;
            }
        };
        let mut error = check(&self.spec.template, &self.registry).err();
        error = error.or_else(|| state.error.clone().map(TaskError::Earlier));
        if error.is_none() && state.steps.is_empty() {
            error = self.approved(None, &state, &redactor).err();
        }
        state.status = TaskStatus::Processing;
        if error.is_none() || state.error.is_some() {
            for (index, step) in self.spec.template.steps.iter().enumerate() {
                // The same step by place: what was saved is the beginning of the list.
                if index < state.steps.len() {
                    continue;
                }
                let failed = error.is_some();
                let done = self.step(step, &state, failed, &redactor).await;
                if let Err(waiting @ TaskError::Waiting(_)) = done {
                    return Outcome {
                        state,
                        error: Some(waiting),
                    };
                }
                let (ended, problem) = self.ended(step, done, &redactor);
                state.steps.push(ended);
                // The first failure is the reason; those of cleaning up are in the log.
                error = error.or(problem);
                let failed = error
                    .as_ref()
                    .filter(|it| !matches!(it, TaskError::Cancelled));
                state.error = failed.map(|it| redactor.redact(&it.to_string()));
                if let Err(reason) = self.save(&state, &redactor).await {
                    return self.end(state, Some(TaskError::Store(reason))).await;
                }
                if matches!(error, Some(TaskError::Cancelled)) {
                    break;
                }
            }
        }
        if matches!(error, Some(TaskError::Waiting(_))) {
            return Outcome { state, error };
        }
        if error.is_none() {
            match self.output(&state) {
                Ok(output) => state.output = Some(redactor.redact_value(&output)),
                Err(problem) => error = Some(TaskError::Output(Box::new(problem))),
            }
        }
        self.end(state, error).await
    }

    fn redactor(&self) -> Redactor {
        let environment = self.spec.environment.get("secrets");
        Redactor::new(&json!([self.spec.secrets, environment]))
    }

    /// The state of a step that ended, and what went wrong.
    fn ended(
        &self,
        step: &Step,
        done: Result<step::Done, TaskError>,
        redactor: &Redactor,
    ) -> (StepState, Option<TaskError>) {
        let (status, output, error) = match done {
            Ok(step::Done::Completed(output)) => (StepStatus::Completed, output, None),
            Ok(step::Done::Skipped) => (StepStatus::Skipped, Map::new(), None),
            Err(TaskError::Cancelled) => (
                StepStatus::Cancelled,
                Map::new(),
                Some(TaskError::Cancelled),
            ),
            Err(error) => (StepStatus::Failed, Map::new(), Some(error)),
        };
        if let Some(error) = &error {
            self.events.tell(TaskEvent::Log {
                step: Some(step.id.clone()),
                level: LogLevel::Error,
                message: redactor.redact(&error.to_string()),
            });
        }
        self.events.tell(TaskEvent::Step {
            step: step.id.clone(),
            status,
        });
        let state = StepState {
            id: step.id.clone(),
            status,
            output,
        };
        (state, error)
    }

    async fn end(&self, mut state: TaskState, error: Option<TaskError>) -> Outcome {
        state.status = match error {
            None => TaskStatus::Completed,
            Some(TaskError::Cancelled) => TaskStatus::Cancelled,
            Some(_) => TaskStatus::Failed,
        };
        let redactor = self.redactor();
        if !matches!(error, None | Some(TaskError::Cancelled)) {
            let error = error.as_ref().map(ToString::to_string).unwrap_or_default();
            state.error = Some(redactor.redact(&error));
        }
        // A store that fails was told of already, or the next replica finds the last state.
        let saved = self.save(&state, &redactor).await;
        let error = error.or_else(|| saved.err().map(TaskError::Store));
        let state = state.redacted(&redactor);
        self.events.tell(match &error {
            None => TaskEvent::Completed {
                output: state.output.clone().unwrap_or_default(),
            },
            Some(TaskError::Cancelled) => TaskEvent::Cancelled,
            Some(error) => TaskEvent::Failed {
                message: redactor.redact(&error.to_string()),
            },
        });
        Outcome { state, error }
    }

    /// Keeps a state. Steps after this one see outputs whole; whoever goes on with the task
    /// after a restart sees `***` where secrets were.
    async fn save(&self, state: &TaskState, redactor: &Redactor) -> Result<(), String> {
        let state = state.redacted(redactor);
        self.store.save(&self.spec.id, &state).await
    }

    /// The links, texts and values that the template promises.
    fn output(&self, state: &TaskState) -> portico_templating::Result<Value> {
        let expressions = Expressions::new(self, state, false);
        let context = expressions.without_secrets()?;
        let output = &self.spec.template.output;
        let shown = |condition: &Option<_>, field: String| {
            let shown = expressions.holds(condition.as_ref(), &context);
            shown.map_err(|error| error.within(&field))
        };
        let (mut links, mut texts) = (Vec::new(), Vec::new());
        for (at, link) in output.links.iter().enumerate() {
            if shown(&link.condition, format!("links[{at}].if"))? {
                let link = json!({
                    "title": link.title, "icon": link.icon,
                    "url": link.url, "entityRef": link.entity_ref,
                });
                let link = self.engine.render_value(&link, &context);
                links.push(link.map_err(|error| error.within(&format!("links[{at}]")))?);
            }
        }
        for (at, text) in output.text.iter().enumerate() {
            if shown(&text.condition, format!("text[{at}].if"))? {
                let text = json!({"title": text.title, "icon": text.icon, "content": text.content});
                let text = self.engine.render_value(&text, &context);
                texts.push(text.map_err(|error| error.within(&format!("text[{at}]")))?);
            }
        }
        let others = Value::Object(output.others.clone());
        let mut all = self.engine.render_value(&others, &context)?;
        all["links"] = links.into();
        all["text"] = texts.into();
        Ok(all)
    }
}
