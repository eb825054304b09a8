//! Calling plugins from their pages: "try it".

use std::sync::Arc;

use portico_access::{Action, Principal, Resource};
use portico_model::EntityRef;
use portico_plugin_host::{
    CallContext, CallError, Effect, LogLine, Outcome, Plugin, Position, Recorder, Subject, Usage,
    Workspace, World,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    PluginError, Plugins, caller::on_behalf_of, capability::Subjects, error::Result, not_active,
};

/// What to call a plugin with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrialInput {
    /// Of an action: its input.
    #[serde(default)]
    pub input: Value,
    /// Of a check: the reference of the entity to look at.
    #[serde(default)]
    pub entity: String,
    /// Whether effects are only recorded.
    #[serde(default)]
    pub dry_run: bool,
}

/// How it went.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// What it returned.
    pub output: Option<Value>,
    /// Why it returned nothing.
    pub error: Option<CallError>,
    /// What it used.
    pub usage: Usage,
    /// What it logged.
    pub log: Vec<LogLine>,
    /// What a dry run would have done.
    pub effects: Vec<Effect>,
}

impl Plugins {
    /// Calls the active version of a plugin once, in the name of a person.
    pub async fn try_it(&self, who: &Principal, id: &str, input: TrialInput) -> Result<Trial> {
        self.visible(who, id).map_err(|error| match error {
            PluginError::NotFound(_) => not_active(id),
            other => other,
        })?;
        let resource = Resource::Plugin(id);
        let details = json!({
            "dryRun": input.dry_run, "entity": input.entity,
        });
        let plugin = self.running(id)?;
        let action = needed(plugin.world(), input.dry_run);
        let audit = self.allowed(who, action, &resource, details)?;
        self.store().append_audit(&audit).await?;
        let recorder = input.dry_run.then(Recorder::default);
        let folder = workspace(&plugin)?;
        let context = CallContext {
            workspace: folder.as_ref().map(|(_, workspace)| workspace.clone()),
            dry_run: recorder.clone(),
            ..CallContext::default()
        };
        let call = self.call(who, &plugin, context, &input);
        let mut trial = on_behalf_of(who.clone(), call).await?;
        trial.effects = recorder.map(|it| it.effects()).unwrap_or_default();
        Ok(trial)
    }

    /// Whether somebody may call a plugin that runs.
    pub fn may_try(&self, who: &Principal, id: &str, dry_run: bool) -> bool {
        self.running(id).is_ok_and(|plugin| {
            let action = needed(plugin.world(), dry_run);
            let authorizer = self.catalog().authorizer();
            authorizer.allows(who, action, &Resource::Plugin(id))
        })
    }

    async fn call(
        &self,
        who: &Principal,
        plugin: &Plugin,
        context: CallContext,
        input: &TrialInput,
    ) -> Result<Trial> {
        match plugin.world() {
            World::ScaffolderAction => {
                self.check_input(&plugin.key().id, &input.input).await?;
                let outcome = self.host().call_action(plugin, context, &input.input);
                Ok(trial(outcome.await))
            }
            World::ScorecardCheck => self.try_check(who, plugin, context, &input.entity).await,
            World::CatalogProvider => {
                let position = Position::Start;
                let outcome = self.host().call_provider(plugin, context, position).await;
                let Outcome { result, usage, log } = outcome;
                let result = result.map(|batch| json!(batch.entities));
                Ok(trial(Outcome { result, usage, log }))
            }
        }
    }

    async fn try_check(
        &self,
        who: &Principal,
        plugin: &Plugin,
        context: CallContext,
        entity: &str,
    ) -> Result<Trial> {
        let entity_ref = EntityRef::parse(entity, None, "default").map_err(|error| {
            PluginError::Input(format!("`entity` is not a reference of an entity: {error}"))
        })?;
        let body = self.catalog().entity(who, &entity_ref).await?;
        let entity: Value =
            serde_json::from_slice(&body).map_err(|error| PluginError::Inconsistent {
                what: entity_ref.to_string(),
                detail: error.to_string(),
            })?;
        let context = CallContext {
            repositories: Some(Arc::new(Subjects::new(self, plugin, &[&entity]))),
            ..context
        };
        let subject = Subject {
            entity,
            facts: json!({}),
        };
        let outcome = self.host().call_check(plugin, context, &[subject]).await;
        let Outcome { result, usage, log } = outcome;
        let result = result.map(|findings| json!(findings));
        Ok(trial(Outcome { result, usage, log }))
    }

    /// Fails when an input does not have the shape that an action wants; it sees no other.
    pub async fn check_input(&self, id: &str, input: &Value) -> Result<()> {
        let manifest = self.active_manifest(id).await?;
        let Some(interface) = manifest.and_then(|manifest| manifest.interface) else {
            return Ok(());
        };
        let validator = jsonschema::validator_for(&interface.input)
            .map_err(|error| PluginError::Input(format!("the schema of the input: {error}")))?;
        let problems: Vec<String> = validator
            .iter_errors(input)
            .map(|error| format!("`input{}`: {error}", error.instance_path()))
            .collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(PluginError::Input(problems.join("; "))),
        }
    }
}

/// What somebody has to be allowed. What leaves the sandbox, and all that a provider knows, is
/// for those who decide about the plugin: elsewhere a template, its form and its approvals stand
/// before an action, and policies before an entity.
fn needed(world: World, dry_run: bool) -> Action {
    match world {
        World::ScaffolderAction if !dry_run => Action::PluginManage,
        World::CatalogProvider => Action::PluginManage,
        World::ScaffolderAction | World::ScorecardCheck => Action::PluginRun,
    }
}

/// The working folder of an action that is tried: empty, and gone after the call.
fn workspace(plugin: &Plugin) -> Result<Option<(TempDir, Workspace)>> {
    if plugin.world() != World::ScaffolderAction {
        return Ok(None);
    }
    let made = tempfile::tempdir().and_then(|folder| {
        let workspace = Workspace::open(folder.path())?;
        Ok((folder, workspace))
    });
    made.map(Some).map_err(|error| PluginError::Inconsistent {
        what: "the temporary folder of a trial (TMPDIR)".to_owned(),
        detail: error.to_string(),
    })
}

fn trial(outcome: Outcome<Value>) -> Trial {
    let (output, error) = match outcome.result {
        Ok(output) => (Some(output), None),
        Err(error) => (None, Some(error)),
    };
    Trial {
        output,
        error,
        usage: outcome.usage,
        log: outcome.log,
        effects: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_and_what_tells_all_is_for_those_who_decide() {
        for (world, dry_run, expected) in [
            (World::ScaffolderAction, true, Action::PluginRun),
            (World::ScaffolderAction, false, Action::PluginManage),
            (World::ScorecardCheck, true, Action::PluginRun),
            (World::ScorecardCheck, false, Action::PluginRun),
            (World::CatalogProvider, true, Action::PluginManage),
            (World::CatalogProvider, false, Action::PluginManage),
        ] {
            assert_eq!(needed(world, dry_run), expected, "{world:?}, {dry_run}");
        }
    }
}
