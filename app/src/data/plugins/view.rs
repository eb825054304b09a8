//! From what the plugin services know to what pages show.

use portico_plugins::{
    PluginDetail, PluginSummary, Trial, VersionDetail, grants_form,
    host::Limits,
    limits_form,
    package::{CapabilityChange, SignatureState},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{PluginCard, PluginRights, PluginView, RunView, VersionView, health};
use crate::data::{UiError, markdown, now_millis};

/// Reads what a person entered.
pub(super) fn parse<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, UiError> {
    serde_json::from_value(value).map_err(|error| UiError::invalid(format!("{what}: {error}")))
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

pub(super) fn card(plugin: &PluginSummary) -> PluginCard {
    let manifest = &plugin.manifest;
    PluginCard {
        id: plugin.id.clone(),
        title: manifest.title.clone(),
        description: manifest.description.clone(),
        publisher: manifest.publisher.clone(),
        world: manifest.world.name().to_owned(),
        active: plugin.active.clone(),
        waiting: plugin.waiting.clone(),
        disabled: plugin.disabled,
        broken: plugin.broken.clone(),
        capabilities: manifest
            .capabilities
            .keys()
            .map(ToString::to_string)
            .collect(),
    }
}

/// A plugin's page; `connections` are those there are, when the person may decide.
pub(super) fn page(
    detail: PluginDetail,
    rights: PluginRights,
    connections: Option<&[String]>,
) -> PluginView {
    let manifest = &detail.summary.manifest;
    let interface = manifest.interface.as_ref();
    let examples = interface.into_iter().flat_map(|it| &it.examples);
    let active = detail.active_digest.as_deref();
    PluginView {
        card: card(&detail.summary),
        docs: markdown::to_html(&manifest.docs),
        capabilities: manifest
            .capabilities
            .iter()
            .map(|(capability, request)| (capability.to_string(), request.reason.clone()))
            .collect(),
        versions: detail
            .versions
            .iter()
            .map(|it| version(it, active, connections))
            .collect(),
        health: detail.health.as_ref().map(health::view),
        can_roll_back: detail.previous_digest.is_some(),
        pinned: detail.summary.pinned,
        rights,
        input: interface.map(|it| it.input.clone()),
        examples: examples
            .map(|it| (it.title.clone(), it.input.clone()))
            .collect(),
        limits_form: connections.map(|_| limits_form(&usual_limits(&detail))),
        now: now_millis(),
    }
}

/// What the form calls usual: by the newest version, which is the one that is looked at.
fn usual_limits(detail: &PluginDetail) -> Limits {
    let size = detail.versions.first().map_or(0, |it| it.report.size);
    Limits::of(portico_plugins::world(detail.summary.manifest.world)).for_size(size)
}

fn version(
    it: &VersionDetail,
    active: Option<&str>,
    connections: Option<&[String]>,
) -> VersionView {
    let report = &it.report;
    let manifest = report.manifest.as_ref();
    let asked = manifest.map(|it| &it.capabilities);
    let asked = asked.filter(|it| !it.is_empty());
    let signature = match &report.signature {
        SignatureState::Unsigned => "not signed".to_owned(),
        SignatureState::Trusted { publisher, .. } => format!("signed by {publisher}"),
        SignatureState::Refused { error } => format!("signature refused: {error}"),
    };
    let findings = report.findings.iter().map(|finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        (severity, finding.message.clone(), finding.help.clone())
    });
    let decision = it.decided_by.as_ref().map(|by| match &it.reason {
        Some(reason) => format!("{} by {by}: {reason}", it.status),
        None => format!("{} by {by}", it.status),
    });
    VersionView {
        digest: it.digest.clone(),
        version: it.version.clone(),
        status: it.status.clone(),
        active: active == Some(it.digest.as_str()),
        submitted_by: it.submitted_by.clone(),
        submitted_at: it.submitted_at,
        decision,
        size: report.size,
        signature,
        findings: findings.collect(),
        origin: it.origin.clone(),
        wider: report
            .difference
            .iter()
            .flat_map(|it| &it.changes)
            .filter_map(wider)
            .collect(),
        grants: json!(it.grants),
        grants_form: asked
            .zip(connections)
            .map(|(asked, connections)| grants_form(asked, &it.grants, connections)),
        limits: json!(it.limits),
        config: it.config.clone(),
        config_form: manifest.and_then(|manifest| manifest.configuration.clone()),
        comments: it
            .comments
            .iter()
            .map(|it| (it.author.clone(), it.at, it.body.clone()))
            .collect(),
    }
}

fn wider(change: &CapabilityChange) -> Option<String> {
    match change {
        CapabilityChange::Added { capability, reason } => {
            Some(format!("{capability} is new: {reason}"))
        }
        CapabilityChange::Widened {
            capability,
            details,
        } => Some(format!("{capability} is wider: {}", details.join(", "))),
        CapabilityChange::Removed { .. } | CapabilityChange::Narrowed { .. } => None,
    }
}

pub(super) fn run(trial: &Trial) -> RunView {
    let usage = &trial.usage;
    RunView {
        output: trial.output.as_ref().map(pretty),
        error: trial.error.as_ref().map(ToString::to_string),
        usage: format!(
            "{:.2} ms, {:.2} ms on the processor, {:.1} MB of memory at most, {} host calls",
            usage.wall_us as f64 / 1e3,
            usage.cpu_us as f64 / 1e3,
            usage.peak_memory_bytes as f64 / 1e6,
            usage.host_calls
        ),
        log: trial.log.iter().map(health::line).collect(),
        effects: (!trial.effects.is_empty()).then(|| pretty(&trial.effects)),
    }
}
