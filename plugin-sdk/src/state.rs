//! Capability `state`: a little memory from one call to the next. It survives upgrades.
//!
//! ```
//! use portico_plugin_sdk::{mock, state};
//!
//! let _host = mock::Host::new();
//! let mut runs: u32 = state::get("runs")?.unwrap_or(0);
//! runs += 1;
//! state::set("runs", &runs)?;
//! assert_eq!(state::get::<u32>("runs")?, Some(1));
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

use serde::{Serialize, de::DeserializeOwned};

use crate::{Context as _, HostResult, Result, host};

/// A value and its version, which changes whenever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub value: Vec<u8>,
    /// For [`replace`].
    pub version: u64,
}

/// A value, kept as JSON; none when there is none.
pub fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    let entry = entry(key)?;
    entry
        .map(|entry| serde_json::from_slice(&entry.value))
        .transpose()
        .with_context(|| format!("the state `{key}` is not of this type"))
}

/// Keeps a value, as JSON.
pub fn set(key: &str, value: &impl Serialize) -> Result<()> {
    let value = serde_json::to_vec(value).context("the value cannot be written as JSON")?;
    host::state_set(key, Some(&value), None)?;
    Ok(())
}

/// Forgets a value.
pub fn remove(key: &str) -> HostResult<()> {
    host::state_set(key, None, None).map(drop)
}

/// A value as it is kept, and its version.
pub fn entry(key: &str) -> HostResult<Option<Entry>> {
    host::state_get(key)
}

/// Replaces the value of this version (0: there is none), and returns the new version. It fails
/// with [`HostError::Conflict`](crate::HostError::Conflict) when somebody else was quicker.
pub fn replace(key: &str, value: &[u8], version: u64) -> HostResult<u64> {
    host::state_set(key, Some(value), Some(version))
}

/// The keys that begin with a prefix, in order.
pub fn keys(prefix: &str) -> HostResult<Vec<String>> {
    host::state_keys(prefix)
}
