//! Which version of each plugin runs.

use crate::{
    AuditEvent, PluginRow, Store, StoreError,
    engine::{execute, fetch_all, fetch_optional},
};

impl Store {
    /// Every plugin, by id.
    pub async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select id, active, previous, pinned, disabled from plugin order by id"
        )?)
    }

    /// The plugin with this id.
    pub async fn plugin(&self, id: &str) -> Result<Option<PluginRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_optional!(
            db,
            "select id, active, previous, pinned, disabled from plugin where id = $1",
            id
        )?)
    }

    /// Changes a plugin from what `before` says. False, and nothing is written, when it has
    /// changed since.
    pub async fn change_plugin(
        &self,
        before: &PluginRow,
        after: &PluginRow,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut change = self.change_plugins().await?;
        let found: Option<PluginRow> = fetch_optional!(
            change,
            "select id, active, previous, pinned, disabled from plugin where id = $1",
            &before.id
        )?;
        if found.as_ref() != Some(before) {
            return Ok(false);
        }
        execute!(
            change,
            "update plugin set active = $2, previous = $3, pinned = $4, disabled = $5
             where id = $1",
            &before.id,
            after.active.as_deref(),
            after.previous.as_deref(),
            after.pinned,
            after.disabled
        )?;
        change.commit(audit).await?;
        Ok(true)
    }
}
