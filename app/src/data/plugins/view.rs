//! From what the plugin services know to what pages show.

use portico_plugins::{
    PluginDetail, PluginSummary, Trial, VersionDetail,
    host::Health,
    package::{CapabilityChange, SignatureState},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{PluginCard, PluginView, RunView, VersionView, markdown};
use crate::data::{UiError, now_millis};

/// Reads JSON that a person wrote.
pub(super) fn parse<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, UiError> {
    serde_json::from_str(text).map_err(|error| UiError::invalid(format!("{what}: {error}")))
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

pub(super) fn page(detail: PluginDetail, may_manage: bool) -> PluginView {
    let manifest = &detail.summary.manifest;
    let example = manifest
        .interface
        .as_ref()
        .and_then(|interface| interface.examples.first())
        .map_or_else(|| "{}".to_owned(), |example| pretty(&example.input));
    let health = detail.health.as_ref();
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
            .map(|it| version(it, active))
            .collect(),
        health: health.map(figures).unwrap_or_default(),
        errors: health
            .map(|health| {
                let errors = health.errors.iter();
                errors
                    .map(|it| (it.at_ms.cast_signed(), it.message.clone()))
                    .collect()
            })
            .unwrap_or_default(),
        stopped: health.and_then(|health| Some(health.stopped.as_ref()?.reason.clone())),
        can_roll_back: detail.previous_digest.is_some(),
        pinned: detail.summary.pinned,
        may_manage,
        example,
        now: now_millis(),
    }
}

fn figures(health: &Health) -> Vec<(String, String)> {
    let milliseconds = |us: u64| format!("{:.2} ms", us as f64 / 1e3);
    [
        ("Calls", health.calls.to_string()),
        ("p50", milliseconds(health.p50_us)),
        ("p99", milliseconds(health.p99_us)),
        ("Processor time", milliseconds(health.cpu_us)),
        (
            "Peak memory",
            format!("{:.1} MB", health.peak_memory_bytes as f64 / 1e6),
        ),
        ("Faults", health.faults.to_string()),
        ("Denials", health.denials.to_string()),
        ("Refused", health.refused.to_string()),
    ]
    .map(|(name, figure)| (name.to_owned(), figure))
    .into()
}

fn version(it: &VersionDetail, active: Option<&str>) -> VersionView {
    let report = &it.report;
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
        wider: report
            .difference
            .iter()
            .flat_map(|it| &it.changes)
            .filter_map(wider)
            .collect(),
        grants: pretty(&it.grants),
        limits: pretty(&it.limits),
        config: pretty(&it.config),
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
        log: trial
            .log
            .iter()
            .map(|line| {
                let level = format!("{:?}", line.level).to_lowercase();
                (level, line.message.clone())
            })
            .collect(),
        effects: (!trial.effects.is_empty()).then(|| pretty(&trial.effects)),
    }
}
