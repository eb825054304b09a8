use semver::Version;
use serde_json::json;

use super::*;
use crate::write_manifest;

/// The smallest component there is.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

fn package(version: &str) -> Vec<u8> {
    let manifest = json!({
        "id": "infra:add-redis", "version": version, "publisher": "contoso", "title": "t",
        "description": "d", "world": "scorecard-check", "wit": "1.0.0",
    });
    let manifest = Manifest::from_json(manifest.to_string().as_bytes()).unwrap();
    write_manifest(COMPONENT, &manifest).unwrap()
}

fn keys() -> (PublisherKey, SecretKey) {
    let (public, secret) = generate_keys(None).unwrap();
    let key = PublisherKey {
        publisher: "contoso".to_owned(),
        key: public.lines().nth(1).unwrap().to_owned(),
        namespaces: vec!["infra".to_owned()],
        revoked: None,
    };
    (key, SecretKey::from_text(&secret, None).unwrap())
}

fn state(package: &[u8], key: PublisherKey, current: Option<&Version>) -> SignatureState {
    let manifest = read_manifest(package).unwrap();
    let sections = Sections::find(package).unwrap();
    Trust::new(vec![key]).state(&sections, &manifest, current)
}

fn refused(package: &[u8], key: PublisherKey, current: Option<&Version>) -> SignatureError {
    match state(package, key, current) {
        SignatureState::Refused { error } => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_trusted_signature_inside_the_file() {
    let (public, secret) = keys();
    let package = package("1.0.0");
    assert_eq!(
        state(&package, public.clone(), None),
        SignatureState::Unsigned
    );
    let signed = sign(&package, &secret).unwrap().embed(&package).unwrap();
    let key = public.id().unwrap();
    assert_eq!(
        state(&signed, public, None),
        SignatureState::Trusted {
            publisher: "contoso".to_owned(),
            key
        }
    );
    assert_eq!(Sections::find(&signed).unwrap().payload, package);
}

#[test]
fn signing_again_replaces_the_signature() {
    let (public, secret) = keys();
    let package = package("1.0.0");
    let once = sign(&package, &keys().1).unwrap().embed(&package).unwrap();
    let twice = sign(&once, &secret).unwrap().embed(&once).unwrap();
    assert!(matches!(
        state(&twice, public, None),
        SignatureState::Trusted { .. }
    ));
}

#[test]
fn other_bytes_are_noticed() {
    let (public, secret) = keys();
    let signature = sign(&package("1.0.0"), &secret).unwrap();
    let other = signature.embed(&package("2.0.0")).unwrap();
    assert_eq!(refused(&other, public, None), SignatureError::OtherBytes);
}

#[test]
fn a_statement_about_another_plugin_is_noticed() {
    let (public, secret) = keys();
    let package = package("1.0.0");
    let comment = Some("portico plugin infra:add-redis 9.0.0");
    let signature = minisign::sign(None, secret.inner(), Cursor::new(&package), comment, None);
    let signed = Signature(signature.unwrap().into_string())
        .embed(&package)
        .unwrap();
    assert!(matches!(
        refused(&signed, public, None),
        SignatureError::OtherPlugin { .. }
    ));
}

#[test]
fn keys_of_others_unknown_and_revoked_keys_are_refused() {
    let (public, secret) = keys();
    let package = package("1.0.0");
    let signed = sign(&package, &secret).unwrap().embed(&package).unwrap();
    assert!(matches!(
        refused(&signed, keys().0, None),
        SignatureError::UnknownKey { .. }
    ));
    let other = PublisherKey {
        publisher: "fabrikam".to_owned(),
        ..public.clone()
    };
    assert!(matches!(
        refused(&signed, other, None),
        SignatureError::OtherPublisher { .. }
    ));
    let revoked = PublisherKey {
        revoked: Some("lost laptop".to_owned()),
        ..public.clone()
    };
    assert!(matches!(
        refused(&signed, revoked, None),
        SignatureError::RevokedKey { .. }
    ));
    let namespace = PublisherKey {
        namespaces: vec!["data".to_owned()],
        ..public
    };
    assert!(matches!(
        refused(&signed, namespace, None),
        SignatureError::Namespace { .. }
    ));
}

#[test]
fn an_old_version_is_no_way_back() {
    let (public, secret) = keys();
    let package = package("1.0.0");
    let signed = sign(&package, &secret).unwrap().embed(&package).unwrap();
    for current in [Version::new(1, 0, 0), Version::new(1, 1, 0)] {
        let error = refused(&signed, public.clone(), Some(&current));
        assert!(matches!(error, SignatureError::Downgrade { .. }), "{error}");
    }
    let older = Version::new(0, 9, 0);
    assert!(matches!(
        state(&signed, public, Some(&older)),
        SignatureState::Trusted { .. }
    ));
}

#[test]
fn garbage_is_no_signature() {
    let (public, _) = keys();
    let mut package = package("1.0.0");
    append(
        &mut package,
        SIGNATURE_SECTION,
        b"untrusted comment: x\nAAAA\n",
    );
    assert_eq!(refused(&package, public, None), SignatureError::Malformed);
}
