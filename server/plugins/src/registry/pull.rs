//! Fetching a plugin. What is checked here holds whatever a registry sends.

use std::time::Duration;

use futures::TryStreamExt as _;
use oci_client::{
    Client,
    manifest::{OciDescriptor, OciManifest},
};
use portico_config::PluginRegistry;
use portico_plugin_host::Digest;
use portico_plugin_package::PACKAGE_LIMIT;

use super::{CONFIG_TYPE, LAYER_TYPE, Pinned, RegistryError, client, reference::Written, sign_in};

/// All of it together.
const PULL_TIME: Duration = Duration::from_mins(1);

/// Fetches what a reference names, from one of the listed registries and from no other.
pub(crate) async fn pull(
    text: &str,
    registries: &[PluginRegistry],
) -> Result<(Pinned, Vec<u8>), RegistryError> {
    pull_at_most(text, registries, PACKAGE_LIMIT).await
}

pub(super) async fn pull_at_most(
    text: &str,
    registries: &[PluginRegistry],
    limit: usize,
) -> Result<(Pinned, Vec<u8>), RegistryError> {
    let written = Written::parse(text)?;
    let host = written.registry();
    let registry = registries.iter().find(|it| it.host == host);
    let registry = registry.ok_or_else(|| RegistryError::UnknownRegistry {
        host: host.to_owned(),
        known: registries.iter().map(|it| it.host.clone()).collect(),
    })?;
    let client = client(registry)?;
    let pulling = async {
        match &written {
            Written::Pinned(pinned) => {
                let file = fetch(&client, registry, pinned, limit).await?;
                Ok((pinned.clone(), file))
            }
            Written::Tag(reference) => {
                let digest = client
                    .fetch_manifest_digest(reference, &sign_in(registry))
                    .await
                    .map_err(|error| RegistryError::of(&error, reference))?;
                Err(RegistryError::NotPinned {
                    reference: reference.whole(),
                    pinned: Pinned::new(reference, digest).to_string(),
                })
            }
        }
    };
    tokio::time::timeout(PULL_TIME, pulling)
        .await
        .unwrap_or_else(|_| {
            Err(RegistryError::Unavailable {
                host: host.to_owned(),
                reason: format!("it took longer than {} s", PULL_TIME.as_secs()),
            })
        })
}

async fn fetch(
    client: &Client,
    registry: &PluginRegistry,
    pinned: &Pinned,
    limit: usize,
) -> Result<Vec<u8>, RegistryError> {
    let reference = pinned.as_reference();
    let (manifest, _) = client
        .pull_manifest(reference, &sign_in(registry))
        .await
        .map_err(|error| RegistryError::of(&error, reference))?;
    let layer = layer(&manifest).map_err(|reason| RegistryError::NotAPlugin {
        reference: pinned.to_string(),
        reason,
    })?;
    let too_large = || RegistryError::TooLarge {
        reference: pinned.to_string(),
        limit,
    };
    let size = usize::try_from(layer.size).ok();
    let size = size.filter(|size| *size <= limit).ok_or_else(too_large)?;
    // By its digest only: the addresses that a manifest may name for a layer are not asked.
    let mut blob = client
        .pull_blob_stream(reference, layer.digest.as_str())
        .await
        .map_err(|error| RegistryError::of(&error, reference))?;
    let wrong = || RegistryError::Digest {
        reference: pinned.to_string(),
    };
    let mut file = Vec::with_capacity(size);
    while let Some(chunk) = blob
        .try_next()
        .await
        .map_err(|error| broken(&error, pinned))?
    {
        if file.len() + chunk.len() > size {
            return Err(wrong());
        }
        file.extend_from_slice(&chunk);
    }
    if file.len() != size || layer.digest != digest(&file) {
        return Err(wrong());
    }
    Ok(file)
}

/// The one layer of a plugin, or what the manifest is instead.
fn layer(manifest: &OciManifest) -> Result<&OciDescriptor, String> {
    let OciManifest::Image(manifest) = manifest else {
        return Err("it is a list of artifacts".to_owned());
    };
    if manifest.config.media_type != CONFIG_TYPE {
        let found = &manifest.config.media_type;
        return Err(format!("its configuration is of the type {found}"));
    }
    match manifest.layers.as_slice() {
        [layer] if layer.media_type == LAYER_TYPE => Ok(layer),
        [layer] => Err(format!("its layer is of the type {}", layer.media_type)),
        layers => Err(format!("it has {} layers, not one", layers.len())),
    }
}

/// The stream ends with an error both when the connection breaks and when the digest is wrong.
fn broken(error: &std::io::Error, pinned: &Pinned) -> RegistryError {
    match error
        .get_ref()
        .is_some_and(<dyn std::error::Error + Send + Sync>::is::<oci_client::errors::DigestError>)
    {
        true => RegistryError::Digest {
            reference: pinned.to_string(),
        },
        false => RegistryError::Unavailable {
            host: pinned.as_reference().registry().to_owned(),
            reason: "it broke off; try again later".to_owned(),
        },
    }
}

/// As registries write it.
pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", Digest::of(bytes))
}
