//! `http:backstage:request`: tasks that call the API of their own portal.

use axum::http::{Method, StatusCode};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{Portal, READ_TOKEN, TOKEN};

const TASKS: &str = "/api/scaffolder/v2/tasks";

/// One that calls what its form says, and one that creates tasks of itself.
fn templates() -> String {
    let template = |name: &str, input: Value, code: Value| {
        json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3",
            "kind": "Template",
            "metadata": {"name": name},
            "spec": {
                "type": "service",
                "parameters": {"properties": {
                    "params": {"type": "object", "default": {}},
                    "headers": {"type": "object", "default": {}},
                    "body": {"default": ""},
                    "continueOnBadResponse": {"type": "boolean", "default": false},
                    "logRequestPath": {"type": "boolean", "default": true}}},
                "steps": [{"id": "call", "action": "http:backstage:request", "input": input}],
                "output": {"code": code, "body": "${{ steps.call.output.body }}"},
            },
        })
        .to_string()
    };
    let code = json!("${{ steps.call.output.code }}");
    let names = [
        "method",
        "path",
        "params",
        "headers",
        "body",
        "continueOnBadResponse",
        "logRequestPath",
    ];
    let asked = names.map(|it| (it.to_owned(), json!(format!("${{{{ parameters.{it} }}}}"))));
    let call = template(
        "call",
        Value::Object(asked.into_iter().collect()),
        code.clone(),
    );
    let again = json!({
        "method": "POST", "path": TASKS, "body": {"templateRef": "again", "values": {}},
    });
    format!("{call}\n---\n{}", template("again", again, code))
}

async fn on_portal(test: impl AsyncFn(&Portal)) {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &templates(), "development").await;
        let running = portal.run_tasks();
        test(&portal).await;
        running.stop().await;
    })
    .await;
}

/// The end of a task.
async fn ended(portal: &Portal, id: &str) -> Value {
    portal.get(&format!("{TASKS}/{id}/eventstream")).await;
    portal.get(&format!("{TASKS}/{id}")).await.ok()
}

/// A task that calls the API, at its end.
async fn call(portal: &Portal, input: Value) -> Value {
    let body = json!({"templateRef": "call", "values": input});
    let request = portal.request(Method::POST, TASKS).token(TOKEN).json(body);
    let answer = portal.send(request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    ended(portal, &id).await
}

#[tokio::test]
async fn a_task_asks_in_the_name_of_who_created_it_whatever_its_headers_say() {
    on_portal(async |portal| {
        let task = call(
            portal,
            json!({
                "method": "GET", "path": "catalog/entities/by-query",
                "params": {"filter": "kind=template", "limit": 1},
            }),
        )
        .await;
        assert_eq!(task["status"], "completed", "{task}");
        assert_eq!(task["output"]["code"], 200);
        assert_eq!(task["output"]["body"]["totalItems"], 2);

        let create = json!({
            "method": "POST", "path": TASKS,
            "headers": {
                "Authorization": format!("Bearer {READ_TOKEN}"), "Cookie": "portico_session=x",
                "Host": "elsewhere.example", "X-Forwarded-For": "10.9.9.9",
            },
            "body": {"templateRef": "call", "values": {"method": "GET", "path": "plugins"},
                "depth": 0},
        });
        let task = call(portal, create).await;
        assert_eq!(task["output"]["code"], 201, "{task}");
        let id = task["output"]["body"]["id"].as_str().unwrap().to_owned();
        let child = ended(portal, &id).await;
        assert_eq!(child["createdBy"], "service:tests", "{child}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_of_400_or_more_fails_the_step_unless_it_is_asked_for() {
    on_portal(async |portal| {
        let path = "/api/catalog/entities/by-name/component/default/nobody";
        let task = call(portal, json!({"method": "GET", "path": path})).await;
        assert_eq!(task["status"], "failed");
        let error = task["error"].to_string();
        assert!(error.contains(path) && error.contains("404"), "{error}");
        let quiet = json!({"method": "GET", "path": path, "logRequestPath": false});
        let error = call(portal, quiet).await["error"].to_string();
        assert!(!error.contains(path) && error.contains("404"), "{error}");
        let input = json!({"method": "GET", "path": path, "continueOnBadResponse": true});
        let task = call(portal, input).await;
        assert_eq!(task["output"]["code"], 404, "{task}");
        assert_eq!(task["output"]["body"]["error"]["name"], "NotFoundError");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_for_tasks_is_refused() {
    on_portal(async |portal| {
        let id = uuid::Uuid::now_v7();
        let decision = format!("{TASKS}/{id}/decision");
        let retry = format!("{TASKS}/{id}/retry");
        for (method, path, why) in [
            ("GET", "proxy/jenkins/job", "no"),
            (
                "GET",
                "https://evil.example/api/catalog",
                "not of this portal",
            ),
            ("GET", "../metrics", "not of this portal"),
            ("GET", "/api/auth/session", "for people"),
            ("POST", decision.as_str(), "for people"),
            ("POST", retry.as_str(), "no other try again"),
            ("POST", "/api/plugins/versions/x/approve", "for people"),
        ] {
            let task = call(portal, json!({"method": method, "path": path})).await;
            assert_eq!(task["status"], "failed", "{path}");
            let error = task["error"].to_string();
            assert!(error.contains(why), "{path}: {error}");
        }
        let followed = call(portal, json!({"method": "GET", "path": "plugins"})).await;
        let id = followed["id"].as_str().unwrap();
        // Nobody follows one that has ended; one that runs is a stream.
        let own = json!({"method": "GET", "path": format!("{TASKS}/{id}/eventstream")});
        let error = call(portal, own).await["error"].to_string();
        assert!(error.contains("stream"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn tasks_create_tasks_to_a_bounded_depth() {
    on_portal(async |portal| {
        let first = portal
            .post(TASKS, json!({"templateRef": "again", "values": {}}))
            .await;
        let mut id = first.json()["id"].as_str().unwrap().to_owned();
        for _ in 0..portico_tasks::MAX_DEPTH {
            let task = ended(portal, &id).await;
            assert_eq!(task["status"], "completed", "{task}");
            id = task["output"]["body"]["id"].as_str().unwrap().to_owned();
        }
        let last = ended(portal, &id).await;
        assert_eq!(last["status"], "failed");
        let error = last["error"].to_string();
        assert!(error.contains("no deeper"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_asks_and_tells_what_it_would_change() {
    on_portal(async |portal| {
        let dry = async |input: Value| {
            let template = json!({
                "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
                "metadata": {"name": "draft"},
                "spec": {
                    "type": "service",
                    "steps": [{"id": "call", "action": "http:backstage:request", "input": input}],
                    "output": {"code": "${{ steps.call.output.code }}"},
                },
            });
            let body = json!({
                "template": template, "values": {}, "secrets": {"key": "hunter2-and-more"},
                "directoryContents": [],
            });
            portal.post("/api/scaffolder/v2/dry-run", body).await.ok()
        };
        let read = dry(json!({"method": "GET", "path": "plugins", "continueOnBadResponse": true}));
        let read = read.await;
        assert_eq!(read["effects"], json!([]));
        assert_eq!(read["output"]["code"], 503, "{read}");
        let changed = dry(json!({
            "method": "PUT", "path": "user-settings/buckets/a/keys/b",
            "body": {"value": "${{ secrets.key }}"},
        }))
        .await;
        let effect = &changed["effects"][0];
        assert_eq!(effect["summary"], "PUT /api/user-settings/buckets/a/keys/b");
        assert_eq!(effect["details"]["body"]["value"], "***", "{changed}");
        let kept = portal.get("/api/user-settings/buckets/a/keys/b").await;
        assert!(!kept.text().contains("hunter2"), "{}", kept.text());
    })
    .await;
}
