//! Templates on the real binary: Add Redis with the plugin, and a portal that is killed in the
//! middle of a task.

use std::{fs, path::Path};

use portico_testkit::on_each_database;
use serde_json::{Value, json};

use crate::{
    plugins::{decide, submit},
    portal::Portal,
};

/// The component that `cargo xtask plugins` builds.
fn component() -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found = fs::read(root.join("target/plugins/add-redis.wasm")).ok();
    if found.is_none() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
    }
    found
}

/// A portal with the example's repositories, its template Add Redis, the component it is for, and
/// a template that takes its time.
fn configure(folder: &Path, database: &str) {
    let contoso = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso");
    let contoso = contoso.canonicalize().unwrap();
    let database = match database.starts_with("postgres") {
        true => format!("  database: {{ client: pg, connection: '{database}' }}\n"),
        false => String::new(),
    };
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    let slow = json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "slow"},
        "spec": {
            "type": "service",
            "steps": [
                {"id": "write", "action": "fs:write", "input": {"path": "a", "content": "kept"}},
                {"id": "wait", "action": "debug:wait", "input": {"seconds": 2}},
                {"id": "read", "action": "fs:read", "input": {"path": "a"}},
            ],
            "output": {"found": "${{ steps.read.output.content }}"},
        },
    });
    let orders = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": "orders-api",
            "annotations": {"portico.dev/repository": "local:orders-api"},
        },
        "spec": {"type": "service", "lifecycle": "production", "owner": "orders"},
    });
    fs::write(
        folder.join("entities.yaml"),
        format!("{slow}\n---\n{orders}\n"),
    )
    .unwrap();
    let text = format!(
        "app: {{ title: Tasks }}\nbackend:\n  listen: 127.0.0.1:0\n{database}scm:\n  local: {{ \
         import: '{0}/repositories' }}\ncatalog:\n  rules: [{{ allow: [Component, Template, \
         Location] }}]\n  locations:\n    - {{ type: file, target: '{1}' }}\n    - {{ type: file, \
         target: '{0}/templates/add-redis/template.yaml' }}\n",
        contoso.display(),
        folder.join("entities.yaml").display(),
    );
    fs::write(folder.join("portico.yaml"), text).unwrap();
}

pub(crate) async fn create(portal: &Portal, body: Value) -> String {
    let body = body.to_string().into_bytes();
    let (status, answer) = portal.post("/api/scaffolder/v2/tasks", body).await;
    assert_eq!(status, 201, "{answer}");
    let created: Value = serde_json::from_str(&answer).unwrap();
    created["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn get(portal: &Portal, path: &str) -> Value {
    serde_json::from_str(&portal.get(path).await).unwrap()
}

pub(crate) async fn ended(portal: &Portal, id: &str) -> Value {
    let path = format!("/api/scaffolder/v2/tasks/{id}");
    let done = async || {
        let task = get(portal, &path).await;
        let status = task["status"].as_str().unwrap_or_default();
        (!matches!(status, "open" | "processing")).then_some(task)
    };
    portal.wait_until("the end of the task", done).await
}

/// Waits until the catalog has an entity, by kind, namespace and name.
pub(crate) async fn is_listed(portal: &Portal, entity: &str) {
    let path = format!("/api/catalog/entities/by-name/{entity}");
    let listed = async || portal.get(&path).await.contains("\"uid\"").then_some(());
    portal
        .wait_until(&format!("{entity} is listed"), listed)
        .await;
}

#[tokio::test]
async fn add_redis_proposes_a_change_and_says_so_the_second_time() {
    let Some(file) = component() else { return };
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), database.url());
        let portal = Portal::start(folder.path());
        is_listed(&portal, "template/default/add-redis").await;
        is_listed(&portal, "component/default/orders-api").await;
        let task = json!({
            "templateRef": "template:default/add-redis",
            "values": {"component": "component:default/orders-api"},
            "entityRef": "component:default/orders-api",
        });
        let (status, answer) = portal
            .post("/api/scaffolder/v2/tasks", task.to_string().into_bytes())
            .await;
        assert_eq!(status, 400, "{answer}");
        assert!(
            answer.contains("there is no action \\\"infra:add-redis\\\""),
            "{answer}"
        );

        let version = submit(&portal, file.clone()).await;
        let approval = json!({"grants": version["grants"], "limits": version["limits"]});
        decide(&portal, &version, "approve", approval).await;
        decide(&portal, &version, "activate", json!({})).await;
        let there = async || {
            let actions = get(&portal, "/api/scaffolder/v2/actions").await;
            let actions = actions.as_array().unwrap().clone();
            actions.into_iter().find(|it| it["id"] == "infra:add-redis")
        };
        let action = portal.wait_until("the action", there).await;
        assert!(
            action["plugin"].as_str().unwrap().contains("1.0.0"),
            "{action}"
        );

        let mut dry = task.clone();
        dry["secrets"] = json!({});
        let (status, answer) = portal
            .post("/api/scaffolder/v2/dry-run", dry.to_string().into_bytes())
            .await;
        assert_eq!(status, 200, "{answer}");
        let dry: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(dry["error"], Value::Null, "{dry}");
        let effect = &dry["effects"][0];
        assert_eq!(effect["details"]["branch"], "portico/add-redis", "{dry}");
        let diff = effect["details"]["diff"]
            .as_str()
            .unwrap_or_else(|| panic!("{effect}"));
        assert!(diff.contains("Microsoft.Cache/redis"), "{diff}");

        let first = create(&portal, task.clone()).await;
        let first = ended(&portal, &first).await;
        assert_eq!(first["status"], "completed", "{first}");
        let url = first["output"]["links"][0]["url"].as_str().unwrap();
        assert!(
            url.ends_with("/repositories/orders-api/change-requests/1"),
            "{url}"
        );
        let change = "/api/scm/repositories/orders-api/change-requests/1";
        let change = get(&portal, change).await;
        assert_eq!(change["state"], "open", "{change}");
        assert_eq!(change["via"], "plugin infra:add-redis", "{change}");

        let second = create(&portal, task).await;
        let second = ended(&portal, &second).await;
        assert_eq!(second["status"], "failed", "{second}");
        let error = second["error"].as_str().unwrap();
        assert!(
            error.contains("a cache has been proposed before"),
            "{error}"
        );

        let of_entity = "/api/scaffolder/v2/tasks?entityRef=component:default/orders-api";
        let history = get(&portal, of_entity).await;
        assert_eq!(history["totalTasks"], 2, "{history}");
    })
    .await;
}

#[tokio::test]
async fn a_killed_portals_task_goes_on_after_the_start_from_its_checkpoint() {
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), database.url());
        let portal = Portal::start(folder.path());
        is_listed(&portal, "template/default/slow").await;
        let id = create(&portal, json!({"templateRef": "slow", "values": {}})).await;
        let path = format!("/api/scaffolder/v2/tasks/{id}/events");
        let waiting = async || {
            let events = get(&portal, &path).await;
            let events = events.as_array().unwrap().clone();
            let begun = |it: &Value| it["body"]["stepId"] == "wait";
            events.iter().any(begun).then_some(())
        };
        portal.wait_until("the second step", waiting).await;
        portal.kill();
        let left = fs::read_dir(folder.path().join("data/tasks"))
            .unwrap()
            .count();
        assert_eq!(left, 1, "the folder of the task that was killed");

        let portal = Portal::start(folder.path());
        portal.ready().await;
        let task = ended(&portal, &id).await;
        assert_eq!(task["status"], "completed", "{task}");
        assert_eq!(task["output"]["found"], "kept");
        let events = get(&portal, &path).await;
        let count = |step: &str| {
            let begun =
                |it: &&Value| it["body"]["stepId"] == step && it["body"]["status"] == "processing";
            events.as_array().unwrap().iter().filter(begun).count()
        };
        assert_eq!((count("write"), count("wait"), count("read")), (1, 2, 1));

        let stream = portal
            .get(&format!("/api/scaffolder/v2/tasks/{id}/eventstream"))
            .await;
        for text in ["event: recovered\n", "event: completion\n", "id: 1\n"] {
            assert!(stream.contains(text), "{text} in {stream}");
        }
        let over = format!("/api/scaffolder/v2/tasks/{id}/eventstream?after=1000");
        assert_eq!(portal.get(&over).await, "");
    })
    .await;
}
