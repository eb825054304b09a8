//! `portico plugin submit` against a portal that runs, and against what is none.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::portal::Portal;

/// Knows nobody without one of these.
const CONFIG: &str = "
app: { title: Submissions }
backend:
  listen: 127.0.0.1:0
  auth:
    externalAccess:
      - type: static
        options: { token: an-author-with-a-token-that-is-long-enough, subject: author }
      - type: static
        options: { token: a-reader-with-a-token-that-is-long-enough, subject: reader }
        accessRestrictions: [{ plugin: catalog, permission: [catalog.entity.read] }]
auth: { environment: production }
";
const AUTHOR: &str = "an-author-with-a-token-that-is-long-enough";
const READER: &str = "a-reader-with-a-token-that-is-long-enough";

/// The component that `cargo xtask plugins` builds.
fn component() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("target/plugins/repo-hygiene.wasm");
    if !file.is_file() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
        return None;
    }
    Some(file)
}

/// Whether the file was taken, and what was printed.
fn submit(file: &Path, url: &str, token: Option<&str>) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico"));
    command
        .args(["plugin", "submit"])
        .arg(file)
        .args(["--url", url])
        .env_remove("PORTICO_TOKEN");
    if let Some(token) = token {
        command.env("PORTICO_TOKEN", token);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// The attempt fails and says so.
fn refused(file: &Path, url: &str, token: Option<&str>, why: &str) {
    let (taken, said) = submit(file, url, token);
    assert!(!taken && said.contains(why), "{why:?} in {said}");
}

/// A portal with a configuration that goes on as given.
async fn portal(folder: &Path, more: &str) -> Portal {
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    fs::write(folder.join("portico.yaml"), format!("{CONFIG}{more}")).unwrap();
    let portal = Portal::start(folder);
    portal.ready().await;
    portal
}

#[tokio::test]
async fn what_a_portal_does_not_take_is_explained() {
    let Some(file) = component() else { return };
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "plugins: { requireSignature: true }\n").await;
    refused(&file, portal.url(), Some(AUTHOR), "error[unsigned]");
}

#[tokio::test]
async fn authors_hand_in_plugins_and_are_told_what_is_wrong() {
    let Some(file) = component() else { return };
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "").await;
    let url = portal.url();

    refused(&file, url, None, "PORTICO_TOKEN");
    refused(
        &file,
        url,
        Some("somebody-else"),
        "does not know this token",
    );
    refused(&file, url, Some(READER), "may not hand in plugins");
    refused(&file, "portal.example", Some(AUTHOR), "https://");
    refused(
        &file,
        "http://127.0.0.1:1",
        Some(AUTHOR),
        "cannot be reached",
    );
    let elsewhere = format!("{url}/docs");
    refused(&file, &elsewhere, Some(AUTHOR), "check the address");
    let readme = folder.path().join("portico.yaml");
    refused(&readme, url, Some(AUTHOR), "is no plugin");
    let nothing = folder.path().join("nothing.wasm");
    refused(&nothing, url, Some(AUTHOR), "cannot read");

    let (taken, said) = submit(&file, url, Some(AUTHOR));
    assert!(taken, "{said}");
    let page = format!("{url}/plugins/quality:repo-hygiene");
    assert!(said.contains(&page), "{said}");
    refused(&file, url, Some(AUTHOR), "the portal refused it");
}
