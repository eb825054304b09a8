//! One run of a task that this process has claimed.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::FutureExt as _;
use portico_access::Principal;
use portico_scaffolder::{Decisions, Outcome, Task, TaskError, TaskSpec, TaskState, Workspace};
use portico_store::{ClaimedTask, StoreError, TaskEnd, TaskRow};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    Result, Tasks, TasksError, catalog_port::CatalogOf, fetch::TemplateFetch, journal::Journal,
    now, registry::Place, snapshot, view,
};

/// What the loop says to a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    /// Somebody asked for the task to stop.
    pub(crate) cancel: CancellationToken,
    /// The lease was lost: nothing that is done from here on counts.
    pub(crate) lost: CancellationToken,
    /// The process stops: end after this step.
    pub(crate) drain: CancellationToken,
}

/// A task, ready to run.
struct Prepared {
    task: Task,
    journal: Arc<Journal>,
    /// Gone with the run.
    _folder: tempfile::TempDir,
}

impl Tasks {
    /// Runs a task until it ends, the process stops, or the lease is lost.
    pub(crate) async fn run_claimed(&self, claim: ClaimedTask, control: &Control) {
        let id = claim.id;
        // A panic is a bug, and would come again: the task fails, and others go on.
        let run = AssertUnwindSafe(self.try_run(claim, control)).catch_unwind();
        let outcome = match run.await {
            Ok(outcome) => outcome,
            Err(_) => self.end_panicked(claim).await,
        };
        match outcome {
            Ok(()) => {}
            Err(TasksError::Store(StoreError::LostTask { .. })) => {
                tracing::warn!(task = %id, "the task was taken over by another process");
            }
            // The lease runs out, and the task is tried again.
            Err(error) => tracing::error!(task = %id, %error, "a task is not ended"),
        }
        self.notify(id);
    }

    async fn try_run(&self, claim: ClaimedTask, control: &Control) -> Result<()> {
        let row = self.row(claim.id).await?;
        if row.cancel_requested {
            control.cancel.cancel();
        }
        let prepared = match self.prepare(&row, claim, control).await {
            Ok(prepared) => prepared,
            Err(TasksError::Store(error)) => return Err(error.into()),
            Err(error) => return self.end_unprepared(&row, claim, &error.to_string()).await,
        };
        let journal = prepared.journal.clone();
        let timed_out = AtomicBool::new(false);
        let outcome = {
            let run = prepared.task.run();
            tokio::pin!(run);
            let writing = journal.keep_writing();
            tokio::pin!(writing);
            let timeout = tokio::time::sleep(self.options().timeout);
            tokio::pin!(timeout);
            let mut draining = false;
            loop {
                tokio::select! {
                    outcome = &mut run => break outcome,
                    () = &mut writing => {}
                    () = &mut timeout, if !timed_out.load(Ordering::Relaxed) => {
                        timed_out.store(true, Ordering::Relaxed);
                        prepared.task.cancelled.cancel();
                    }
                    () = control.drain.cancelled(), if !draining => {
                        draining = true;
                        journal.stop();
                    }
                    () = control.lost.cancelled() => {
                        return Err(StoreError::LostTask { id: claim.id }.into());
                    }
                }
            }
        };
        if let Some(TaskError::Store(reason)) = &outcome.error {
            // Somebody goes on from the last checkpoint: another replica at once when this one
            // stops, else whoever has time when the lease runs out.
            if control.drain.is_cancelled() {
                self.store().release_task(claim.id, claim.token).await?;
            } else {
                tracing::warn!(task = %claim.id, reason, "a task is interrupted");
            }
            return Ok(());
        }
        if let Some(TaskError::Waiting(needed)) = &outcome.error
            && !control.cancel.is_cancelled()
        {
            return self.wait(claim, &journal, &outcome.state, needed).await;
        }
        let end = self
            .ending(&journal, outcome, timed_out.into_inner())
            .await?;
        tracing::info!(task = %claim.id, status = end.status, "a task ended");
        Ok(self
            .store()
            .end_task(claim.id, claim.token, now(), &end)
            .await?)
    }

    async fn prepare(
        &self,
        row: &TaskRow,
        claim: ClaimedTask,
        control: &Control,
    ) -> Result<Prepared> {
        let (spec, state) = (view::spec(row)?, view::state(row)?);
        let template = spec.template()?;
        let who = self
            .creator(&row.created_by, spec.credential.as_ref())
            .await?;
        let state = match template.starts_over && claim.recovered {
            true => TaskState::default(),
            false => state,
        };
        let folder = self.folder(claim)?;
        let workspace = Workspace::open(folder.path(), self.options().limits)
            .map_err(TasksError::io("the folder of the task cannot be opened"))?;
        if !state.steps.is_empty() {
            self.restore(row, &workspace).await?;
        }
        let journal = Arc::new(Journal::new(
            self,
            (claim.id, claim.token),
            &template,
            state,
            workspace.clone(),
        ));
        let depth = spec.depth;
        let spec = TaskSpec {
            id: row.id.to_string(),
            template,
            base_url: spec.base_url,
            parameters: view::parameters(row)?,
            secrets: self.opened(row).await?,
            user: spec.user,
            environment: self.environment(),
        };
        let place = Place {
            folder: folder.path(),
            depth,
        };
        let mut task = self.task(&who, spec, place, workspace).await?;
        task.decisions = self.decisions(row.id).await?;
        task.store = journal.clone();
        task.events = journal.clone();
        task.cancelled = control.cancel.child_token();
        Ok(Prepared {
            task,
            journal,
            _folder: folder,
        })
    }

    /// A task with everything that it reaches the world through, in the name of somebody. It
    /// keeps its state and its events in memory, until the caller puts something else there.
    pub(crate) async fn task(
        &self,
        who: &Principal,
        spec: TaskSpec,
        place: Place<'_>,
        workspace: Workspace,
    ) -> Result<Task> {
        Ok(Task {
            spec,
            registry: self.registry(who, Some(place)).await?,
            engine: self.0.engine.clone(),
            workspace,
            fetch: Arc::new(TemplateFetch {
                who: who.clone(),
                scm: self.0.scm.clone(),
                sources: self.catalog().sources().clone(),
                beside: None,
            }),
            catalog: Arc::new(CatalogOf {
                catalog: self.catalog().clone(),
                who: who.clone(),
            }),
            store: Arc::new(portico_scaffolder::MemoryStore::default()),
            events: Arc::new(parking_lot::Mutex::new(Vec::new())),
            cancelled: CancellationToken::new(),
            dry_run: None,
            decisions: Decisions::default(),
        })
    }

    /// A folder for one run. Its name says whose it is, for the janitor.
    fn folder(&self, claim: ClaimedTask) -> Result<tempfile::TempDir> {
        let parent = &self.options().folder;
        let failed = || TasksError::io("the folder of the task cannot be made");
        std::fs::create_dir_all(parent).map_err(failed())?;
        tempfile::Builder::new()
            .prefix(&format!("{}_{}_", claim.id, claim.token))
            .tempdir_in(parent)
            .map_err(failed())
    }

    /// Brings back the files of the last checkpoint.
    async fn restore(&self, row: &TaskRow, workspace: &Workspace) -> Result<()> {
        let Some(bytes) = self.store().task_workspace(row.id).await? else {
            // No step wrote a file.
            return Ok(());
        };
        let damaged = |error: &dyn std::fmt::Display| {
            TasksError::inconsistent(format!("the files of task {}", row.id), error)
        };
        if bytes.is_empty() {
            return Err(damaged(&snapshot::SnapshotError::TooLarge));
        }
        let bytes = match &self.options().key {
            Some(key) => key
                .open(&row.id.to_string(), &bytes)
                .map_err(|error| damaged(&error))?,
            None => bytes,
        };
        let workspace = workspace.clone();
        let unpacked =
            tokio::task::spawn_blocking(move || snapshot::unpack(&bytes, &workspace)).await;
        unpacked
            .map_err(|error| damaged(&error))?
            .map_err(|error| damaged(&error))
    }

    /// The secrets of a task.
    async fn opened(&self, row: &TaskRow) -> Result<Value> {
        let Some(sealed) = self.store().task_secrets(row.id).await? else {
            return Ok(json!({}));
        };
        let what = || format!("the secrets of task {}", row.id);
        let key = self.options().key.as_ref();
        let key = key.ok_or_else(|| {
            TasksError::inconsistent(what(), "this process has no scaffolder.secretsKey")
        })?;
        let plain = key.open(&row.id.to_string(), &sealed);
        let plain = plain.map_err(|error| TasksError::inconsistent(what(), error))?;
        serde_json::from_slice(&plain).map_err(|error| TasksError::inconsistent(what(), error))
    }

    /// How the task ends, and what it says of it.
    async fn ending(
        &self,
        journal: &Journal,
        outcome: Outcome,
        timed_out: bool,
    ) -> Result<TaskEnd> {
        let Outcome { mut state, error } = outcome;
        let status = match &error {
            None => "completed",
            Some(TaskError::Cancelled) if timed_out => {
                let limit = self.options().timeout.as_secs();
                state.error = Some(format!("the task took longer than {limit} s"));
                "failed"
            }
            // One that is to wait ends here when somebody has asked for it to stop.
            Some(TaskError::Cancelled | TaskError::Waiting(_)) => "cancelled",
            Some(_) => "failed",
        };
        let mut body = json!({
            "message": format!("Run completed with status: {status}"),
            "status": status,
        });
        if let Some(output) = &state.output {
            body["output"] = output.clone();
        }
        if let Some(error) = &state.error {
            body["error"] = json!({"message": error});
        }
        let (files, more) = journal.files().await;
        if !files.is_empty() {
            body["files"] = files.into();
            body["moreFiles"] = more.into();
        }
        if status == "cancelled" {
            journal.say("cancelled", &json!({"message": "The task was cancelled"}));
        }
        journal.say("completion", &body);
        Ok(TaskEnd {
            status,
            state: crate::create::encoded(&state)?,
            events: journal.rest().await,
            keep_workspace: status != "completed",
        })
    }

    async fn end_panicked(&self, claim: ClaimedTask) -> Result<()> {
        let row = self.row(claim.id).await?;
        let reason = "something failed inside the server; its log has the details";
        self.end_unprepared(&row, claim, reason).await
    }

    /// Ends a task that cannot even begin, or cannot go on.
    async fn end_unprepared(&self, row: &TaskRow, claim: ClaimedTask, reason: &str) -> Result<()> {
        tracing::warn!(task = %row.id, reason, "a task cannot run");
        let mut state = view::state(row).unwrap_or_default();
        state.error = Some(reason.to_owned());
        let body = json!({
            "message": "Run completed with status: failed",
            "status": "failed",
            "error": {"message": reason},
        });
        let end = TaskEnd {
            status: "failed",
            state: crate::create::encoded(&state)?,
            events: vec![portico_store::NewTaskEvent {
                at: now(),
                kind: "completion",
                body: body.to_string(),
            }],
            keep_workspace: true,
        };
        Ok(self
            .store()
            .end_task(claim.id, claim.token, now(), &end)
            .await?)
    }
}
