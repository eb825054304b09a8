//! Templates and tasks, as clients of Backstage call them.

use axum::http::{Method, StatusCode};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::{
    support::{Portal, READ_TOKEN},
    visibility::put_in_force,
};

const TASKS: &str = "/api/scaffolder/v2/tasks";

const TEMPLATE: &str = r"
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: greet, title: Greet somebody }
spec:
  type: service
  parameters:
    - title: Whom
      required: [name]
      properties: { name: { type: string, maxLength: 5 } }
  steps:
    - { id: say, name: Say it, action: 'debug:log', input: { message: 'Hello ${{ parameters.name }}' } }
    - { id: wait, if: '${{ parameters.name == &quot;slow&quot; }}', action: 'debug:wait', input: { minutes: 5 } }
  output:
    text: [{ title: Said, content: '${{ parameters.name }}' }]
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: elsewhere }
spec:
  type: service
  steps: [{ id: publish, action: 'publish:elsewhere' }]
";

/// A portal with templates whose tasks run.
pub async fn on_portal(test: impl AsyncFn(&Portal)) {
    on_each_engine(async |store| {
        let yaml = TEMPLATE.replace("&quot;", "\"");
        let portal = Portal::new(store, &yaml, "development").await;
        let running = portal.run_tasks();
        test(&portal).await;
        running.stop().await;
    })
    .await;
}

pub async fn create(portal: &Portal, name: &str) -> String {
    let body =
        json!({"templateRef": "template:default/greet", "values": {"name": name}, "secrets": {}});
    let answer = portal.post(TASKS, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The events of a stream, as (name, data).
fn events(stream: &str) -> Vec<(String, Value)> {
    let field = |event: &str, name: &str| {
        let mut lines = event.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default().to_owned()
    };
    let events = stream.split("\n\n").filter(|it| it.contains("data: "));
    events
        .map(|it| {
            (
                field(it, "event"),
                serde_json::from_str(&field(it, "data")).unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_template_is_shown_run_and_watched() {
    on_portal(async |portal| {
        let form = "/api/scaffolder/v2/templates/default/template/greet/parameter-schema";
        let form = portal.get(form).await.ok();
        assert_eq!(form["title"], "Greet somebody");
        assert_eq!(form["steps"][0]["title"], "Whom");
        assert_eq!(form["steps"][0]["schema"]["required"], json!(["name"]));
        assert_eq!(form.get("problem"), None);

        let id = create(portal, "Ada").await;
        let stream = portal.get(&format!("{TASKS}/{id}/eventstream")).await;
        assert_eq!(stream.header("content-type"), Some("text/event-stream"));
        let told = events(&stream.text());
        let (name, last) = told.last().unwrap();
        assert_eq!(
            (name.as_str(), &last["body"]["status"]),
            ("completion", &json!("completed"))
        );
        assert!(
            told.iter()
                .any(|(name, it)| name == "log" && it["body"]["message"] == "Hello Ada")
        );
        let after = last["id"].as_i64().unwrap();
        let rest = portal
            .get(&format!("{TASKS}/{id}/eventstream?after={after}"))
            .await;
        assert_eq!(rest.status, StatusCode::NO_CONTENT, "a browser stays away");
        let again = portal
            .request(Method::GET, &format!("{TASKS}/{id}/eventstream"))
            .header("last-event-id", &(after - 1).to_string());
        assert_eq!(events(&portal.send(again).await.text()).len(), 1);

        let task = portal.get(&format!("{TASKS}/{id}")).await.ok();
        assert_eq!(task["status"], "completed");
        assert_eq!(task["spec"]["parameters"]["name"], "Ada");
        assert_eq!(
            task["spec"]["templateInfo"]["entityRef"],
            "template:default/greet"
        );
        assert_eq!(task["steps"][1]["status"], "skipped");
        assert_eq!(task["output"]["text"][0]["content"], "Ada");
        assert!(task["createdAt"].as_str().unwrap().ends_with('Z'), "{task}");
        let listed = portal
            .get(&format!("{TASKS}?status=completed&order=asc:status"))
            .await
            .ok();
        assert_eq!(
            (&listed["totalTasks"], &listed["tasks"][0]["id"]),
            (&json!(1), &json!(id))
        );
        let polled = portal
            .get(&format!("{TASKS}/{id}/events?after=0"))
            .await
            .ok();
        assert_eq!(polled.as_array().unwrap().len(), told.len());

        let actions = portal.get("/api/scaffolder/v2/actions").await.ok();
        let ids: Vec<&str> = actions
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["id"].as_str().unwrap())
            .collect();
        assert!(
            ids.contains(&"fetch:template") && ids.contains(&"publish:git"),
            "{ids:?}"
        );
        let language = portal
            .get("/api/scaffolder/v2/templating-extensions")
            .await
            .ok();
        let filter = &language["filters"]["parseRepoUrl"];
        assert!(filter["description"].is_string(), "{language}");
        assert!(filter["examples"][0]["example"].is_string(), "{language}");
    })
    .await;
}

#[tokio::test]
async fn a_task_is_cancelled_and_tried_again() {
    on_portal(async |portal| {
        let id = create(portal, "slow").await;
        let cancel = format!("{TASKS}/{id}/cancel");
        let answer = portal.post(&cancel, json!({})).await;
        assert_eq!(answer.ok()["status"], "cancelled");
        let told = events(
            &portal
                .get(&format!("{TASKS}/{id}/eventstream"))
                .await
                .text(),
        );
        assert!(told.iter().any(|(name, _)| name == "cancelled"), "{told:?}");
        assert_eq!(portal.post(&cancel, json!({})).await.problem().0, 409);
        let retry = portal.request(Method::POST, &format!("{TASKS}/{id}/retry"));
        assert_eq!(portal.send(retry).await.status, StatusCode::CREATED);
        assert_eq!(portal.post(&cancel, json!({})).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    on_portal(async |portal| {
        let post = async |body: Value| portal.post(TASKS, body).await;
        let answer = post(json!({"templateRef": "greet", "values": {"name": "too long"}})).await;
        assert_eq!(answer.problem().0, 400);
        assert!(answer.detail().starts_with("name: "), "{}", answer.detail());
        assert_eq!(answer.json()["errors"][0]["field"], "name");
        let answer = post(json!({"templateRef": "elsewhere", "values": {}})).await;
        assert!(
            answer.detail().contains("publish:elsewhere"),
            "{}",
            answer.detail()
        );
        assert_eq!(post(json!({"templateRef": "none"})).await.problem().0, 404);
        assert_eq!(post(json!({"values": {}})).await.problem().0, 400);
        let none = "0199b3a0-0000-7000-8000-000000000001";
        for path in ["", "/events", "/eventstream"] {
            assert_eq!(
                portal
                    .get(&format!("{TASKS}/{none}{path}"))
                    .await
                    .problem()
                    .0,
                404
            );
        }
        for query in ["status=x", "limit=0", "order=up:status"] {
            assert_eq!(
                portal.get(&format!("{TASKS}?{query}")).await.problem().0,
                400,
                "{query}"
            );
        }
        let reader = portal
            .request(Method::GET, TASKS)
            .remote()
            .token(READ_TOKEN);
        assert_eq!(portal.send(reader).await.problem().0, 403);
    })
    .await;
}

#[tokio::test]
async fn dry_runs_take_drafts() {
    on_portal(async |portal| {
        let draft = json!({
            "template": {
                "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
                "metadata": {"name": "draft"},
                "spec": {"type": "x", "steps": [{"id": "f", "action": "fetch:template",
                    "input": {"url": "./skeleton", "values": {"a": "b"}}}]},
            },
            "values": {}, "secrets": {},
            "directoryContents": [{"path": "skeleton/x.txt", "base64Content": "JHt7IHZhbHVlcy5hIH19"}],
        });
        let result = portal.post("/api/scaffolder/v2/dry-run", draft).await.ok();
        assert_eq!(result.get("error"), None, "{result}");
        assert_eq!(result["directoryContents"][0]["path"], "x.txt");
        assert_eq!(result["directoryContents"][0]["base64Content"], "Yg==");
        assert_eq!(result["steps"][0]["status"], "completed");
        let registered = json!({"templateRef": "greet", "values": {"name": "Ada"}});
        let result = portal.post("/api/scaffolder/v2/dry-run", registered).await.ok();
        assert_eq!(result["output"]["text"][0]["content"], "Ada");
    })
    .await;
}

#[tokio::test]
async fn a_task_of_a_service_runs_in_its_name() {
    on_portal(async |portal| {
        let wanted = json!({
            "name": "pipeline", "expiresInDays": 1,
            "accessRestrictions": [{"plugin": "scaffolder"}, {"plugin": "catalog"}],
        });
        let made = portal.post("/api/auth/service-tokens", wanted).await.json();
        let token = made["token"].as_str().unwrap();
        let create = portal
            .request(Method::POST, TASKS)
            .token(token)
            .json(json!({"templateRef": "template:default/greet", "values": {"name": "Ada"}}));
        let id = portal.send(create).await.ok()["id"].clone();
        let path = format!("{TASKS}/{}", id.as_str().unwrap());
        let told = events(&portal.get(&format!("{path}/eventstream")).await.text());
        let (_, last) = told.last().unwrap();
        assert_eq!(last["body"]["status"], "completed", "{last}");
        assert_eq!(
            portal.get(&path).await.ok()["createdBy"],
            "service:pipeline"
        );
    })
    .await;
}

#[tokio::test]
async fn a_task_that_a_policy_hides_does_not_exist() {
    on_portal(async |portal| {
        let id = create(portal, "Ada").await;
        let hide = |condition: &str| {
            put_in_force(
                portal,
                &format!(
                    "@id(\"tasks\")
                     forbid (principal, action == Action::\"scaffolder.task.read\", resource)
                     when {{ {condition} }};"
                ),
            );
        };
        let total = async || portal.get(TASKS).await.ok()["totalTasks"].clone();
        for others in [
            "resource.createdBy == \"user:default/ada\"".to_owned(),
            "resource.createdBy like \"user:*\" || resource.id == \"1\"".to_owned(),
            format!("resource.id != \"{id}\""),
        ] {
            hide(&others);
            assert_eq!(total().await, 1, "{others}");
            let task = portal.get(&format!("{TASKS}/{id}")).await;
            assert_eq!(task.status, StatusCode::OK, "{others}");
        }
        for this in [
            "resource.createdBy == \"local-admin\"".to_owned(),
            "resource.createdBy like \"local-*\"".to_owned(),
            format!("[\"{id}\", \"2\"].contains(resource.id)"),
        ] {
            hide(&this);
            assert_eq!(total().await, 0, "{this}");
            for (method, path) in [
                (Method::GET, format!("{TASKS}/{id}")),
                (Method::GET, format!("{TASKS}/{id}/events")),
                (Method::POST, format!("{TASKS}/{id}/cancel")),
            ] {
                let answer = portal.send(portal.request(method, &path)).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}, {this}");
            }
        }
    })
    .await;
}
