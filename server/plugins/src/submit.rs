//! Handing in a plugin: inspection, a smoke run, and a place in the review queue.

use std::sync::Arc;

use portico_access::{Action, Principal, Resource};
use portico_plugin_host::{Limits, PluginSpec, World};
use portico_plugin_package::{
    Finding, Manifest, Report, Sections, Severity, SignatureState, Trust, inspect,
};
use portico_store::PluginVersionRow;
use serde::Serialize;
use serde_json::json;

use crate::{PluginError, Plugins, error::Result, now, publishers::publisher_key, registry, view};

/// What became of a file that was handed in.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// The plugin.
    pub plugin: String,
    /// The version.
    pub version: String,
    /// Names the file in later calls.
    pub digest: String,
    /// Everything that was found out about it.
    pub report: Report,
}

impl Plugins {
    /// Inspects a file, tries it in the sandbox, and puts it into the review queue.
    pub async fn submit(&self, who: &Principal, file: Vec<u8>) -> Result<Submission> {
        self.require_submit(who)?;
        self.take_in(who, file, None).await
    }

    /// Fetches a plugin from a registry that is listed in the configuration, and does with it
    /// what [`Plugins::submit`] does. The reference has to have a digest.
    pub async fn submit_reference(&self, who: &Principal, reference: &str) -> Result<Submission> {
        self.require_submit(who)?;
        let registries = &self.catalog().config().plugins.registries;
        let (pinned, file) = registry::pull(reference, registries).await?;
        self.take_in(who, file, Some(pinned.to_string())).await
    }

    /// The registries that plugins may be fetched from.
    pub fn registries(&self) -> Vec<String> {
        let listed = self.catalog().config().plugins.registries.iter();
        listed.map(|it| it.host.clone()).collect()
    }

    async fn take_in(
        &self,
        who: &Principal,
        file: Vec<u8>,
        origin: Option<String>,
    ) -> Result<Submission> {
        let trust = self.trust().await?;
        let mut report = inspect(&file, &trust, None);
        if let Some(manifest) = &report.manifest {
            let active = self.active_manifest(manifest.id.as_str()).await?;
            report = inspect(&file, &trust, active.as_ref());
        }
        self.apply_policy(&mut report);
        let Some(manifest) = report.manifest.clone().filter(|_| report.is_acceptable()) else {
            return Err(PluginError::Refused(Box::new(report)));
        };
        if let Err(problem) = self.smoke(&manifest, &file).await {
            report.findings.insert(0, problem);
            return Err(PluginError::Refused(Box::new(report)));
        }
        self.keep(who, &manifest, report, &file, origin).await
    }

    async fn keep(
        &self,
        who: &Principal,
        manifest: &Manifest,
        report: Report,
        file: &[u8],
        origin: Option<String>,
    ) -> Result<Submission> {
        let (id, version) = (manifest.id.to_string(), manifest.version.to_string());
        let mut details = json!({"version": version, "digest": report.digest});
        if let Some(origin) = &origin {
            details["origin"] = origin.as_str().into();
        }
        let audit = self.allowed(who, Action::PluginSubmit, &Resource::Plugin(&id), details)?;
        let row = PluginVersionRow {
            digest: report.digest.clone(),
            plugin_id: id.clone(),
            version: version.clone(),
            status: "submitted".to_owned(),
            report: view::encode(&report)?,
            submitted_by: who.label(),
            submitted_at: now(),
            decided_by: None,
            decided_at: None,
            reason: None,
            grants: None,
            limits: None,
            config: None,
            origin,
        };
        if !self.store().submit_plugin(&row, file, &audit).await? {
            return Err(PluginError::Conflict(format!(
                "{id} {version} was handed in already: raise the version in plugin.toml, or have \
                 the earlier file rejected first"
            )));
        }
        Ok(Submission {
            plugin: id,
            version,
            digest: report.digest.clone(),
            report,
        })
    }

    /// What this portal's own policy says beyond the inspection.
    fn apply_policy(&self, report: &mut Report) {
        let policy = &self.catalog().config().plugins;
        if policy.require_signature && report.signature == SignatureState::Unsigned {
            report.findings.push(Finding {
                severity: Severity::Error,
                code: "unsigned".to_owned(),
                message: "nobody has signed this file, and this portal takes signed plugins only"
                    .to_owned(),
                help: "`portico plugin sign` signs it".to_owned(),
            });
        }
        if policy.known_bad.contains(&report.digest) {
            report.findings.push(Finding {
                severity: Severity::Error,
                code: "known-bad".to_owned(),
                message: format!("{} is on this portal's list of bad files", report.digest),
                help: String::new(),
            });
        }
        report.findings.sort_by_key(|finding| finding.severity);
    }

    /// Compiles and links it with what it asks for, and calls what has no effects.
    async fn smoke(&self, manifest: &Manifest, file: &[u8]) -> Result<(), Finding> {
        let failed = |message: String| Finding {
            severity: Severity::Error,
            code: "smoke-run".to_owned(),
            message: format!("it does not run in the sandbox: {message}"),
            help: "`portico plugin test` runs it in the same sandbox".to_owned(),
        };
        let payload = Sections::find(file).map_err(|error| failed(error.to_string()))?;
        let world = view::world(manifest.world);
        let spec = PluginSpec {
            id: manifest.id.to_string(),
            world,
            wasm: Arc::from(payload.payload),
            grants: view::requested(&manifest.capabilities),
            limits: Limits::of(world).with_language_runtime(),
            config: json!({}),
        };
        let prepared = self.host().prepare(spec).await;
        let plugin = prepared.map_err(|error| failed(error.to_string()))?;
        if world == World::ScaffolderAction {
            let schema = self.host().call_schema(&plugin).await.result;
            let schema = schema.map_err(|error| failed(error.to_string()))?;
            let declared = manifest.interface.as_ref();
            if declared.is_none_or(|it| it.input != schema.input || it.output != schema.output) {
                return Err(failed(
                    "the schemas in its manifest are not those it answers with".to_owned(),
                ));
            }
        }
        Ok(())
    }

    /// The manifest of the version that is active, if any.
    pub(crate) async fn active_manifest(&self, id: &str) -> Result<Option<Manifest>> {
        let Some(digest) = self.store().plugin(id).await?.and_then(|row| row.active) else {
            return Ok(None);
        };
        let row = self.store().plugin_version(&digest).await?;
        let report: Option<Report> = row.map(|row| view::decode(&row.report)).transpose()?;
        Ok(report.and_then(|report| report.manifest))
    }

    pub(crate) async fn trust(&self) -> Result<Trust> {
        let rows = self.store().publisher_keys().await?;
        let keys = rows.into_iter().map(publisher_key).collect::<Result<_>>()?;
        Ok(Trust::new(keys))
    }
}
