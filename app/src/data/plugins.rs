//! Plugins: what there is, what waits for a decision, and running them.

pub mod compare;
pub mod connections;
pub mod health;
pub mod publishers;
pub mod submit;
#[cfg(feature = "ssr")]
mod view;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use health::HealthView;

use super::{Json, UiError};

/// A plugin in the gallery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginCard {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Who made it.
    pub publisher: String,
    /// `catalog-provider`, `scaffolder-action` or `scorecard-check`.
    pub world: String,
    /// The version that runs; none when none does.
    pub active: Option<String>,
    /// A version that waits for a decision.
    pub waiting: Option<String>,
    /// Whether somebody stopped it.
    pub disabled: bool,
    /// Why it does not run, though it should.
    pub broken: Option<String>,
    /// What it may touch, by the names of the capabilities.
    pub capabilities: Vec<String>,
}

/// The gallery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginsView {
    /// Every plugin, by id.
    pub plugins: Vec<PluginCard>,
    /// Whether the person may hand one in.
    pub may_submit: bool,
    /// Whether the person keeps connections and publisher keys.
    pub may_curate: bool,
}

/// A plugin's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginView {
    /// What the gallery shows.
    pub card: PluginCard,
    /// Its documentation, as HTML that was made from Markdown.
    pub docs: String,
    /// Each capability it asks for, and why.
    pub capabilities: Vec<(String, String)>,
    /// Newest first.
    pub versions: Vec<VersionView>,
    /// How it is doing; none while it does not run.
    pub health: Option<HealthView>,
    /// Whether there is a version to go back to.
    pub can_roll_back: bool,
    /// Whether it keeps its version.
    pub pinned: bool,
    /// What the person may do with it.
    pub rights: PluginRights,
    /// The JSON Schema of an action's input.
    pub input: Option<Value>,
    /// Titles and inputs to try an action with.
    pub examples: Vec<(String, Value)>,
    /// The form of limits, for those who decide.
    pub limits_form: Option<Value>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// What somebody may do with a plugin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginRights {
    /// Decide about it.
    pub manage: bool,
    /// Call it so that nothing changes.
    pub run: bool,
    /// Call it for real.
    pub effects: bool,
}

/// One version of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// Names the file.
    pub digest: String,
    /// A semantic version.
    pub version: String,
    /// `submitted`, `approved`, `rejected` or `revoked`.
    pub status: String,
    /// Whether it is the one that runs.
    pub active: bool,
    /// Who handed it in.
    pub submitted_by: String,
    /// When.
    pub submitted_at: i64,
    /// Who decided last, and why.
    pub decision: Option<String>,
    /// In bytes.
    pub size: u64,
    /// Whose signature it has, in words.
    pub signature: String,
    /// What inspection found: severity, message, help.
    pub findings: Vec<(String, String, String)>,
    /// The reference it was fetched by; none when the file itself was handed in.
    pub origin: Option<String>,
    /// What it asks for beyond the active version, in words.
    pub wider: Vec<String>,
    /// What it may touch, or asks for.
    pub grants: Value,
    /// The form of grants, for those who decide; none when it asks for nothing.
    pub grants_form: Option<Value>,
    /// How much it may use.
    pub limits: Value,
    /// Its configuration.
    pub config: Value,
    /// The JSON Schema of its configuration; none when there is nothing to configure.
    pub config_form: Option<Value>,
    /// Author, time and text of each comment.
    pub comments: Vec<(String, i64, String)>,
}

/// How a call went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// What it returned, as JSON.
    pub output: Option<String>,
    /// Why it returned nothing.
    pub error: Option<String>,
    /// What it used, in a line.
    pub usage: String,
    /// Level and text of each line.
    pub log: Vec<(String, String)>,
    /// What a dry run would have done, as JSON.
    pub effects: Option<String>,
}

/// What a version is approved with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalInput {
    /// What it may touch.
    pub grants: Value,
    /// How much it may use.
    pub limits: Value,
    /// Its configuration.
    pub config: Value,
    /// That it asks for more than the active version was seen.
    pub accept_wider: bool,
    /// Why.
    pub reason: String,
}

/// Every plugin.
#[server(prefix = "/_ui", endpoint = "plugins", input = Json, output = Json)]
pub async fn load_plugins() -> Result<PluginsView, UiError> {
    let context = super::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    Ok(PluginsView {
        plugins: plugins.list(who).await?.iter().map(view::card).collect(),
        may_submit: plugins.may_submit(who),
        may_curate: plugins.may_curate(who),
    })
}

/// One plugin.
#[server(prefix = "/_ui", endpoint = "plugin", input = Json, output = Json)]
pub async fn load_plugin(id: String) -> Result<PluginView, UiError> {
    let context = super::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    let detail = plugins.detail(who, &id).await?;
    let rights = PluginRights {
        manage: plugins.may_manage(who, &id),
        run: plugins.may_try(who, &id, true),
        effects: plugins.may_try(who, &id, false),
    };
    let connections = match rights.manage {
        true => plugins.connections(who).await?,
        false => Vec::new(),
    };
    let connections: Vec<String> = connections.into_iter().map(|(name, _)| name).collect();
    let connections = rights.manage.then_some(connections.as_slice());
    Ok(view::page(detail, rights, connections))
}

/// Changes which version of a plugin runs, and whether: `roll-back`, `pin`, `unpin`,
/// `disable`, `enable`, `restore`.
#[server(prefix = "/_ui", endpoint = "change-plugin", input = Json, output = Json)]
pub async fn change_plugin(id: String, change: String) -> Result<(), UiError> {
    let context = super::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    match change.as_str() {
        "roll-back" => plugins.roll_back(who, &id).await?,
        "pin" => plugins.pin(who, &id, true).await?,
        "unpin" => plugins.pin(who, &id, false).await?,
        "disable" => plugins.disable(who, &id, true).await?,
        "enable" => plugins.disable(who, &id, false).await?,
        "restore" => plugins.restore(who, &id).await?,
        other => return Err(UiError::invalid(format!("there is no change \"{other}\""))),
    }
    Ok(())
}

/// Decides about a version: `activate`, `reject`, `revoke`, or `comment`.
#[server(prefix = "/_ui", endpoint = "decide-plugin", input = Json, output = Json)]
pub async fn decide_plugin(
    digest: String,
    decision: String,
    reason: String,
) -> Result<(), UiError> {
    let context = super::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    match decision.as_str() {
        "activate" => plugins.activate(who, &digest).await?,
        "reject" => plugins.reject(who, &digest, &reason).await?,
        "revoke" => plugins.revoke(who, &digest, &reason).await?,
        "comment" => plugins.comment(who, &digest, &reason).await?,
        other => {
            return Err(UiError::invalid(format!(
                "there is no decision \"{other}\""
            )));
        }
    }
    Ok(())
}

/// Approves a version, or changes what an approved one may touch and use.
#[server(prefix = "/_ui", endpoint = "approve-plugin", input = Json, output = Json)]
pub async fn approve_plugin(digest: String, input: ApprovalInput) -> Result<(), UiError> {
    let context = super::server_context()?;
    let approval = portico_plugins::Approval {
        grants: view::parse("the grants", input.grants)?,
        limits: view::parse("the limits", input.limits)?,
        config: input.config,
        accept_wider: input.accept_wider,
        reason: input.reason,
    };
    let plugins = context.plugins()?;
    Ok(plugins
        .approve(&context.principal, &digest, approval)
        .await?)
}

/// Calls a plugin once: an action with an input, a check with the reference of an entity.
#[server(prefix = "/_ui", endpoint = "run-plugin", input = Json, output = Json)]
pub async fn run_plugin(
    id: String,
    input: Value,
    entity: String,
    dry_run: bool,
) -> Result<RunView, UiError> {
    let context = super::server_context()?;
    let trial = portico_plugins::TrialInput {
        input,
        entity: entity.trim().to_owned(),
        dry_run,
    };
    let plugins = context.plugins()?;
    let trial = plugins.try_it(&context.principal, &id, trial).await?;
    Ok(view::run(&trial))
}

/// Fields, and what is wrong there.
#[cfg(feature = "ssr")]
fn field_problems(problems: Vec<portico_plugins::FieldProblem>) -> Vec<(String, String)> {
    let problems = problems.into_iter();
    problems
        .map(|it| (it.field.to_owned(), it.message))
        .collect()
}
