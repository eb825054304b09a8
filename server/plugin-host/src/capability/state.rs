//! `state`: a few values of the plugin's own.

use std::sync::Arc;

use super::Guest;
use crate::bindings::portico::plugin::state::{Entry, Host};
use crate::recorder::Effect;
use crate::services::{Answer, CapabilityError, StateEntry, StateStore};
use crate::store::{CallState, invalid, not_offered, too_much};

const MAX_KEY_BYTES: usize = 256;
const MAX_KEYS: u32 = 10_000;

/// Versions that a dry run gives begin here, beyond those of real values.
const DRY_VERSIONS: u64 = 1 << 32;

impl Host for CallState {
    async fn get(&mut self, key: String) -> Guest<Option<Entry>> {
        let entry = self.state_get(&key).await;
        Ok(entry.map(|it| it.map(Entry::from)).map_err(Into::into))
    }

    async fn set(
        &mut self,
        key: String,
        value: Option<Vec<u8>>,
        if_version: Option<u64>,
    ) -> Guest<u64> {
        let version = self.state_set(key, value, if_version).await;
        Ok(version.map_err(Into::into))
    }

    async fn keys(&mut self, prefix: String) -> Guest<Vec<String>> {
        Ok(self.state_keys(&prefix).await.map_err(Into::into))
    }
}

impl CallState {
    async fn state_get(&mut self, key: &str) -> Answer<Option<StateEntry>> {
        let store = self.state_store()?;
        check_key(key)?;
        if let Some(entry) = self.dry_state.get(key) {
            return Ok(entry.clone());
        }
        store.get(&self.plugin.key, key).await
    }

    async fn state_set(
        &mut self,
        key: String,
        value: Option<Vec<u8>>,
        if_version: Option<u64>,
    ) -> Answer<u64> {
        let store = self.state_store()?;
        check_key(&key)?;
        let quota = self.plugin.grants.state.as_ref().map_or(0, |it| it.bytes);
        let bytes = value.as_ref().map(|it| it.len() as u64);
        if bytes.unwrap_or(0) + key.len() as u64 > quota {
            return Err(too_much(format!("the state has at most {quota} bytes")));
        }
        if self.context.dry_run.is_some() {
            return self.pretend_set(key, value, if_version).await;
        }
        store
            .set(&self.plugin.key, &key, value, if_version, quota)
            .await
    }

    /// A dry run sees what it wrote, and nobody else does.
    async fn pretend_set(
        &mut self,
        key: String,
        value: Option<Vec<u8>>,
        if_version: Option<u64>,
    ) -> Answer<u64> {
        let bytes = value.as_ref().map(Vec::len);
        self.count_written(bytes.unwrap_or(0))?;
        let version = self.state_get(&key).await?.map_or(0, |it| it.version);
        if if_version.is_some_and(|it| it != version) {
            return Err(CapabilityError::Conflict(format!(
                "{key} has version {version}"
            )));
        }
        if let Some(recorder) = &self.context.dry_run {
            recorder.record(Effect::State {
                key: key.clone(),
                bytes: bytes.map(|it| it as u64),
            });
        }
        // Host calls are counted, so that no version of this call comes back.
        let version = DRY_VERSIONS + u64::from(self.usage.host_calls);
        let entry = value.map(|value| StateEntry { value, version });
        self.dry_state.insert(key, entry);
        Ok(version)
    }

    async fn state_keys(&mut self, prefix: &str) -> Answer<Vec<String>> {
        let store = self.state_store()?;
        if prefix.len() > MAX_KEY_BYTES {
            return Err(invalid(format!("a key has at most {MAX_KEY_BYTES} bytes")));
        }
        let mut keys = store.keys(&self.plugin.key, prefix, MAX_KEYS).await?;
        for (key, entry) in self
            .dry_state
            .iter()
            .filter(|(key, _)| key.starts_with(prefix))
        {
            keys.retain(|it| it != key);
            if entry.is_some() {
                keys.push(key.clone());
            }
        }
        keys.sort_unstable();
        keys.truncate(MAX_KEYS as usize);
        Ok(keys)
    }

    fn state_store(&mut self) -> Answer<Arc<dyn StateStore>> {
        self.count_host_call()?;
        let store = self.plugin.services.state.clone();
        store.ok_or_else(|| not_offered("state"))
    }
}

fn check_key(key: &str) -> Answer<()> {
    let fits = (1..=MAX_KEY_BYTES).contains(&key.len()) && !key.chars().any(char::is_control);
    let wrong = || {
        invalid(format!(
            "a key has 1 to {MAX_KEY_BYTES} bytes and no control characters"
        ))
    };
    fits.then_some(()).ok_or_else(wrong)
}

impl From<StateEntry> for Entry {
    fn from(it: StateEntry) -> Self {
        Self {
            value: it.value,
            version: it.version,
        }
    }
}
