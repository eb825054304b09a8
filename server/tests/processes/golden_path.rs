//! A service from its golden path, and everything that is added to it later: what one action writes,
//! the next one has to understand.

use std::{fs, path::Path};

use portico_testkit::on_each_database;
use serde_json::{Value, json};

use crate::{
    plugins::{decide, submit},
    portal::Portal,
    tasks::{create, ended, get, is_listed},
};

/// The plugins that the changes need.
const PLUGINS: [&str; 7] = [
    "add-alert",
    "add-environment",
    "add-queue",
    "add-redis",
    "add-secret",
    "edit-info",
    "set-scale",
];

/// The changes, one after the other, and what the second try of each is told.
const CHANGES: [(&str, &str, &str); 8] = [
    ("add-redis", "{}", "has a Redis cache already"),
    (
        "add-queue",
        r#"{"name": "card-sold"}"#,
        "has the queue `card-sold` already",
    ),
    (
        "add-queue",
        r#"{"kind": "topic", "name": "card-sold", "subscription": "loyalty"}"#,
        "has the topic `card-sold` already",
    ),
    (
        "add-alert",
        r#"{"email": "payments@contoso.example"}"#,
        "has an alert of failed requests already",
    ),
    (
        "add-environment",
        r#"{"environment": "test"}"#,
        "has the environment `test` already",
    ),
    (
        "change-scaling",
        r#"{"environment": "test", "min": 1, "max": 2}"#,
        "from 1 to 2 in `test` already",
    ),
    (
        "change-owner",
        r#"{"owner": "group:default/orders"}"#,
        "owns `gift-cards` already",
    ),
    (
        "deprecate",
        r#"{"reason": "Nobody wants them."}"#,
        "is `deprecated` already",
    ),
];

const ORGANISATION: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: payments }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: orders }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: checkout }
spec: { owner: payments }
";

fn components() -> Option<Vec<Vec<u8>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/plugins");
    let files = PLUGINS.map(|name| fs::read(root.join(format!("{name}.wasm"))).ok());
    let files: Option<Vec<Vec<u8>>> = files.into_iter().collect();
    if files.is_none() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
    }
    files
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, to).unwrap()),
        }
    }
}

/// A portal with the templates of the example.
fn configure(folder: &Path, database: &str) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso/templates");
    let templates = folder.join("templates");
    let names = CHANGES.map(|it| it.0).into_iter();
    for name in names.chain(["dotnet-service", "provision-secret"]) {
        copy(&example.join(name), &templates.join(name));
    }
    let database = match database.starts_with("postgres") {
        true => format!("  database: {{ client: pg, connection: '{database}' }}\n"),
        false => String::new(),
    };
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    let text = format!(
        "app: {{ title: Golden path }}\nscaffolder: {{ secretsKey: \
         0123456789abcdef0123456789abcdef }}\nbackend:\n  listen: 127.0.0.1:0\n{database}catalog:\n  \
         rules: [{{ allow: [Component, API, Resource, System, Group, Template, Location] }}]\n  \
         locations:\n    - {{ type: file, target: '{}/*/template.yaml' }}\n    - {{ type: file, \
         target: ./organisation.yaml }}\n",
        templates.display(),
    );
    fs::write(folder.join("organisation.yaml"), ORGANISATION).unwrap();
    fs::write(folder.join("portico.yaml"), text).unwrap();
}

/// Approves the plugins, and waits until their actions are there.
async fn approve(portal: &Portal, files: &[Vec<u8>]) {
    for file in files {
        let version = submit(portal, file.clone()).await;
        let approval = json!({"grants": version["grants"], "limits": version["limits"]});
        decide(portal, &version, "approve", approval).await;
        decide(portal, &version, "activate", json!({})).await;
    }
    let all = async || {
        let actions = get(portal, "/api/scaffolder/v2/actions").await;
        let plugins = actions.as_array().unwrap().iter();
        let count = plugins.filter(|it| it["plugin"].is_string()).count();
        (count == files.len()).then_some(())
    };
    portal.wait_until("the actions", all).await;
}

async fn change(portal: &Portal, template: &str, values: &str) -> Value {
    let mut values: Value = serde_json::from_str(values).unwrap();
    values["component"] = "component:default/gift-cards".into();
    let body = json!({
        "templateRef": format!("template:default/{template}"), "values": values,
        "entityRef": "component:default/gift-cards",
    });
    let id = create(portal, body).await;
    ended(portal, &id).await
}

/// The vault that a secret of an environment would go into.
async fn vault(portal: &Portal, environment: &str) -> String {
    let body = json!({
        "templateRef": "template:default/provision-secret",
        "values": {
            "component": "component:default/gift-cards", "environment": environment,
            "name": "printer-key", "value": "****", "setting": "Printer__Key",
        },
        "secrets": {"value": "not-a-real-secret"},
    });
    let body = body.to_string().into_bytes();
    let (status, answer) = portal.post("/api/scaffolder/v2/dry-run", body).await;
    assert_eq!(status, 200, "{answer}");
    let result: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(result["error"], Value::Null, "{environment}: {answer}");
    let vault = result["effects"][0]["details"]["vault"].as_str();
    vault
        .unwrap_or_else(|| panic!("no vault in {answer}"))
        .to_owned()
}

#[tokio::test]
async fn a_new_service_takes_every_change_of_day_two() {
    let Some(files) = components() else { return };
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), database.url());
        let portal = Portal::start(folder.path());
        is_listed(&portal, "template/default/dotnet-service").await;
        is_listed(&portal, "system/default/checkout").await;
        is_listed(&portal, "group/default/orders").await;
        approve(&portal, &files).await;

        let service = json!({
            "templateRef": "template:default/dotnet-service",
            "values": {
                "name": "gift-cards", "description": "Sells gift cards", "database": "sql",
                "owner": "group:default/payments", "system": "system:default/checkout",
            },
        });
        let id = create(&portal, service).await;
        let task = ended(&portal, &id).await;
        assert_eq!(task["status"], "completed", "{task}");
        is_listed(&portal, "component/default/gift-cards").await;
        let dev = vault(&portal, "dev").await;
        let same = |it: &str, environment: &str| it.replace(&format!("-{environment}."), "-dev.");
        assert!(dev.starts_with("https://kv-gif"), "{dev}");
        assert_eq!(same(&vault(&portal, "prod").await, "prod"), dev);

        for (number, (template, values, _)) in CHANGES.into_iter().enumerate() {
            let task = change(&portal, template, values).await;
            assert_eq!(task["status"], "completed", "{template}: {task}");
            let page = format!("/repositories/gift-cards/change-requests/{}", number + 1);
            let url = task["output"]["links"][0]["url"].as_str().unwrap();
            assert!(url.ends_with(&page), "{template}: {url}");
            let merge = format!("/api/scm{page}/merge");
            let (status, answer) = portal.post(&merge, b"{}".to_vec()).await;
            assert_eq!(status, 200, "{template}: {answer}");
        }
        let again = json!({"entityRef": "component:default/gift-cards"});
        let again = again.to_string().into_bytes();
        let (status, answer) = portal.post("/api/catalog/refresh", again).await;
        assert_eq!(status, 200, "{answer}");
        is_listed(&portal, "component/default/gift-cards-test").await;
        assert_eq!(same(&vault(&portal, "test").await, "test"), dev);
        for (template, values, already) in CHANGES {
            let task = change(&portal, template, values).await;
            assert_eq!(task["status"], "failed", "{template}: {task}");
            let error = task["error"].as_str().unwrap();
            assert!(error.contains(already), "{template}: {error}");
        }
    })
    .await;
}
