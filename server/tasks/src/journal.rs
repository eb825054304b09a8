//! What a running task writes down: checkpoints with their files, and what it says.
//!
//! Lines of the log are written as soon as the writer is free, so that whoever watches sees them
//! while a step works. A checkpoint is written with everything said before it.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use parking_lot::Mutex;
use portico_model::template::Template;
use portico_scaffolder::{
    Events, StepStatus, TaskEvent, TaskState, TaskStatus, TaskStore, Workspace,
};
use portico_store::{NewTaskEvent, StoreError};
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    Tasks, now,
    snapshot::{self, Packed},
};

/// Lines of actions that are kept of one run.
const MAX_LINES: usize = 10_000;
/// Files that are named at the end.
const MAX_FILES: usize = 1_000;
/// How much of one line is kept, in bytes.
const MAX_LINE: usize = 16 << 10;

/// The store and the events of one run of a task.
pub(crate) struct Journal {
    tasks: Tasks,
    id: Uuid,
    token: i64,
    /// What people see of steps, by id.
    names: HashMap<String, String>,
    /// How many steps the template has.
    steps: usize,
    /// Where the run begins.
    first: TaskState,
    workspace: Workspace,
    told: Mutex<Vec<NewTaskEvent>>,
    /// Lines of actions so far.
    lines: AtomicUsize,
    wake: Notify,
    /// Held while writing; what tells whether the files changed since they were last kept.
    kept: tokio::sync::Mutex<Option<[u8; 32]>>,
    /// The run ends after the step that it is at.
    stopping: AtomicBool,
}

impl Journal {
    pub(crate) fn new(
        tasks: &Tasks,
        (id, token): (Uuid, i64),
        template: &Template,
        first: TaskState,
        workspace: Workspace,
    ) -> Self {
        let steps = template.steps.iter();
        Self {
            tasks: tasks.clone(),
            id,
            token,
            names: steps.map(|it| (it.id.clone(), it.name.clone())).collect(),
            steps: template.steps.len(),
            first,
            workspace,
            told: Mutex::default(),
            lines: AtomicUsize::new(0),
            wake: Notify::new(),
            kept: tokio::sync::Mutex::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// Has the run end after the step that it is at.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Says something that no action says.
    pub(crate) fn say(&self, kind: &'static str, body: &Value) {
        self.told.lock().push(NewTaskEvent {
            at: now(),
            kind,
            body: body.to_string(),
        });
        self.wake.notify_one();
    }

    /// Writes what was said, whenever there is something. Never ends by itself.
    pub(crate) async fn keep_writing(&self) {
        loop {
            self.wake.notified().await;
            if let Err(error) = self.write(None).await {
                // Whoever works on the task now says it again, or the next checkpoint fails too.
                tracing::warn!(task = %self.id, %error, "the log of a task is not written");
            }
        }
    }

    /// Path and size of each file that is in the folder of the task, and how many more there are.
    pub(crate) async fn files(&self) -> (Vec<Value>, usize) {
        let workspace = self.workspace.clone();
        let listed = tokio::task::spawn_blocking(move || workspace.list(".")).await;
        let Ok(Ok(entries)) = listed else {
            return (Vec::new(), 0);
        };
        let files: Vec<_> = entries.iter().filter(|it| !it.is_folder).collect();
        let named = files.iter().take(MAX_FILES);
        let named = named.map(|it| json!({"path": it.path, "size": it.size}));
        (named.collect(), files.len().saturating_sub(MAX_FILES))
    }

    /// What was said and is not written yet, for the end of the task.
    pub(crate) async fn rest(&self) -> Vec<NewTaskEvent> {
        let _writing = self.kept.lock().await;
        std::mem::take(&mut *self.told.lock())
    }

    async fn write(&self, state: Option<&TaskState>) -> Result<(), String> {
        let mut kept = self.kept.lock().await;
        let told = std::mem::take(&mut *self.told.lock());
        if told.is_empty() && state.is_none() {
            return Ok(());
        }
        let files = match state {
            Some(state) => self.changed_files(state, *kept).await?,
            None => None,
        };
        let state = state
            .map(serde_json::to_string)
            .transpose()
            .map_err(|error| error.to_string())?;
        let bytes = files.as_ref().map(|it| it.bytes.as_slice());
        let saved = self
            .tasks
            .store()
            .save_task(self.id, self.token, now(), state.as_deref(), bytes, &told)
            .await;
        match saved {
            Ok(()) => {
                if let Some(files) = files {
                    *kept = Some(files.digest);
                }
                self.tasks.notify(self.id);
                Ok(())
            }
            Err(error) => {
                if !matches!(error, StoreError::LostTask { .. }) {
                    // Another try may write them.
                    self.told.lock().splice(..0, told);
                }
                Err(error.to_string())
            }
        }
    }

    /// The files of a checkpoint that somebody may go on from, when they are others than before.
    async fn changed_files(
        &self,
        state: &TaskState,
        kept: Option<[u8; 32]>,
    ) -> Result<Option<Packed>, String> {
        let last = state.steps.last();
        let went_well = last.is_some_and(|step| step.status == StepStatus::Completed);
        if !went_well || state.error.is_some() || state.steps.len() == self.steps {
            return Ok(None);
        }
        let workspace = self.workspace.clone();
        let packed = tokio::task::spawn_blocking(move || snapshot::pack(&workspace)).await;
        let mut packed = match packed.map_err(|error| error.to_string())? {
            Ok(packed) => packed,
            // The task goes on; on another replica, or after a failure, it cannot.
            Err(error) => {
                tracing::warn!(task = %self.id, %error, "the files of a task are not kept");
                Packed {
                    bytes: Vec::new(),
                    digest: [0; 32],
                }
            }
        };
        if kept == Some(packed.digest) {
            return Ok(None);
        }
        // Skeletons may put secrets into files.
        if let Some(key) = &self.tasks.options().key
            && !packed.bytes.is_empty()
        {
            let sealed = key.seal(&self.id.to_string(), &packed.bytes);
            packed.bytes = sealed.map_err(|error| error.to_string())?;
        }
        Ok(Some(packed))
    }
}

#[async_trait]
impl TaskStore for Journal {
    async fn load(&self, _: &str) -> Result<Option<TaskState>, String> {
        Ok(Some(self.first.clone()))
    }

    async fn save(&self, _: &str, state: &TaskState) -> Result<(), String> {
        // The end of a task is written by who runs it, with the reason.
        if state.status != TaskStatus::Processing {
            return Ok(());
        }
        self.write(Some(state)).await?;
        match self.stopping.load(Ordering::Relaxed) && state.steps.len() < self.steps {
            true => Err("this process stops; another one goes on".to_owned()),
            false => Ok(()),
        }
    }
}

impl Events for Journal {
    fn tell(&self, event: TaskEvent) {
        let body = match event {
            TaskEvent::Log {
                step,
                level,
                message,
            } => match self.lines.fetch_add(1, Ordering::Relaxed) {
                ..MAX_LINES => {
                    json!({"message": shortened(&message), "stepId": step, "level": level})
                }
                MAX_LINES => json!({
                    "message": format!("There are more than {MAX_LINES} lines; the rest is not kept"),
                    "stepId": step,
                    "level": "warning",
                }),
                _ => return,
            },
            TaskEvent::Step { step, status } => {
                let name = self.names.get(&step).unwrap_or(&step);
                let message = match status {
                    StepStatus::Processing => format!("Beginning step {name}"),
                    StepStatus::Completed => format!("Finished step {name}"),
                    StepStatus::Failed => format!("Step {name} failed"),
                    StepStatus::Cancelled => format!("Step {name} was cancelled"),
                    StepStatus::Skipped => format!("Skipped step {name}"),
                };
                json!({"message": message, "stepId": step, "status": status})
            }
            // Written with the end of the task.
            TaskEvent::Completed { .. } | TaskEvent::Failed { .. } | TaskEvent::Cancelled => return,
        };
        self.say("log", &body);
    }
}

/// A line that is not endless.
fn shortened(message: &str) -> Cow<'_, str> {
    match message.len() {
        ..=MAX_LINE => Cow::Borrowed(message),
        _ => Cow::Owned(format!(
            "{}…",
            &message[..message.floor_char_boundary(MAX_LINE)]
        )),
    }
}
