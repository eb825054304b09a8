//! Packages as they come: good ones, and everything else.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use portico_plugin_package::{
    Capability, ImportKind, Manifest, ReadError, SIGNATURE_SECTION, Sections, Severity, Trust,
    World, component, contract, generate_keys, inspect, read_manifest, sign, write_manifest,
};
use proptest::prelude::*;
use serde_json::json;
use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

fn manifest(world: World) -> Manifest {
    let capabilities: serde_json::Map<String, serde_json::Value> = contract::capabilities(world)
        .into_iter()
        .map(|capability| (capability.to_string(), json!({"reason": "for the test"})))
        .collect();
    let mut manifest = json!({
        "id": "test:dummy", "version": "1.0.0", "publisher": "contoso", "title": "Dummy",
        "description": "Does nothing.", "world": world, "wit": "1.0.0",
        "capabilities": capabilities,
    });
    if world == World::ScaffolderAction {
        manifest["interface"] = json!({"input": {}, "output": {}});
    }
    Manifest::from_json(manifest.to_string().as_bytes()).unwrap()
}

/// A component of a world, made without a compiler. It uses every import.
fn dummy(world: World) -> Vec<u8> {
    let (resolve, id) = contract::world(world, contract::version()).unwrap();
    module_of(&resolve, id)
}

fn module_of(resolve: &Resolve, id: wit_parser::WorldId) -> Vec<u8> {
    let mut module = dummy_module(resolve, id, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, resolve, id, StringEncoding::UTF8).unwrap();
    component::encode(&module).unwrap()
}

fn codes(bytes: &[u8]) -> Vec<String> {
    let report = inspect(bytes, &Trust::default(), None);
    report
        .findings
        .into_iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn a_package_of_each_world() {
    for world in World::ALL {
        let package = write_manifest(&dummy(world), &manifest(world)).unwrap();
        assert_eq!(read_manifest(&package).unwrap(), manifest(world));
        let report = inspect(&package, &Trust::default(), None);
        assert_eq!(report.world, Some(world));
        assert!(report.is_acceptable(), "{:#?}", report.findings);
        assert_eq!(codes(&package), ["unsigned"]);
        let log = report
            .imports
            .iter()
            .find(|import| import.name.contains("/log@"))
            .unwrap();
        assert_eq!(log.kind, ImportKind::Capability(Capability::Log));
    }
}

#[test]
fn a_manifest_is_replaced() {
    let world = World::ScorecardCheck;
    let first = write_manifest(&dummy(world), &manifest(world)).unwrap();
    let mut second = manifest(world);
    second.title = "Another".to_owned();
    let replaced = write_manifest(&first, &second).unwrap();
    assert_eq!(read_manifest(&replaced).unwrap().title, "Another");
    let again = write_manifest(&replaced, &manifest(world)).unwrap();
    assert_eq!(again, first);
}

#[test]
fn the_digest_is_of_what_runs() {
    let world = World::ScorecardCheck;
    let package = write_manifest(&dummy(world), &manifest(world)).unwrap();
    let (_, secret) = generate_keys(None).unwrap();
    let key = portico_plugin_package::SecretKey::from_text(&secret, None).unwrap();
    let signed = sign(&package, &key).unwrap().embed(&package).unwrap();
    let digest = |bytes: &[u8]| inspect(bytes, &Trust::default(), None).digest;
    assert_eq!(digest(&package), digest(&signed));
    assert_eq!(codes(&signed), ["signature"], "nobody knows the key");
}

#[test]
fn nothing_follows_the_signature() {
    let world = World::ScorecardCheck;
    let package = write_manifest(&dummy(world), &manifest(world)).unwrap();
    let (_, secret) = generate_keys(None).unwrap();
    let key = portico_plugin_package::SecretKey::from_text(&secret, None).unwrap();
    let mut signed = sign(&package, &key).unwrap().embed(&package).unwrap();
    // An empty custom section named `x`.
    signed.extend_from_slice(&[0, 2, 1, b'x']);
    assert_eq!(
        Sections::find(&signed).unwrap_err(),
        ReadError::SignatureNotLast
    );
}

#[test]
fn capabilities_declared_and_imported() {
    let world = World::ScorecardCheck;
    let mut less = manifest(world);
    less.capabilities.remove(&Capability::Http);
    let package = write_manifest(&dummy(world), &less).unwrap();
    let report = inspect(&package, &Trust::default(), Some(&manifest(world)));
    assert_eq!(report.undeclared, [Capability::Http]);
    assert!(!report.is_acceptable());
    assert_eq!(report.difference.unwrap().changes.len(), 1);

    let component = world_with("world scorecard-check { export check; }");
    let package = write_manifest(&component, &manifest(world)).unwrap();
    let report = inspect(&package, &Trust::default(), None);
    assert_eq!(report.unused.len(), contract::capabilities(world).len());
    assert!(report.is_acceptable());
}

/// A component of a world in a package of the same name as ours.
fn world_with(world: &str) -> Vec<u8> {
    let mut texts: Vec<_> = contract::files().collect();
    texts.sort_by_key(|(name, _)| *name != "package.wit");
    let text: String = texts.into_iter().map(|(_, text)| text).collect();
    let own = &world[6..world.find('{').unwrap() - 1];
    let start = text.find(&format!("world {own} {{")).unwrap();
    let end = start + text[start..].find('}').unwrap() + 1;
    let text = format!("{}{world}{}", &text[..start], &text[end..]);
    let mut resolve = Resolve::default();
    let package = resolve.push_source("test.wit", &text).unwrap();
    let id = resolve.packages[package].worlds[own];
    module_of(&resolve, id)
}

#[test]
fn other_worlds_are_noticed() {
    let package = write_manifest(
        &dummy(World::ScorecardCheck),
        &manifest(World::CatalogProvider),
    )
    .unwrap();
    let report = inspect(&package, &Trust::default(), None);
    assert_eq!(report.world, Some(World::ScorecardCheck));
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code == "world")
    );
}

#[test]
fn foreign_imports_are_named() {
    let mut resolve = Resolve::default();
    let wasi = "package wasi:cli@0.2.0; interface environment { get: func() -> string; }
                interface strange { get: func(); } world w { import environment; }";
    let package = resolve.push_source("wasi.wit", wasi).unwrap();
    let id = resolve.packages[package].worlds["w"];
    let component = module_of(&resolve, id);
    let report = inspect(&component, &Trust::default(), None);
    let finding = report
        .findings
        .iter()
        .find(|finding| finding.code == "wasi-import")
        .unwrap();
    assert_eq!(finding.severity, Severity::Error);
    assert!(
        finding.message.contains("wasi:cli/environment@0.2.0"),
        "{finding:?}"
    );
}

#[test]
fn what_is_no_component_is_refused() {
    let component = dummy(World::ScorecardCheck);
    for (bytes, code) in [
        (&b""[..], "not-wasm"),
        (b"hello", "not-wasm"),
        (b"\0asm", "malformed"),
        (b"\0asm\x01\0\0\0", "core-module"),
        (b"\x7fELF\x02\x01\x01", "precompiled"),
        (&component[..component.len() - 1], "malformed"),
        (&component, "no-manifest"),
    ] {
        let report = inspect(bytes, &Trust::default(), None);
        assert!(
            report.findings.iter().any(|finding| finding.code == code),
            "{code} {report:?}"
        );
        assert!(!report.is_acceptable());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read_manifest(&bytes);
        let mut component = b"\0asm\x0d\0\x01\0".to_vec();
        component.extend_from_slice(&bytes);
        let _ = read_manifest(&component);
        prop_assert!(!inspect(&component, &Trust::default(), None).is_acceptable());
    }

    #[test]
    fn a_flipped_byte_is_read_without_a_panic(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let world = World::ScorecardCheck;
        let mut package = write_manifest(&dummy(world), &manifest(world)).unwrap();
        let at = at.index(package.len());
        package[at] = to;
        let report = inspect(&package, &Trust::default(), None);
        // What passes can be read; a changed byte in a text is a text.
        prop_assert!(!report.is_acceptable() || read_manifest(&package).is_ok());
    }

    #[test]
    fn any_section_is_a_signature_or_is_refused(data in proptest::collection::vec(any::<u8>(), 0..200)) {
        let world = World::ScorecardCheck;
        let mut package = write_manifest(&dummy(world), &manifest(world)).unwrap();
        let name = SIGNATURE_SECTION.as_bytes();
        package.push(0);
        leb128(&mut package, name.len() + 1 + data.len());
        package.push(name.len() as u8);
        package.extend_from_slice(name);
        package.extend_from_slice(&data);
        prop_assert!(!inspect(&package, &Trust::default(), None).is_acceptable());
    }
}

fn leb128(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A small generator of its own, so that a failure can be repeated: xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// Whatever bytes come in, they are a plugin or are refused: nothing panics, and what is acceptable
/// has a manifest. The targets in `fuzz/` look for the same, for as long as they are let.
fn judge(bytes: &[u8]) {
    let manifest = read_manifest(bytes);
    let report = inspect(bytes, &Trust::default(), None);
    assert!(!report.is_acceptable() || manifest.is_ok(), "{report:#?}");
}

#[test]
fn damaged_packages_are_refused_or_good() {
    let world = World::ScorecardCheck;
    let package = write_manifest(&dummy(world), &manifest(world)).unwrap();
    let (_, secret) = generate_keys(None).unwrap();
    let key = portico_plugin_package::SecretKey::from_text(&secret, None).unwrap();
    let good = sign(&package, &key).unwrap().embed(&package).unwrap();
    let mut dice = Dice(0x5eed);
    // One byte at a time, wherever it is.
    for at in (0..good.len()).step_by(11) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << dice.below(8);
        judge(&bytes);
    }
    for _ in 0..50 {
        judge(&good[..dice.below(good.len())]);
        let (from, to) = (dice.below(good.len()), dice.below(good.len()));
        // Pieces that are missing, and pieces that are there twice.
        judge(&[&good[..from], &good[to..]].concat());
        judge(&[&good[from.min(to)..], &good[..from.max(to)]].concat());
    }
}

#[test]
fn sections_made_up_are_refused_or_harmless() {
    let world = World::ScorecardCheck;
    let good = write_manifest(&dummy(world), &manifest(world)).unwrap();
    let mut dice = Dice(0xdecaf);
    let names = ["portico:manifest", SIGNATURE_SECTION, "name", "x"];
    for round in 0..500 {
        let mut payload = match round % 2 {
            // A custom section of a name that means something.
            0 => {
                let name = names[dice.below(names.len())];
                [&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat()
            }
            _ => Vec::new(),
        };
        payload.extend((0..dice.below(60)).map(|_| u8::try_from(dice.below(256)).unwrap()));
        let id = if round % 2 == 0 { 0 } else { dice.below(16) };
        // Sometimes it says that it is longer than it is.
        let length = payload.len()
            + if dice.below(4) == 0 {
                dice.below(60)
            } else {
                0
            };
        let head = [
            u8::try_from(id).unwrap(),
            u8::try_from(length).unwrap() & 0x7f,
        ];
        judge(&[&good[..], &head, &payload].concat());
        judge(&[&good[..8], &head, &payload, &good[8..]].concat());
    }
}

#[test]
fn manifests_made_up_are_refused_or_good() {
    let world = World::ScorecardCheck;
    let good = serde_json::to_string(&manifest(world)).unwrap();
    let mut dice = Dice(0x00c0_ffee);
    for _ in 0..5_000 {
        let mut text = good.clone().into_bytes();
        for _ in 0..=dice.below(4) {
            let at = dice.below(text.len());
            match dice.below(3) {
                0 => text[at] = u8::try_from(dice.below(256)).unwrap(),
                1 => drop(text.drain(at..(at + dice.below(20)).min(text.len()))),
                _ => {
                    let piece = text[at..(at + dice.below(20)).min(text.len())].to_vec();
                    text.splice(at..at, piece);
                }
            }
        }
        if let Ok(manifest) = Manifest::from_json(&text) {
            let package = write_manifest(&dummy_of(world), &manifest).unwrap();
            assert_eq!(read_manifest(&package).unwrap(), manifest);
        }
    }
}

/// The same component each time: making one takes a while.
fn dummy_of(world: World) -> Vec<u8> {
    static DUMMY: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    DUMMY.get_or_init(|| dummy(world)).clone()
}
