//! Plugins in registries of OCI artifacts: the second form of a package.
//!
//! The layout is that of the CNCF for WebAssembly: a manifest whose configuration has the type
//! [`CONFIG_TYPE`] and whose one layer, the component, has the type [`LAYER_TYPE`]. A plugin is
//! named by the digest of that manifest, which holds the digest of the component, so that nothing
//! can be put in its place after somebody looked at it.

mod error;
mod pull;
mod push;
mod reference;

use portico_config::PluginRegistry;

pub use error::RegistryError;
pub use push::{Publication, push};
pub(crate) use {pull::pull, reference::Pinned};

/// The media type of the configuration of a WebAssembly artifact.
pub const CONFIG_TYPE: &str = "application/vnd.wasm.config.v0+json";
/// The media type of its one layer.
pub const LAYER_TYPE: &str = "application/wasm";

/// A client for one registry: TLS unless it is said to have none, and bounded in time.
fn client(registry: &PluginRegistry) -> Result<oci_client::Client, RegistryError> {
    use oci_client::client::{ClientConfig, ClientProtocol};
    let config = ClientConfig {
        protocol: match registry.insecure {
            true => ClientProtocol::Http,
            false => ClientProtocol::Https,
        },
        // One request for each blob: every registry takes it.
        use_monolithic_push: true,
        // A list of platforms is no plugin.
        platform_resolver: None,
        connect_timeout: Some(CONNECT_TIME),
        read_timeout: Some(READ_TIME),
        user_agent: "portico",
        ..ClientConfig::default()
    };
    config
        .try_into()
        .map_err(|error| RegistryError::unavailable(&registry.host, &error))
}

fn sign_in(registry: &PluginRegistry) -> oci_client::secrets::RegistryAuth {
    use oci_client::secrets::RegistryAuth;
    match &registry.sign_in {
        Some((username, password)) => {
            RegistryAuth::Basic(username.clone(), password.expose().to_owned())
        }
        None => RegistryAuth::Anonymous,
    }
}

const CONNECT_TIME: std::time::Duration = std::time::Duration::from_secs(5);
const READ_TIME: std::time::Duration = std::time::Duration::from_secs(20);

#[cfg(test)]
mod tests;
