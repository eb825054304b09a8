//! A plugin from its file to a call, and its end, on one portal and on two.

use std::{fs, path::Path, time::Instant};

use portico_testkit::{on_each_database, on_postgres};
use reqwest::Method;
use serde_json::{Value, json};

use crate::portal::Portal;

/// Read access to the files of an entity's repository is all it asks for.
const ID: &str = "quality:repo-hygiene";
const ENTITY: &str = "component:default/orders-api";

/// The component that `cargo xtask plugins` builds.
fn component() -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("target/plugins/repo-hygiene.wasm");
    let found = fs::read(file).ok();
    if found.is_none() {
        eprintln!("SKIPPED: build the plugins first, with `cargo xtask plugins`");
    }
    found
}

/// A portal with one component that lives in a repository of the example organisation.
fn configure(folder: &Path, database: &str) {
    let repositories =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contoso/repositories");
    let database = match database.starts_with("postgres") {
        true => format!("  database: {{ client: pg, connection: '{database}' }}\n"),
        false => String::new(),
    };
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    fs::write(
        folder.join("orders.yaml"),
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders-api\n  \
         annotations: { portico.dev/repository: 'local:orders-api' }\nspec: { type: service, \
         lifecycle: production, owner: orders }\n",
    )
    .unwrap();
    let text = format!(
        "app: {{ title: Plugins }}\nbackend:\n  listen: 127.0.0.1:0\n{database}scm:\n  local: {{ \
         import: '{}' }}\ncatalog:\n  locations:\n    - {{ type: file, target: '{}' }}\n",
        repositories.display(),
        folder.join("orders.yaml").display(),
    );
    fs::write(folder.join("portico.yaml"), text).unwrap();
}

/// Hands the plugin in and returns its version, as reviewers see it.
pub(crate) async fn submit(portal: &Portal, file: Vec<u8>) -> Value {
    let (status, body) = portal.post("/api/plugins/submissions", file).await;
    assert_eq!(status, 201, "{body}");
    let queue: Value = serde_json::from_str(&portal.get("/api/plugins/submissions").await).unwrap();
    assert_eq!(queue.as_array().unwrap().len(), 1, "{queue}");
    queue[0].clone()
}

pub(crate) async fn decide(portal: &Portal, version: &Value, decision: &str, body: Value) {
    let digest = version["digest"].as_str().unwrap();
    let path = format!("/api/plugins/versions/{digest}/{decision}");
    let (status, answer) = portal.post(&path, body.to_string().into_bytes()).await;
    assert_eq!(status, 204, "{decision}: {answer}");
}

async fn approve_and_activate(portal: &Portal, version: &Value) {
    let approval = json!({"grants": version["grants"], "limits": version["limits"]});
    decide(portal, version, "approve", approval).await;
    decide(portal, version, "activate", json!({})).await;
}

async fn call(portal: &Portal) -> (u16, Value) {
    let body = json!({"entity": ENTITY}).to_string().into_bytes();
    let (status, answer) = portal.post(&format!("/api/plugins/{ID}/calls"), body).await;
    (status, serde_json::from_str(&answer).unwrap())
}

#[tokio::test]
async fn a_file_is_submitted_approved_called_and_revoked_without_a_restart() {
    let Some(file) = component() else { return };
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), database.url());
        let portal = Portal::start(folder.path());
        portal.wait_for(2).await;

        let version = submit(&portal, file.clone()).await;
        let (status, answer) = portal.post("/api/plugins/submissions", file.clone()).await;
        assert_eq!(status, 409, "the same file again: {answer}");
        assert_eq!(call(&portal).await.0, 404, "nobody has approved it yet");

        approve_and_activate(&portal, &version).await;
        let (status, trial) = call(&portal).await;
        assert_eq!((status, &trial["error"]), (200, &Value::Null), "{trial}");
        assert!(trial["output"][0]["verdict"].is_string(), "{trial}");

        decide(&portal, &version, "revoke", json!({"reason": "a test"})).await;
        assert_eq!(call(&portal).await.0, 404, "revoked");
        let audit = portal
            .get("/api/audit?resource=plugin:quality:repo-hygiene")
            .await;
        for action in ["plugin.submit", "plugin.manage", "plugin.run"] {
            assert!(audit.contains(action), "{action} in {audit}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_granted_is_refused_when_it_is_linked() {
    let Some(file) = component() else { return };
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "sqlite");
    let portal = Portal::start(folder.path());
    portal.wait_for(2).await;
    let version = submit(&portal, file).await;
    let approval = json!({"grants": {}, "limits": version["limits"]});
    decide(&portal, &version, "approve", approval).await;
    decide(&portal, &version, "activate", json!({})).await;
    let (status, problem) = call(&portal).await;
    assert_eq!(status, 409, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("not granted: config, repository"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_decision_on_one_replica_holds_on_the_other_within_two_seconds() {
    let Some(file) = component() else { return };
    on_postgres(async |database| {
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path(), database.url());
        let [one, other] = [Portal::start(folder.path()), Portal::start(folder.path())];
        for replica in [&one, &other] {
            replica.wait_for(2).await;
        }
        let version = submit(&one, file.clone()).await;
        for (decision, wanted) in [("activate", 200), ("revoke", 404)] {
            match decision {
                "activate" => approve_and_activate(&one, &version).await,
                _ => decide(&one, &version, "revoke", json!({"reason": "a test"})).await,
            }
            let decided = Instant::now();
            while call(&other).await.0 != wanted {
                assert!(decided.elapsed().as_secs() < 60, "{decision} never arrived");
                tokio::task::yield_now().await;
            }
            eprintln!("{decision} arrived after {:?}", decided.elapsed());
        }
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_somebody_may_not_see_is_not_there_for_them() {
    let Some(file) = component() else { return };
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), "sqlite");
    let people = "---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ada }\n\
                  spec: { memberOf: [] }\n";
    append(&folder.path().join("orders.yaml"), people);
    append(
        &folder.path().join("portico.yaml"),
        "  rules: [{ allow: [Component, User] }]\n",
    );
    let portal = Portal::start(folder.path());
    portal.wait_for(3).await;
    let version = submit(&portal, file).await;
    approve_and_activate(&portal, &version).await;
    let digest = version["digest"].as_str().unwrap();
    let nothing = format!("sha256:{}", "0".repeat(64));

    let ada = portal.sign_in("user:default/ada").await;
    let ask = async |method: Method, path: &str| {
        let body = match path.rsplit('/').next() {
            _ if method == Method::GET => None,
            Some("approve") => Some(json!({"grants": {}, "limits": {}})),
            Some("reject" | "revoke") => Some(json!({"reason": "x"})),
            Some("comments") => Some(json!({"body": "x"})),
            Some("calls") => Some(json!({"entity": ENTITY})),
            _ => Some(json!({})),
        };
        ada.ask(method, path, body).await
    };
    // Everybody sees plugins by default, and decides about none.
    let seen = format!("/api/plugins/{ID}");
    assert_eq!(ask(Method::GET, &seen).await.0, 200);
    for path in [
        format!("/api/plugins/versions/{digest}/approve"),
        format!("/api/plugins/versions/{digest}/reject"),
        format!("/api/plugins/versions/{digest}/revoke"),
        format!("/api/plugins/versions/{digest}/activate"),
        format!("/api/plugins/{ID}/disable"),
        format!("/api/plugins/{ID}/roll-back"),
    ] {
        let (status, body) = ask(Method::POST, &path).await;
        assert_eq!(status, 403, "{path}: {body}");
        assert!(body.contains("plugin.manage"), "{path}: {body}");
    }

    let policies: Value = serde_json::from_str(&portal.get("/api/policies").await).unwrap();
    let text = format!(
        "{}\n@id(\"secret-plugin\") forbid (principal == User::\"user:default/ada\", \
         action == Action::\"plugin.read\", resource) when {{ resource is Plugin && resource.id == \"{ID}\" }};",
        policies["text"].as_str().unwrap()
    );
    let put = json!({"base": 0, "text": text, "note": "a test"});
    let root = portal.sign_in("local-admin").await;
    let (status, body) = root.ask(Method::PUT, "/api/policies", Some(put)).await;
    assert_eq!(status, 200, "{body}");
    for (method, path) in [
        (Method::GET, format!("/api/plugins/{ID}")),
        (Method::POST, format!("/api/plugins/{ID}/calls")),
        (Method::POST, format!("/api/plugins/{ID}/disable")),
        (Method::POST, format!("/api/plugins/{ID}/roll-back")),
        (
            Method::POST,
            format!("/api/plugins/versions/{digest}/approve"),
        ),
        (
            Method::POST,
            format!("/api/plugins/versions/{digest}/reject"),
        ),
        (
            Method::POST,
            format!("/api/plugins/versions/{digest}/revoke"),
        ),
        (
            Method::POST,
            format!("/api/plugins/versions/{digest}/activate"),
        ),
        (
            Method::POST,
            format!("/api/plugins/versions/{digest}/comments"),
        ),
    ] {
        let (status, body) = ask(method.clone(), &path).await;
        assert_eq!(status, 404, "{path}: {body}");
        let missing = path.replace(digest, &nothing).replace(ID, "none:none");
        let (status, same) = ask(method, &missing).await;
        assert_eq!(status, 404, "{missing}: {same}");
        let comparable = |text: &str, id: &str, digest: &str| {
            let mut problem: Value = serde_json::from_str(text).unwrap();
            problem["detail"]
                .as_str()
                .unwrap()
                .replace(id, "ID")
                .replace(digest, "DIGEST")
                + &problem["title"].take().to_string()
        };
        assert_eq!(
            comparable(&body, ID, digest),
            comparable(&same, "none:none", &nothing),
            "{path}"
        );
    }
    assert_eq!(ask(Method::GET, "/api/plugins").await.1, "[]");
    assert_eq!(call(&portal).await.0, 200, "for others it goes on");
}

fn append(file: &Path, text: &str) {
    let before = fs::read_to_string(file).unwrap();
    fs::write(file, format!("{before}{text}")).unwrap();
}
