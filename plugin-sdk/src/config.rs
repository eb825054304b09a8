//! Capability `config`: the configuration the platform team gave this plugin.
//!
//! ```
//! use portico_plugin_sdk::{config, json, mock};
//!
//! #[derive(serde::Deserialize)]
//! struct Config {
//!     supported: Vec<String>,
//! }
//!
//! let host = mock::Host::new();
//! host.set_config(json!({"supported": ["net10.0"]}));
//! let config: Config = config::get()?;
//! assert_eq!(config.supported, ["net10.0"]);
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

use serde::de::DeserializeOwned;

use crate::{Context as _, Result, host};

/// The whole configuration. It is valid against the JSON Schema in the manifest, so this fails
/// only where that and the type disagree.
pub fn get<T: DeserializeOwned>() -> Result<T> {
    serde_json::from_str(&host::config_get()).context("the configuration cannot be read")
}
