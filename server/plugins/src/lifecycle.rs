//! Which version runs: activate, roll back, pin, stop.

use portico_access::{Action, Principal, Resource};
use portico_store::PluginRow;
use serde_json::json;

use crate::{PluginError, Plugins, error::Result};

impl Plugins {
    /// Makes an approved version the one that runs. Calls that run end on the version they
    /// began on.
    pub async fn activate(&self, who: &Principal, digest: &str) -> Result<()> {
        let version = self.visible_version(who, digest).await?;
        self.managed(who, &version.plugin_id).await?;
        if version.status != "approved" {
            let (id, number, status) = (version.plugin_id, version.version, version.status);
            return Err(PluginError::Conflict(format!(
                "{id} {number} is {status}: only an approved version can run"
            )));
        }
        let digest = digest.to_owned();
        self.change(who, &version.plugin_id, "activate", |row| {
            if row.pinned {
                let id = &row.id;
                return Err(PluginError::Conflict(format!(
                    "{id} is pinned to its version: unpin it first"
                )));
            }
            if row.active.as_ref() != Some(&digest) {
                row.previous = row.active.replace(digest);
            }
            row.disabled = false;
            Ok(())
        })
        .await
    }

    /// Goes back to the version that ran before.
    pub async fn roll_back(&self, who: &Principal, id: &str) -> Result<()> {
        let row = self.managed(who, id).await?;
        let Some(previous) = row.previous else {
            return Err(PluginError::Conflict(format!(
                "{id} has no version to go back to"
            )));
        };
        let version = self.version(&previous).await?;
        if version.status != "approved" {
            let (number, status) = (version.version, version.status);
            return Err(PluginError::Conflict(format!(
                "{id} {number}, which ran before, is {status}"
            )));
        }
        self.change(who, id, "roll-back", |row| {
            row.previous = row.active.replace(previous);
            row.disabled = false;
            Ok(())
        })
        .await
    }

    /// Keeps the active version until it is unpinned.
    pub async fn pin(&self, who: &Principal, id: &str, pinned: bool) -> Result<()> {
        let what = if pinned { "pin" } else { "unpin" };
        self.change(who, id, what, |row| {
            row.pinned = pinned;
            Ok(())
        })
        .await
    }

    /// Stops a plugin, or lets it run again. The kill switch: it holds on all replicas.
    pub async fn disable(&self, who: &Principal, id: &str, disabled: bool) -> Result<()> {
        let what = if disabled { "disable" } else { "enable" };
        self.change(who, id, what, |row| {
            row.disabled = disabled;
            Ok(())
        })
        .await
    }

    /// Lets a plugin run again on this replica after repeated faults stopped it.
    pub async fn restore(&self, who: &Principal, id: &str) -> Result<()> {
        self.managed(who, id).await?;
        let details = json!({"change": "restore"});
        let audit = self.allowed(who, Action::PluginManage, &Resource::Plugin(id), details)?;
        let plugin = self.running(id)?;
        self.store().append_audit(&audit).await?;
        plugin.restore();
        Ok(())
    }

    /// A plugin that somebody may decide about. That it is there is told to those who see it.
    async fn managed(&self, who: &Principal, id: &str) -> Result<PluginRow> {
        self.visible(who, id)?;
        let row = self.plugin_row(id).await?;
        self.require(who, Action::PluginManage, &Resource::Plugin(id))?;
        Ok(row)
    }

    pub(crate) async fn plugin_row(&self, id: &str) -> Result<PluginRow> {
        let row = self.store().plugin(id).await?;
        row.ok_or_else(|| PluginError::NotFound(format!("plugin {id}")))
    }

    async fn change(
        &self,
        who: &Principal,
        id: &str,
        what: &str,
        change: impl FnOnce(&mut PluginRow) -> Result<()>,
    ) -> Result<()> {
        let before = self.managed(who, id).await?;
        let mut after = before.clone();
        change(&mut after)?;
        let details = json!({
            "change": what, "from": before.active, "to": after.active, "disabled": after.disabled,
        });
        let audit = self.allowed(who, Action::PluginManage, &Resource::Plugin(id), details)?;
        if !self.store().change_plugin(&before, &after, &audit).await? {
            return Err(PluginError::Conflict(format!(
                "{id} was changed by somebody else meanwhile: look again"
            )));
        }
        self.follow().await?;
        Ok(())
    }
}
