//! A plugin that goes through a registry: pushed, handed in by reference, fetched by the portal.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use portico_testkit::{Registry, SignIn, on_each_database};
use serde_json::{Value, json};

use crate::portal::Portal;

const USER: &str = "ci";
const PASSWORD: &str = "a-password-of-the-registry";

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

/// Runs `portico plugin …`: whether it succeeded, and what it printed.
fn portico(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_portico"))
        .arg("plugin")
        .args(arguments)
        .env("PORTICO_REGISTRY_USERNAME", USER)
        .env("PORTICO_REGISTRY_PASSWORD", PASSWORD)
        .env_remove("PORTICO_TOKEN")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (printed, said) = (text(output.stdout), text(output.stderr));
    (output.status.success(), printed.trim().to_owned(), said)
}

async fn portal(folder: &Path, database: &str, registries: &str) -> Portal {
    let database = match database.starts_with("postgres") {
        true => format!("  database: {{ client: pg, connection: '{database}' }}\n"),
        false => String::new(),
    };
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    let config = format!(
        "backend:\n  listen: 127.0.0.1:0\n{database}plugins: {{ registries: [{registries}] }}\n"
    );
    fs::write(folder.join("portico.yaml"), config).unwrap();
    let portal = Portal::start(folder);
    portal.ready().await;
    portal
}

#[tokio::test]
async fn a_plugin_is_pushed_and_handed_in_by_its_digest() {
    let Some(file) = component() else { return };
    on_each_database(async |database| {
        let registry = Registry::start(SignIn::Basic(USER, PASSWORD)).await;
        let host = registry.host().to_owned();
        let listed =
            format!("{{ host: '{host}', username: {USER}, password: {PASSWORD}, insecure: true }}");
        let folder = tempfile::tempdir().unwrap();
        let portal = portal(folder.path(), database.url(), &listed).await;
        let url = portal.url().to_owned();

        let (path, target) = (
            file.to_str().unwrap().to_owned(),
            format!("{host}/plugins/hygiene"),
        );
        let arguments = [
            "push".to_owned(),
            path,
            target.clone(),
            "--insecure".to_owned(),
        ];
        let push = async || {
            let arguments = arguments.clone();
            let pushing = tokio::task::spawn_blocking(move || {
                portico(&arguments.each_ref().map(String::as_str))
            });
            let (pushed, pinned, said) = pushing.await.unwrap();
            assert!(pushed, "{said}");
            pinned
        };
        let pinned = push().await;
        assert_eq!(push().await, pinned, "the same file is the same artifact");
        let (name, digest) = pinned.split_once('@').unwrap();
        let (_, tag) = name.rsplit_once(':').unwrap();
        let manifest = registry.get(&format!("plugins/hygiene:{tag}")).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(
            manifest["config"]["mediaType"],
            "application/vnd.wasm.config.v0+json"
        );
        assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
        let config = registry
            .get(manifest["config"]["digest"].as_str().unwrap())
            .unwrap();
        let config: Value = serde_json::from_slice(&config).unwrap();
        assert_eq!(
            (&config["architecture"], &config["os"]),
            (&json!("wasm"), &json!("wasip2"))
        );
        assert_eq!(config["layerDigests"][0], manifest["layers"][0]["digest"]);
        let exports = config["component"]["exports"].to_string();
        assert!(exports.contains("portico:plugin/check@1"), "{config}");

        let submit = async |reference: String| {
            let url = url.clone();
            let submitting = tokio::task::spawn_blocking(move || {
                portico(&["submit", &reference, "--url", &url])
            });
            submitting.await.unwrap()
        };
        let (taken, _, said) = submit(format!("oci://{name}")).await;
        assert!(
            !taken && said.contains(digest),
            "a tag is told its digest: {said}"
        );
        let (taken, printed, said) = submit(format!("oci://{pinned}")).await;
        assert!(taken, "{said}");
        assert!(printed.contains("quality:repo-hygiene"), "{printed}");

        let queue = portal.get("/api/plugins/submissions").await;
        let queue: Value = serde_json::from_str(&queue).unwrap();
        assert_eq!(queue[0]["origin"], json!(pinned), "{queue}");
        let audit = portal
            .get("/api/audit?resource=plugin:quality:repo-hygiene")
            .await;
        assert!(audit.contains(&pinned), "{audit}");
        assert!(!audit.contains(PASSWORD), "{audit}");
    })
    .await;
}

#[tokio::test]
async fn the_api_says_why_a_reference_is_not_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let gone = "{ host: '127.0.0.1:1', insecure: true }";
    let portal = portal(folder.path(), "sqlite", gone).await;
    let digest = format!("sha256:{}", "0".repeat(64));
    let attempts = [
        (
            json!({"reference": format!("other.example/a@{digest}")}),
            400,
            "127.0.0.1:1",
        ),
        (json!({"reference": "orders"}), 400, "begins with no host"),
        (
            json!({"reference": format!("127.0.0.1:1/a@{digest}")}),
            502,
            "cannot be reached",
        ),
        (json!({"file": "x"}), 400, "reference"),
    ];
    for (body, status, why) in attempts {
        let said = portal
            .post("/api/plugins/submissions", body.to_string().into_bytes())
            .await;
        assert_eq!(said.0, status, "{body}: {said:?}");
        assert!(said.1.contains(why), "{why:?} in {said:?}");
    }
}
