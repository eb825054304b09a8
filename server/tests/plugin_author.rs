//! What an author does: from nothing to a plugin that runs in the sandbox.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use portico_plugin_package::{PublisherKey, Trust, read_manifest};

const PORTICO: &str = env!("CARGO_BIN_EXE_portico");

/// Runs `portico plugin …` in a folder.
fn portico(folder: &Path, args: &[&str]) -> Output {
    Command::new(PORTICO)
        .current_dir(folder)
        .arg("plugin")
        .args(args)
        // Guests of all templates share what they are made of.
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests"),
        )
        .output()
        .unwrap()
}

/// What was printed, of a command that has to succeed.
fn succeeds(folder: &Path, args: &[&str]) -> String {
    let output = portico(folder, args);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{args:?}\n{text}");
    text
}

/// A new plugin from the template of a world, and its folder. Guests are built into one
/// folder, so each test has to give its own a name of its own.
fn new(name: &str, world: &str) -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let id = format!("team:{name}");
    succeeds(root.path(), &["new", &id, "--world", world]);
    let folder = root.path().join(name);
    // The versions that Portico's own plugins are built with.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    (root, folder)
}

fn template_runs(world: &str, fixture: &str) {
    let (_root, folder) = new(world, world);
    let report = succeeds(&folder, &["build"]);
    assert!(!report.contains("error["), "{report}");
    assert!(!report.contains("unused-capability"), "{report}");
    fs::create_dir(folder.join("fixtures")).unwrap();
    fs::write(folder.join("fixtures/it-works.json"), fixture).unwrap();
    let text = succeeds(&folder, &["test", &format!("{world}.wasm")]);
    assert!(text.contains("ok    it-works"), "{text}");
}

#[test]
fn a_new_check_runs() {
    template_runs(
        "scorecard-check",
        r##"{"entity": {"kind": "Component"}, "files": {"README.md": "# Hi"},
            "expect": {"verdict": "pass"}}"##,
    );
}

#[test]
fn a_new_action_runs() {
    template_runs(
        "scaffolder-action",
        r#"{"input": {"name": "Orders"}, "expect": {"path": "GREETING.md"},
            "written": {"GREETING.md": "Hello, Orders!\n"}}"#,
    );
}

#[test]
fn a_new_provider_runs() {
    template_runs(
        "catalog-provider",
        r#"{"connections": {"systems": {"GET /systems.json": {"body": [{"name": "a", "owner": "b"}]}}},
            "expect": {"entities": [{"kind": "System", "metadata": {"name": "a"}}]}}"#,
    );
}

#[test]
fn a_plugin_is_signed_and_inspected() {
    let (_root, folder) = new("signed", "scorecard-check");
    succeeds(&folder, &["build"]);
    succeeds(&folder, &["keygen", "contoso"]);
    succeeds(&folder, &["sign", "signed.wasm", "--key", "contoso.key"]);

    let public = fs::read_to_string(folder.join("contoso.pub")).unwrap();
    let trust = Trust::new(vec![PublisherKey {
        publisher: "example".to_owned(),
        key: public.lines().nth(1).unwrap().to_owned(),
        namespaces: Vec::new(),
        revoked: None,
    }]);
    fs::write(
        folder.join("trust.json"),
        serde_json::to_vec(&trust).unwrap(),
    )
    .unwrap();
    let report = succeeds(
        &folder,
        &["inspect", "signed.wasm", "--trust", "trust.json"],
    );
    assert!(report.contains("signature    good, example"), "{report}");

    let package = fs::read(folder.join("signed.wasm")).unwrap();
    assert_eq!(read_manifest(&package).unwrap().id.as_str(), "team:signed");
    let again = portico(&folder, &["keygen", "contoso"]);
    assert!(!again.status.success(), "a secret key is never overwritten");
}
