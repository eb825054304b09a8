//! Putting a plugin into a registry.

use std::collections::BTreeMap;

use oci_client::{
    Reference, RegistryOperation,
    annotations::{
        ORG_OPENCONTAINERS_IMAGE_DESCRIPTION, ORG_OPENCONTAINERS_IMAGE_TITLE,
        ORG_OPENCONTAINERS_IMAGE_VERSION,
    },
    manifest::{OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest},
};
use portico_config::{PluginRegistry, Secret};
use portico_plugin_package::{Manifest, Report, contract};
use serde_json::json;

use super::{
    CONFIG_TYPE, LAYER_TYPE, Pinned, RegistryError, client, pull::digest, reference::parse, sign_in,
};

/// Where a plugin goes.
#[derive(Clone, Debug)]
pub struct Publication {
    /// `registry/repository`, with a tag or without: it is the version then.
    pub reference: String,
    /// User name and password or token; none is anonymous.
    pub sign_in: Option<(String, Secret)>,
    /// Whether the registry is spoken to without TLS.
    pub insecure: bool,
}

/// Puts a plugin into a registry and returns its reference with the digest. The same file and the
/// same tag give the same digest, as often as it is done.
pub async fn push(
    publication: Publication,
    manifest: &Manifest,
    report: &Report,
    file: Vec<u8>,
) -> Result<String, RegistryError> {
    let reference = target(&publication.reference, manifest)?;
    let registry = PluginRegistry {
        host: reference.registry().to_owned(),
        sign_in: publication.sign_in,
        insecure: publication.insecure,
    };
    let failed = |error: &_| RegistryError::of(error, &reference);
    let client = client(&registry)?;
    client
        .auth(&reference, &sign_in(&registry), RegistryOperation::Push)
        .await
        .map_err(|error| failed(&error))?;

    let layer = descriptor(LAYER_TYPE, &file);
    let config = json!({
        "architecture": "wasm",
        // The layout's name for a component; whether it imports anything of WASI is in the lists.
        "os": "wasip2",
        "layerDigests": [layer.digest],
        "component": {
            "exports": exports(manifest),
            "imports": report.imports.iter().map(|it| &it.name).collect::<Vec<_>>(),
        },
    });
    let config = config.to_string().into_bytes();
    let artifact = OciImageManifest {
        media_type: Some(OCI_IMAGE_MEDIA_TYPE.to_owned()),
        config: descriptor(CONFIG_TYPE, &config),
        layers: vec![layer],
        annotations: Some(annotations(manifest)),
        ..OciImageManifest::default()
    };
    let body = serde_json::to_vec(&artifact).map_err(|error| RegistryError::NotAPlugin {
        reference: reference.whole(),
        reason: error.to_string(),
    })?;
    for (blob, of) in [(file, &artifact.layers[0]), (config, &artifact.config)] {
        client
            .push_blob(&reference, blob, &of.digest)
            .await
            .map_err(|error| failed(&error))?;
    }
    let pinned = Pinned::new(&reference, digest(&body));
    let kind = http::HeaderValue::from_static(OCI_IMAGE_MEDIA_TYPE);
    client
        .push_manifest_raw(&reference, body, kind)
        .await
        .map_err(|error| failed(&error))?;
    Ok(pinned.to_string())
}

/// Where it goes, with a tag.
fn target(text: &str, manifest: &Manifest) -> Result<Reference, RegistryError> {
    let reference = parse(text)?;
    if reference.digest().is_some() {
        let reason = "its digest is what comes out";
        return Err(RegistryError::reference(text, reason));
    }
    // Without a tag in the text, the parser's own is "latest".
    let named = text.rsplit('/').next().is_some_and(|it| it.contains(':'));
    if named {
        return Ok(reference);
    }
    let tag = manifest.version.to_string();
    let (registry, repository) = (reference.registry(), reference.repository());
    Ok(Reference::with_tag(
        registry.to_owned(),
        repository.to_owned(),
        tag,
    ))
}

/// The interfaces that a component of its world exports.
fn exports(manifest: &Manifest) -> Vec<String> {
    let contract = contract::world(manifest.world, &manifest.wit);
    contract.map_or_else(
        |_| Vec::new(),
        |(resolve, id)| {
            let keys = resolve.worlds[id].exports.keys();
            keys.map(|key| resolve.name_world_key(key)).collect()
        },
    )
}

fn annotations(manifest: &Manifest) -> BTreeMap<String, String> {
    BTreeMap::from([
        (
            ORG_OPENCONTAINERS_IMAGE_TITLE.to_owned(),
            manifest.id.to_string(),
        ),
        (
            ORG_OPENCONTAINERS_IMAGE_VERSION.to_owned(),
            manifest.version.to_string(),
        ),
        (
            ORG_OPENCONTAINERS_IMAGE_DESCRIPTION.to_owned(),
            manifest.description.clone(),
        ),
    ])
}

fn descriptor(kind: &str, bytes: &[u8]) -> OciDescriptor {
    OciDescriptor {
        media_type: kind.to_owned(),
        digest: digest(bytes),
        size: bytes.len() as i64,
        ..OciDescriptor::default()
    }
}
