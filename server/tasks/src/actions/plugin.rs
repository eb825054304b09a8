//! A plugin as an action: in the sandbox, with its grants, in the name of whoever runs the task.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use portico_access::Principal;
use portico_plugins::{
    ActionCall, PluginError, Plugins,
    host::{CallError, Edit, Effect as PluginEffect, LogLine, LogSink, Proposal},
    package::{Interface, Manifest},
};
use portico_scaffolder::{Action, ActionContext, ActionError, Effect, Example};
use portico_scm::Scm;
use serde_json::{Map, Value, json};

use super::{changes::patch, fields};

/// A plugin.
pub(crate) struct PluginAction {
    plugins: Plugins,
    who: Principal,
    id: String,
    manifest: Manifest,
    interface: Interface,
    /// Where it proposes changes, to show what those would be.
    scm: Option<Scm>,
    /// The folder of the task.
    folder: Option<PathBuf>,
}

impl PluginAction {
    /// `None` for a manifest without an interface, which an action has.
    pub(crate) fn new(
        plugins: Plugins,
        who: Principal,
        mut manifest: Manifest,
        scm: Option<Scm>,
        folder: Option<&Path>,
    ) -> Option<Self> {
        Some(Self {
            plugins,
            who,
            scm,
            id: manifest.id.to_string(),
            interface: manifest.interface.take()?,
            manifest,
            folder: folder.map(Path::to_owned),
        })
    }

    /// What is shown beside it.
    pub(crate) fn version(&self) -> String {
        format!("{} {}", self.manifest.title, self.manifest.version)
    }

    async fn record(&self, context: &ActionContext, effect: &PluginEffect) {
        let Some(recorder) = &context.dry_run else {
            return;
        };
        let (summary, mut details) = described(effect);
        if let PluginEffect::Propose { proposal } = effect
            && let Some(diff) = self.diff(proposal).await
            && let Some(details) = details.as_object_mut()
        {
            // The same again, and shorter.
            details.remove("files");
            details.insert("diff".to_owned(), diff.into());
        }
        recorder.record(Effect {
            step: context.step.clone(),
            action: self.id.clone(),
            summary,
            details,
        });
    }

    /// What a proposal changes, when it can be told: the branch may be there by now.
    async fn diff(&self, proposal: &Proposal) -> Option<String> {
        let scm = self.scm.as_ref()?;
        let proposed = portico_plugins::proposed(&self.id, proposal.clone());
        let diff = scm.preview(&self.who, &proposal.repository, &proposed);
        Some(patch(&diff.await.ok()?))
    }
}

/// The plugin's log, as lines of the step.
struct StepLog(ActionContext);

impl LogSink for StepLog {
    fn line(&self, line: &LogLine) {
        self.0.log(&line.message);
    }
}

#[async_trait]
impl Action for PluginAction {
    fn id(&self) -> &str {
        &self.id
    }

    fn description(&self) -> &str {
        &self.manifest.description
    }

    fn input(&self) -> Value {
        self.interface.input.clone()
    }

    fn output(&self) -> Value {
        self.interface.output.clone()
    }

    fn examples(&self) -> Vec<Example> {
        let examples = self.interface.examples.iter();
        let examples = examples.map(|example| Example {
            description: example.title.clone(),
            input: example.input.clone(),
            output: Map::new(),
        });
        examples.collect()
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let call = ActionCall {
            task: context.task.clone(),
            workspace: self.folder.clone(),
            dry_run: context.dry_run.is_some(),
            log: Some(Arc::new(StepLog(context.clone()))),
            cancelled: Some(context.cancelled.clone()),
        };
        let called = self
            .plugins
            .run_action(&self.who, &self.id, &context.input, call);
        let outcome = called.await.map_err(|error| match error {
            PluginError::Input(reason) => ActionError::Input(reason),
            error => ActionError::Failed(error.to_string()),
        })?;
        for effect in &outcome.effects {
            self.record(context, effect).await;
        }
        let output = outcome.result.map_err(|error| match error {
            CallError::Failed { message } => ActionError::Failed(message),
            error => ActionError::Failed(format!("plugin {}: {error}", self.id)),
        })?;
        let wrong = jsonschema::validator_for(&self.interface.output)
            .ok()
            .and_then(|it| it.iter_errors(&output).next().map(|it| it.to_string()));
        match wrong {
            None => Ok(fields(output)),
            Some(wrong) => Err(ActionError::Failed(format!(
                "plugin {} returned what its schema does not allow: {wrong}",
                self.id
            ))),
        }
    }
}

/// An effect in a sentence, and what there is to see of it.
fn described(effect: &PluginEffect) -> (String, Value) {
    match effect {
        PluginEffect::Http {
            connection,
            method,
            path,
            body_bytes,
        } => (
            format!("send {method} {path} through the connection {connection}"),
            json!({"connection": connection, "method": method, "path": path, "bodyBytes": body_bytes}),
        ),
        PluginEffect::Propose { proposal } => {
            let files = proposal.edits.iter().map(|edit| match edit {
                Edit::Write { path, content } => {
                    json!({"path": path, "content": String::from_utf8_lossy(content)})
                }
                Edit::Remove { path } => json!({"path": path, "removed": true}),
            });
            (
                format!("propose \"{}\" to {}", proposal.title, proposal.repository),
                json!({
                    "repository": proposal.repository, "branch": proposal.branch,
                    "title": proposal.title, "description": proposal.body,
                    "files": files.collect::<Vec<_>>(),
                }),
            )
        }
        PluginEffect::State { key, bytes } => (
            match bytes {
                Some(bytes) => format!("remember {key} ({bytes} bytes)"),
                None => format!("forget {key}"),
            },
            json!({"key": key, "bytes": bytes}),
        ),
    }
}
