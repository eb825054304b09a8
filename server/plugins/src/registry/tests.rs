//! Against a registry that speaks the protocol, on a real socket.

use portico_config::{PluginRegistry, Secret};
use portico_testkit::{Registry, SignIn};
use serde_json::{Value, json};

use super::{CONFIG_TYPE, LAYER_TYPE, Pinned, RegistryError, pull, pull::pull_at_most};

const COMPONENT: &[u8] = b"\0asm and so on";
const REPOSITORY: &str = "plugins/orders";

fn known(registry: &Registry, sign_in: Option<(&str, &str)>) -> Vec<PluginRegistry> {
    vec![PluginRegistry {
        host: registry.host().to_owned(),
        sign_in: sign_in.map(|(user, password)| (user.to_owned(), Secret::new(password))),
        insecure: true,
    }]
}

/// A manifest of one layer.
fn artifact(layer: &str, size: usize) -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": CONFIG_TYPE, "digest": format!("sha256:{}", "0".repeat(64)), "size": 2},
        "layers": [{"mediaType": LAYER_TYPE, "digest": layer, "size": size}],
    })
}

/// Keeps the component, and returns its digest and its pinned reference.
fn keep(registry: &Registry) -> (String, String) {
    let layer = registry.put(COMPONENT);
    let digest = registry.tag(REPOSITORY, "1.0.0", &artifact(&layer, COMPONENT.len()));
    (
        layer,
        format!("{}/{REPOSITORY}:1.0.0@{digest}", registry.host()),
    )
}

async fn refused(reference: &str, registries: &[PluginRegistry]) -> RegistryError {
    let fetched: Result<(Pinned, Vec<u8>), _> = pull(reference, registries).await;
    fetched.expect_err(reference)
}

#[tokio::test]
async fn what_the_digest_names_is_fetched_with_every_way_to_sign_in() {
    for sign_in in [
        SignIn::Open,
        SignIn::Basic("ci", "hunter2"),
        SignIn::Token("ci", "hunter2"),
    ] {
        let registry = Registry::start(sign_in).await;
        let (_, reference) = keep(&registry);
        let known = known(
            &registry,
            (sign_in != SignIn::Open).then_some(("ci", "hunter2")),
        );
        let (pinned, file) = pull(&format!("oci://{reference}"), &known).await.unwrap();
        assert_eq!(
            (pinned.to_string(), file.as_slice()),
            (reference, COMPONENT)
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_said_without_it() {
    for sign_in in [
        SignIn::Basic("ci", "hunter2"),
        SignIn::Token("ci", "hunter2"),
    ] {
        let registry = Registry::start(sign_in).await;
        let (_, reference) = keep(&registry);
        for given in [None, Some(("ci", "hunter3"))] {
            let error = refused(&reference, &known(&registry, given)).await;
            assert!(matches!(error, RegistryError::Denied { .. }), "{error:?}");
            assert!(!error.to_string().contains("hunter"), "{error}");
        }
    }
}

#[tokio::test]
async fn only_listed_registries_are_asked() {
    let registry = Registry::start(SignIn::Open).await;
    let (_, reference) = keep(&registry);
    let other = PluginRegistry {
        host: "registry.example.com".to_owned(),
        sign_in: None,
        insecure: false,
    };
    let error = refused(&reference, &[]).await.to_string();
    assert!(error.contains("plugins.registries"), "{error}");
    let error = refused(&reference, &[other]).await.to_string();
    assert!(error.contains("registry.example.com"), "{error}");
    assert_eq!(registry.asked(), [""; 0], "nothing was sent");
}

#[tokio::test]
async fn a_tag_is_refused_with_what_it_names_now() {
    let registry = Registry::start(SignIn::Open).await;
    let (_, reference) = keep(&registry);
    let known = known(&registry, None);
    let tag = format!("{}/{REPOSITORY}:1.0.0", registry.host());
    let error = refused(&tag, &known).await;
    assert!(
        matches!(error, RegistryError::NotPinned { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains(&reference), "{error}");

    let nothing = format!("{}/{REPOSITORY}:2.0.0", registry.host());
    let error = refused(&nothing, &known).await;
    assert!(matches!(error, RegistryError::NotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn neither_the_manifest_nor_the_component_can_be_another() {
    let registry = Registry::start(SignIn::Open).await;
    let known = known(&registry, None);
    let (layer, reference) = keep(&registry);
    // As long as it should be, and longer, and shorter.
    for other in ["\0asm and SO on", "\0asm and so on, and on", "\0asm"] {
        registry.replace(&layer, other);
        let error = refused(&reference, &known).await;
        assert!(
            matches!(error, RegistryError::Digest { .. }),
            "{other:?}: {error:?}"
        );
    }
    registry.put(COMPONENT);
    assert!(pull(&reference, &known).await.is_ok());

    let (_, digest) = reference.split_once('@').unwrap();
    let other = registry.put("another component");
    registry.replace(digest, artifact(&other, 17).to_string());
    let error = refused(&reference, &known).await;
    assert!(matches!(error, RegistryError::Digest { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_too_large_is_not_fetched() {
    let registry = Registry::start(SignIn::Open).await;
    let (layer, reference) = keep(&registry);
    let known = known(&registry, None);
    let limit = COMPONENT.len();
    assert!(pull_at_most(&reference, &known, limit).await.is_ok());
    let before = registry.asked().len();
    let error = pull_at_most(&reference, &known, limit - 1)
        .await
        .unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error:?}");
    let asked = registry.asked().split_off(before);
    assert!(!asked.iter().any(|it| it.contains(&layer)), "{asked:?}");

    // A size that is not true does not make room.
    let digest = registry.tag(REPOSITORY, "liar", &artifact(&layer, 3));
    let liar = format!("{}/{REPOSITORY}@{digest}", registry.host());
    let error = pull_at_most(&liar, &known, limit - 1).await.unwrap_err();
    assert!(matches!(error, RegistryError::Digest { .. }), "{error:?}");
}

#[tokio::test]
async fn artifacts_of_other_kinds_are_no_plugins() {
    let registry = Registry::start(SignIn::Open).await;
    let known = known(&registry, None);
    let layer = registry.put(COMPONENT);
    let good = artifact(&layer, COMPONENT.len());
    let changed = |path: &str, value: Value| {
        let mut other = good.clone();
        *other.pointer_mut(path).unwrap() = value;
        other
    };
    let image = "application/vnd.oci.image.config.v1+json";
    let others = [
        (
            changed("/config/mediaType", image.into()),
            "configuration is of the type",
        ),
        (
            changed("/layers/0/mediaType", "application/x-tar".into()),
            "layer is of the type",
        ),
        (changed("/layers", json!([])), "0 layers"),
        (
            changed("/schemaVersion", 1.into()),
            "no manifest of one file",
        ),
        (
            json!({"schemaVersion": 2, "manifests": []}),
            "a list of artifacts",
        ),
        (json!([]), "no manifest of one file"),
    ];
    for (manifest, why) in others {
        let digest = registry.tag(REPOSITORY, "other", &manifest);
        let reference = format!("{}/{REPOSITORY}@{digest}", registry.host());
        let error = refused(&reference, &known).await.to_string();
        assert!(error.contains(why), "{why:?} in {error}");
    }
}

#[tokio::test]
async fn a_registry_that_is_not_there_is_to_blame() {
    let registries = [PluginRegistry {
        host: "127.0.0.1:1".to_owned(),
        sign_in: None,
        insecure: true,
    }];
    let reference = format!("127.0.0.1:1/a@sha256:{}", "0".repeat(64));
    let error = refused(&reference, &registries).await;
    assert!(error.is_upstream(), "{error:?}");
}
