//! What a field offers that asks a plugin: as much as the plugin can read, and nothing done.

use std::{fs, path::Path};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    plugins::{decide, submit},
    portal::Portal,
};

fn component() -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found = fs::read(root.join("target/plugins/detect-stack.wasm")).ok();
    if found.is_none() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
    }
    found
}

#[tokio::test]
async fn a_plugin_offers_what_a_field_asks_for() {
    let Some(file) = component() else { return };
    let folder = tempfile::tempdir().unwrap();
    let repositories =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso/repositories");
    fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    let config = format!(
        "scm:\n  local: {{ import: '{}' }}\n",
        repositories.display()
    );
    fs::write(folder.path().join("portico.yaml"), config).unwrap();
    let portal = Portal::start(folder.path());
    portal.ready().await;
    let version = submit(&portal, file).await;
    let approval = json!({"grants": version["grants"], "limits": version["limits"]});
    decide(&portal, &version, "approve", approval).await;
    decide(&portal, &version, "activate", json!({})).await;

    let admin = portal.sign_in("local-admin").await;
    let ask = async |source: Value, parameters: Value| {
        let body = json!({"source": source, "parameters": parameters});
        let (status, text) = admin
            .ask(Method::POST, "/_ui/field-choices", Some(body))
            .await;
        (status, text)
    };
    let pipelines = json!({"plugin": {
        "action": "repo:detect-stack",
        "input": {"repository": "local:${{ parameters.name }}"},
        "output": "pipelines",
    }});
    let (status, said) = ask(pipelines.clone(), json!({"name": "orders-api"})).await;
    assert_eq!(status, 200, "{said}");
    let offered: Vec<(String, String)> = serde_json::from_str(&said).unwrap();
    let (value, label) = offered.first().expect("it has a pipeline");
    assert!(Path::new(value).extension().is_some(), "a file: {said}");
    assert_eq!(value, label);

    for (source, parameters, expected) in [
        (
            pipelines,
            json!({"name": "no-such-repository"}),
            "repo:detect-stack could not tell",
        ),
        (
            json!({"plugin": {"action": "repo:detect-stack", "input": {"repo": "x"}}}),
            json!({}),
            "repo",
        ),
        (
            json!({"plugin": {"action": "no:such"}}),
            json!({}),
            "no:such was not found",
        ),
        (
            json!({"catalogue": {}}),
            json!({}),
            "unknown variant `catalogue`, expected `catalog` or `plugin`",
        ),
        (
            json!({"catalog": {"filter": "${{ parameters.x | nope }}"}}),
            json!({"x": "a"}),
            "nope",
        ),
    ] {
        let (status, said) = ask(source.clone(), parameters).await;
        assert_ne!(status, 200, "{source}: {said}");
        assert!(said.contains(expected), "{source}: {said}");
    }
}
