//! Plugins in the folder `plugins.import` come into the review queue by themselves, once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use portico_testkit::on_each_database;
use serde_json::{Value, json};

use crate::{plugins::decide, portal::Portal};

/// The folder of components that `cargo xtask plugins` builds.
fn built() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/plugins");
    if !folder.join("repo-hygiene.wasm").is_file() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
        return None;
    }
    Some(folder)
}

fn configure(folder: &Path, database: &str) {
    let database = match database.starts_with("postgres") {
        true => format!("  database: {{ client: pg, connection: '{database}' }}\n"),
        false => String::new(),
    };
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    fs::create_dir_all(folder.join("plugins")).unwrap();
    let text = format!(
        "app: {{ title: Plugins }}\nbackend:\n  listen: 127.0.0.1:0\n{database}plugins: {{ \
         import: '{}', approve: ['infra:add-redis'] }}\n",
        folder.join("plugins").display(),
    );
    fs::write(folder.join("portico.yaml"), text).unwrap();
}

/// The review queue, as soon as it has a version of this plugin.
async fn queue_with(portal: &Portal, plugin: &str) -> Vec<Value> {
    portal
        .wait_until(&format!("{plugin} waits for review"), async || {
            let queue = portal.get("/api/plugins/submissions").await;
            let queue: Vec<Value> = serde_json::from_str(&queue).ok()?;
            queue
                .iter()
                .any(|it| it["report"]["manifest"]["id"] == plugin)
                .then_some(queue)
        })
        .await
}

#[tokio::test]
async fn files_of_a_folder_are_handed_in_once() {
    let Some(built) = built() else { return };
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), database.url());
        let put = |file: &str, name: &str| {
            fs::copy(built.join(file), folder.path().join("plugins").join(name)).unwrap();
        };
        // What is no plugin stops nobody else.
        fs::write(folder.path().join("plugins/0.wasm"), "notes").unwrap();
        put("add-redis.wasm", "0a.wasm");
        put("repo-hygiene.wasm", "1.wasm");
        let portal = Portal::start(folder.path());
        let queue = queue_with(&portal, "quality:repo-hygiene").await;
        // The one that the configuration approves does not wait: it runs.
        assert_eq!(queue.len(), 1, "{queue:?}");
        let approved = portal.get("/api/plugins/infra:add-redis").await;
        let approved: Value = serde_json::from_str(&approved).unwrap();
        let version = &approved["versions"][0];
        assert_eq!(version["status"], "approved", "{approved}");
        assert_eq!(version["decidedBy"], "system");
        assert_eq!(approved["active"], version["version"]);
        decide(&portal, &queue[0], "reject", json!({"reason": "a test"})).await;
        portal.kill();

        // Files are taken in the order of their names: with the second, the first was looked at.
        put("dotnet-version.wasm", "2.wasm");
        let portal = Portal::start(folder.path());
        let queue = queue_with(&portal, "quality:dotnet-version").await;
        assert_eq!(
            queue.len(),
            1,
            "what was rejected does not come back: {queue:?}"
        );
        let audit = portal
            .get("/api/audit?resource=plugin:quality:repo-hygiene")
            .await;
        assert_eq!(audit.matches("plugin.submit").count(), 1, "{audit}");
    })
    .await;
}
