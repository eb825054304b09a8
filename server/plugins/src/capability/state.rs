//! `state`: what plugins remember, in the database.

use async_trait::async_trait;
use portico_plugin_host::{Answer, CapabilityError, PluginKey, StateEntry, StateStore};
use portico_store::{StateRefusal, Store};

use super::unavailable;

pub(crate) struct State(pub(crate) Store);

#[async_trait]
impl StateStore for State {
    async fn get(&self, plugin: &PluginKey, key: &str) -> Answer<Option<StateEntry>> {
        let found = self.0.plugin_state(&plugin.id, key).await;
        let found = found.map_err(|error| unavailable(&error))?;
        Ok(found.map(|it| StateEntry {
            value: it.value,
            version: it.version.unsigned_abs(),
        }))
    }

    async fn set(
        &self,
        plugin: &PluginKey,
        key: &str,
        value: Option<Vec<u8>>,
        if_version: Option<u64>,
        quota: u64,
    ) -> Answer<u64> {
        let expected = if_version.map(|it| i64::try_from(it).unwrap_or(i64::MAX));
        let quota = i64::try_from(quota).unwrap_or(i64::MAX);
        let written = self
            .0
            .set_plugin_state(&plugin.id, key, value.as_deref(), expected, quota)
            .await
            .map_err(|error| unavailable(&error))?;
        match written {
            Ok(version) => Ok(version.unsigned_abs()),
            Err(StateRefusal::Conflict(version)) => Err(CapabilityError::Conflict(format!(
                "{key} has version {version}"
            ))),
            Err(StateRefusal::TooMuch) => Err(CapabilityError::TooMuch(format!(
                "the plugin may keep {quota} bytes"
            ))),
        }
    }

    async fn keys(&self, plugin: &PluginKey, prefix: &str, max: u32) -> Answer<Vec<String>> {
        let keys = self
            .0
            .plugin_state_keys(&plugin.id, prefix, max as usize)
            .await;
        keys.map_err(|error| unavailable(&error))
    }
}
