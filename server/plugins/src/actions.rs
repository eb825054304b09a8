//! Plugins as actions of templates: beside the native ones, with what they were granted.

use std::{path::PathBuf, sync::Arc};

use portico_access::{Action, Principal, Resource};
use portico_plugin_host::{
    CallContext, CallError, Effect, LogSink, Outcome, Recorder, Usage, Workspace, World,
};
use portico_plugin_package::Manifest;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{PluginError, Plugins, Running, caller::on_behalf_of, error::Result};

/// One call of an action, as a step of a task.
#[derive(Clone, Default)]
pub struct ActionCall {
    /// The task, for the audit log.
    pub task: String,
    /// The folder of the task.
    pub workspace: Option<PathBuf>,
    /// Whether effects are only recorded.
    pub dry_run: bool,
    /// Sees what the plugin logs, as it does.
    pub log: Option<Arc<dyn LogSink>>,
    /// Ends the call.
    pub cancelled: Option<CancellationToken>,
}

/// How a call went.
#[derive(Clone, Debug)]
pub struct ActionOutcome {
    /// What it returned, or why it did not.
    pub result: Result<Value, CallError>,
    /// What it used.
    pub usage: Usage,
    /// What a dry run would have done.
    pub effects: Vec<Effect>,
}

impl Plugins {
    /// What the actions say of themselves that run in this process, by id.
    pub async fn scaffolder_actions(&self) -> Result<Vec<Manifest>> {
        let mut ids: Vec<String> = {
            let running = self.0.running.read();
            let actions = running.iter().filter(|(_, running)| {
                matches!(running, Running::Ready { plugin, .. }
                    if plugin.world() == World::ScaffolderAction)
            });
            actions.map(|(id, _)| id.clone()).collect()
        };
        ids.sort_unstable();
        let mut manifests = Vec::new();
        for id in ids {
            manifests.extend(self.active_manifest(&id).await?);
        }
        Ok(manifests)
    }

    /// Calls an action in the name of whoever created the task. The input has been checked
    /// against the schema. A dry run is not written to the audit log: nothing happens.
    pub async fn run_action(
        &self,
        who: &Principal,
        id: &str,
        input: &Value,
        call: ActionCall,
    ) -> Result<ActionOutcome> {
        let resource = Resource::Plugin(id);
        // Not the input: secrets may be in it.
        let details = json!({"task": call.task});
        let audit = self.allowed(who, Action::PluginRun, &resource, details)?;
        let plugin = self.running(id)?;
        if !call.dry_run {
            self.store().append_audit(&audit).await?;
        }
        let recorder = call.dry_run.then(Recorder::default);
        let workspace = call.workspace.map(|folder| Workspace::open(&folder));
        let context = CallContext {
            workspace: workspace
                .transpose()
                .map_err(|error| PluginError::Inconsistent {
                    what: "the folder of the task".to_owned(),
                    detail: error.to_string(),
                })?,
            dry_run: recorder.clone(),
            log: call.log,
            cancel: call.cancelled,
            ..CallContext::default()
        };
        let called = self.host().call_action(&plugin, context, input);
        let Outcome { result, usage, .. } = on_behalf_of(who.clone(), called).await;
        Ok(ActionOutcome {
            result,
            usage,
            effects: recorder.map(|it| it.effects()).unwrap_or_default(),
        })
    }
}
