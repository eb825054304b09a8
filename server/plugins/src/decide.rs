//! Reviewing what was handed in.

use portico_access::{Action, Principal, Resource};
use portico_plugin_host::{Grants, Limits};
use portico_plugin_package::{Manifest, Report};
use portico_store::{PluginCommentRow, PluginDecision, PluginVersionRow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{PluginError, Plugins, error::Result, now, view};

/// What a version is approved with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    /// What it may touch; no more than it asks for.
    pub grants: Grants,
    /// How much it may use.
    pub limits: Limits,
    /// Valid against the schema of its manifest; `{}` when it has none.
    #[serde(default = "nothing")]
    pub config: Value,
    /// That it asks for more than the active version was seen.
    #[serde(default)]
    pub accept_wider: bool,
    /// Why, for the audit log.
    #[serde(default)]
    pub reason: String,
}

fn nothing() -> Value {
    json!({})
}

impl Plugins {
    /// Says something about a version, for its author and other reviewers.
    pub async fn comment(&self, who: &Principal, digest: &str, body: &str) -> Result<()> {
        let row = self.visible_version(who, digest).await?;
        let body = body.trim();
        if body.is_empty() || body.len() > 10_000 {
            return Err(PluginError::Input(
                "a comment has between 1 and 10,000 bytes".to_owned(),
            ));
        }
        let details = json!({"version": row.version, "comment": true});
        let resource = Resource::Plugin(&row.plugin_id);
        let audit = self.allowed(who, Action::PluginSubmit, &resource, details)?;
        let comment = PluginCommentRow {
            author: who.label(),
            at: now(),
            body: body.to_owned(),
        };
        self.store()
            .comment_on_plugin(digest, &comment, &audit)
            .await?;
        Ok(())
    }

    /// Approves a version; it is not active by that. Approving again changes what an
    /// approved version may touch and use.
    pub async fn approve(&self, who: &Principal, digest: &str, approval: Approval) -> Result<()> {
        let row = self.visible_version(who, digest).await?;
        let details = json!({
            "version": row.version,
            "digest": digest,
            "decision": "approved",
            "grants": approval.grants,
            "limits": approval.limits,
            "reason": approval.reason,
        });
        let resource = Resource::Plugin(&row.plugin_id);
        let audit = self.allowed(who, Action::PluginManage, &resource, details)?;
        let report: Report = view::decode(&row.report)?;
        let manifest = report.manifest.ok_or_else(|| no_manifest(digest))?;
        self.check_four_eyes(who, &row)?;
        self.check_wider(&manifest, &approval).await?;
        check_grants(&manifest, &approval.grants)?;
        check_config(&manifest, &approval.config)?;
        let decision = PluginDecision {
            status: "approved".to_owned(),
            by: who.label(),
            at: now(),
            reason: Some(approval.reason).filter(|reason| !reason.is_empty()),
            grants: Some(view::encode(&approval.grants)?),
            limits: Some(view::encode(&approval.limits)?),
            config: Some(approval.config.to_string()),
        };
        let from = match row.status.as_str() {
            "approved" => "approved",
            _ => "submitted",
        };
        self.decided(&row, from, &decision, &audit).await
    }

    /// Refuses a version that was handed in.
    pub async fn reject(&self, who: &Principal, digest: &str, reason: &str) -> Result<()> {
        let row = self.visible_version(who, digest).await?;
        self.turn_down(who, &row, "submitted", "rejected", reason)
            .await
    }

    /// Takes an approval back: the version stops everywhere, and can never run again.
    pub async fn revoke(&self, who: &Principal, digest: &str, reason: &str) -> Result<()> {
        let row = self.visible_version(who, digest).await?;
        self.turn_down(who, &row, "approved", "revoked", reason)
            .await?;
        self.follow().await?;
        Ok(())
    }

    async fn turn_down(
        &self,
        who: &Principal,
        row: &PluginVersionRow,
        from: &str,
        status: &str,
        reason: &str,
    ) -> Result<()> {
        let reason = reason.trim();
        let details = json!({
            "version": row.version, "digest": row.digest, "decision": status, "reason": reason,
        });
        let resource = Resource::Plugin(&row.plugin_id);
        let audit = self.allowed(who, Action::PluginManage, &resource, details)?;
        if reason.is_empty() {
            return Err(PluginError::Input(
                "say why: the author has to know what to do".to_owned(),
            ));
        }
        let decision = PluginDecision {
            status: status.to_owned(),
            by: who.label(),
            at: now(),
            reason: Some(reason.to_owned()),
            ..PluginDecision::default()
        };
        self.decided(row, from, &decision, &audit).await
    }

    async fn decided(
        &self,
        row: &PluginVersionRow,
        from: &str,
        decision: &PluginDecision,
        audit: &portico_store::AuditEvent,
    ) -> Result<()> {
        let store = self.store();
        if store
            .decide_plugin(&row.digest, from, decision, audit)
            .await?
        {
            self.follow().await?;
            return Ok(());
        }
        let (id, version, status) = (&row.plugin_id, &row.version, &row.status);
        Err(PluginError::Conflict(format!(
            "{id} {version} is {status}: it cannot become {}",
            decision.status
        )))
    }

    fn check_four_eyes(&self, who: &Principal, row: &PluginVersionRow) -> Result<()> {
        if self.catalog().config().plugins.four_eyes && who.label() == row.submitted_by {
            return Err(PluginError::Conflict(
                "somebody other than who handed it in has to approve it".to_owned(),
            ));
        }
        Ok(())
    }

    async fn check_wider(&self, manifest: &Manifest, approval: &Approval) -> Result<()> {
        let Some(active) = self.active_manifest(manifest.id.as_str()).await? else {
            return Ok(());
        };
        let difference =
            portico_plugin_package::difference(&active.capabilities, &manifest.capabilities);
        if difference.needs_approval() && !approval.accept_wider {
            return Err(PluginError::Conflict(format!(
                "{} {} asks for more than the active version {}: look at the difference and set \
                 acceptWider",
                manifest.id, manifest.version, active.version
            )));
        }
        Ok(())
    }

    /// The version with this digest.
    /// A version of a plugin that exists for somebody.
    pub(crate) async fn visible_version(
        &self,
        who: &Principal,
        digest: &str,
    ) -> Result<PluginVersionRow> {
        let row = self.version(digest).await?;
        match self.visible(who, &row.plugin_id) {
            Err(PluginError::NotFound(_)) => Err(no_version(digest)),
            other => other.map(|()| row),
        }
    }

    pub(crate) async fn version(&self, digest: &str) -> Result<PluginVersionRow> {
        let row = self.store().plugin_version(digest).await?;
        row.ok_or_else(|| no_version(digest))
    }
}

fn no_version(digest: &str) -> PluginError {
    PluginError::NotFound(format!("plugin version {digest}"))
}

pub(crate) fn no_manifest(digest: &str) -> PluginError {
    PluginError::Inconsistent {
        what: format!("plugin version {digest}"),
        detail: "its report has no manifest".to_owned(),
    }
}

/// A grant that was not asked for could only be a mistake.
fn check_grants(manifest: &Manifest, grants: &Grants) -> Result<()> {
    let asked = view::requested(&manifest.capabilities).interfaces();
    let unasked: Vec<&str> = grants
        .interfaces()
        .difference(&asked)
        .map(|interface| interface.name())
        .collect();
    if unasked.is_empty() {
        return Ok(());
    }
    Err(PluginError::Input(format!(
        "{} does not ask for {}: take it out of the grants",
        manifest.id,
        unasked.join(", ")
    )))
}

fn check_config(manifest: &Manifest, config: &Value) -> Result<()> {
    let Some(schema) = &manifest.configuration else {
        if config == &json!({}) {
            return Ok(());
        }
        let id = &manifest.id;
        return Err(PluginError::Input(format!("{id} has nothing to configure")));
    };
    let validator = jsonschema::validator_for(schema).map_err(|error| {
        PluginError::Input(format!("the schema of the configuration is wrong: {error}"))
    })?;
    let problems: Vec<String> = validator
        .iter_errors(config)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(PluginError::Input(format!(
        "the configuration is not valid: {}",
        problems.join("; ")
    )))
}
