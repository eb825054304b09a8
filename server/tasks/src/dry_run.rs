//! What a template would do, without doing it.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use parking_lot::Mutex;
use portico_access::{Action, Principal, Resource};
use portico_scaffolder::{Effect, FetchedFile, Recorder, TaskEvent, TaskSpec, Workspace};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Result, StepView, Tasks, TasksError,
    create::template_ref,
    fetch::TemplateFetch,
    parameters::has_secrets,
    registry::Place,
    template::{Spec, parse},
};

/// How long one may take.
const TIMEOUT: Duration = Duration::from_secs(45);
/// How much of the files is shown, in bytes.
const MAX_SHOWN: usize = 10 << 20;

/// What to try.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    /// The template.
    #[serde(flatten)]
    pub template: DryRunTemplate,
    /// What the form gives.
    #[serde(default)]
    pub values: Value,
    /// What only steps may see.
    #[serde(default)]
    pub secrets: Value,
    /// The registered template that a draft is made from: what is beside it, is beside the draft.
    #[serde(default)]
    pub beside: Option<String>,
    /// What is beside a draft: `./skeleton` and the like.
    #[serde(default)]
    pub directory_contents: Vec<DryRunFile>,
}

/// The template of a dry run.
#[derive(Clone, Debug, Deserialize)]
pub enum DryRunTemplate {
    /// A draft: the entity.
    #[serde(rename = "template")]
    Draft(Value),
    /// One that is in the catalog.
    #[serde(rename = "templateRef")]
    Registered(String),
}

/// A file beside a draft, or that came of a dry run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRunFile {
    /// From the folder of the template, or of the task.
    pub path: String,
    /// The content in base64.
    pub base64_content: String,
    /// Whether somebody may run it.
    #[serde(default)]
    pub executable: bool,
}

/// What would come of a template.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRunResult {
    /// What it says: `{body: {message, stepId, status}}`, in order.
    pub log: Vec<Value>,
    /// The files in the task's folder at the end.
    pub directory_contents: Vec<DryRunFile>,
    /// There are more files than are shown.
    pub truncated: bool,
    /// The output of the template.
    pub output: Value,
    /// The steps, with what became of each.
    pub steps: Vec<StepView>,
    /// Everything that would have happened outside.
    pub effects: Vec<Effect>,
    /// Why it would fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Tasks {
    /// Runs a template with all effects recorded instead of done. Values that no task would be
    /// created with are refused here too, those of a draft as well. What the portal lacks to keep
    /// secrets is nothing against a draft: a dry run keeps none.
    pub async fn dry_run(&self, who: &Principal, dry: DryRun) -> Result<DryRunResult> {
        let spec = match dry.template {
            DryRunTemplate::Registered(text) => {
                let template = template_ref(&text)?;
                let name = template.to_string();
                self.require(who, Action::TemplateDryRun, &Resource::Template(&name))?;
                // A task could not be created.
                if has_secrets(&dry.secrets) {
                    self.secrets_key()?;
                }
                self.template_spec(who, &template).await?
            }
            DryRunTemplate::Draft(entity) => {
                self.require(who, Action::TemplateDryRun, &Resource::Any)?;
                let base_url = match &dry.beside {
                    Some(text) => {
                        let template = template_ref(text)?;
                        self.template_spec(who, &template).await?.base_url
                    }
                    None => None,
                };
                Spec {
                    entity,
                    base_url,
                    user: self.user(who).await?,
                    depth: 0,
                    credential: None,
                }
            }
        };
        let template = parse(&spec.entity)?;
        let accepted = self.accepted(who, &template, dry.values, &dry.secrets);
        let parameters = accepted.await?;
        let files = dry.directory_contents.into_iter().map(decoded);
        let files: Vec<FetchedFile> = files.collect::<Result<_>>()?;
        let is_draft = spec.base_url.is_none();
        let _permit = self.0.dry_runs.acquire().await;
        let folder = tempfile::tempdir()
            .map_err(TasksError::io("a temporary folder cannot be made (TMPDIR)"))?;
        let workspace = Workspace::open(folder.path(), self.options().limits)
            .map_err(TasksError::io("the temporary folder cannot be opened"))?;
        let recorder = Recorder::default();
        let told = Arc::new(Mutex::new(Vec::new()));
        let spec = TaskSpec {
            id: "dry-run".to_owned(),
            template: template.clone(),
            base_url: spec.base_url,
            parameters,
            secrets: if dry.secrets.is_null() {
                json!({})
            } else {
                dry.secrets
            },
            user: spec.user,
            environment: self.shown_environment(),
        };
        let place = Place {
            folder: folder.path(),
            depth: 0,
        };
        let mut task = self.task(who, spec, place, workspace.clone()).await?;
        task.events = told.clone();
        task.dry_run = Some(recorder.clone());
        if is_draft || !files.is_empty() {
            task.fetch = Arc::new(TemplateFetch {
                who: who.clone(),
                scm: self.0.scm.clone(),
                sources: self.catalog().sources().clone(),
                beside: Some(files),
            });
        }
        let cancelled = task.cancelled.clone();
        let late = async {
            tokio::time::sleep(TIMEOUT).await;
            cancelled.cancel();
            std::future::pending::<()>().await;
        };
        let outcome = tokio::select! {
            outcome = task.run() => outcome,
            () = late => return Err(TasksError::Input("the dry run does not end".to_owned())),
        };
        let shown = tokio::task::spawn_blocking(move || shown(&workspace)).await;
        let (directory_contents, truncated) = shown
            .map_err(|error| TasksError::inconsistent("a dry run", error))?
            .map_err(|error| TasksError::inconsistent("a dry run", error))?;
        let log = told.lock().iter().filter_map(line).collect();
        let steps = template
            .steps
            .iter()
            .enumerate()
            .map(|(at, step)| StepView {
                id: step.id.clone(),
                name: step.name.clone(),
                action: step.action.clone(),
                status: outcome.state.steps.get(at).map(|it| it.status),
            });
        Ok(DryRunResult {
            log,
            directory_contents,
            truncated,
            steps: steps.collect(),
            effects: recorder.effects(),
            error: outcome.state.error.clone().or_else(|| {
                // Nothing but the time-out cancels a dry run.
                let late = outcome.error.is_some();
                late.then(|| format!("it took longer than {} s", TIMEOUT.as_secs()))
            }),
            output: outcome.state.output.unwrap_or_else(|| json!({})),
        })
    }
}

fn decoded(file: DryRunFile) -> Result<FetchedFile> {
    let content = STANDARD.decode(&file.base64_content).map_err(|error| {
        TasksError::Input(format!(
            "directoryContents: {} is no base64: {error}",
            file.path
        ))
    })?;
    Ok(FetchedFile {
        path: file.path.trim_start_matches("./").to_owned(),
        content,
        is_executable: file.executable,
    })
}

fn shown(
    workspace: &Workspace,
) -> std::result::Result<(Vec<DryRunFile>, bool), portico_scaffolder::WorkspaceError> {
    let (mut files, mut bytes, mut truncated) = (Vec::new(), 0, false);
    for entry in workspace.list(".")? {
        if entry.is_folder {
            continue;
        }
        if bytes + entry.size as usize > MAX_SHOWN {
            truncated = true;
            continue;
        }
        bytes += entry.size as usize;
        files.push(DryRunFile {
            base64_content: STANDARD.encode(workspace.read(&entry.path)?),
            path: entry.path,
            executable: entry.is_executable,
        });
    }
    Ok((files, truncated))
}

fn line(event: &TaskEvent) -> Option<Value> {
    let body = match event {
        TaskEvent::Log {
            step,
            level,
            message,
        } => json!({"message": message, "stepId": step, "level": level}),
        TaskEvent::Step { step, status } => {
            let word = serde_json::to_value(status).ok()?;
            let message = format!("Step {step}: {}", word.as_str().unwrap_or_default());
            json!({"message": message, "stepId": step, "status": status})
        }
        TaskEvent::Failed { message } => json!({"message": message, "status": "failed"}),
        TaskEvent::Completed { .. } | TaskEvent::Cancelled => return None,
    };
    Some(json!({ "body": body }))
}
