//! What a second user gets who knows the id of everything that somebody else has: the table of
//! attacks by reference. What they may not know of answers as what does not exist.

use axum::http::Method;
use portico_access::Principal;
use portico_catalog::{OnConflict, SourceKey};
use portico_model::EntityRef;
use portico_scm::{Edit, Proposal};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    scaffolder::{create, on_portal},
    support::{Answer, Portal},
    visibility::put_in_force,
};

const TASKS: &str = "/api/scaffolder/v2/tasks";

const PEOPLE: &str = "---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ada}
spec: {memberOf: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: grace}
spec: {memberOf: []}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: hers, annotations: {portico.dev/repository: 'local:hers'}}
spec: {type: service, lifecycle: production, owner: 'user:grace'}
";

/// What Grace has.
struct Hers {
    task: String,
    entity: String,
    location: String,
    session: String,
    token: String,
    service_token: String,
}

async fn sign_in(portal: &Portal, user: &str) -> String {
    let form = portal.request(Method::POST, "/auth/dev/sign-in");
    let answer = portal.send(form.form(&format!("user={user}"))).await;
    let cookie = answer.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn ask(portal: &Portal, cookie: &str, method: Method, path: &str, body: Value) -> Answer {
    let call = portal.request(method, path).header("cookie", cookie);
    let call = if body.is_null() {
        call
    } else {
        call.json(body)
    };
    portal.send(call).await
}

/// Something of each kind that is Grace's, or the administrator's.
async fn prepare(portal: &Portal) -> Hers {
    let old = portal.catalog_file();
    portal.write(&format!("{old}{PEOPLE}"));
    let refresh = json!({"entityRef": "template:default/greet"});
    let refreshed = portal.post("/api/catalog/refresh", refresh).await;
    assert!(refreshed.status.is_success());
    portal.ingest().await;
    let grace_ref = EntityRef::new("user", "default", "grace");
    let grace = portal.catalog.principal(&grace_ref).unwrap();

    portal.import("hers", "README.md", "# Hers\n").await;
    let proposal = Proposal {
        branch: "more".to_owned(),
        title: "More".to_owned(),
        edits: vec![Edit::Write {
            path: "README.md".to_owned(),
            content: b"# More\n".to_vec(),
        }],
        ..Proposal::default()
    };
    let proposed = portal.scm.propose(&grace, "local:hers", &proposal).await;
    assert_eq!(proposed.unwrap().number, 1);
    let key = SourceKey {
        kind: "url".to_owned(),
        target: "https://files.invalid/hers.yaml".to_owned(),
    };
    let location = portal
        .catalog
        .register_location(&grace, &key, OnConflict::Reject)
        .await;

    let cookie = sign_in(portal, "grace").await;
    let sessions = ask(
        portal,
        &cookie,
        Method::GET,
        "/api/auth/sessions",
        Value::Null,
    )
    .await;
    let wanted = json!({"name": "hers", "expiresInDays": 1});
    let token = ask(
        portal,
        &cookie,
        Method::POST,
        "/api/auth/tokens",
        wanted.clone(),
    )
    .await;
    let service = portal.post("/api/auth/service-tokens", wanted).await;
    let entity = "/api/catalog/entities/by-name/component/default/hers";
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    Hers {
        task: create(portal, "slow").await,
        entity: id(&portal.get(entity).await.ok()["metadata"]["uid"]),
        location: location.unwrap().location.id.to_string(),
        session: id(&sessions.ok()["items"][0]["id"]),
        token: id(&token.ok()["id"]),
        service_token: id(&service.ok()["id"]),
    }
}

/// Where something with an id is.
type Path = Box<dyn Fn(&str) -> String>;

#[tokio::test]
async fn what_is_somebody_elses_stays_so() {
    on_portal(async |portal| {
        let hers = prepare(portal).await;
        let ada = sign_in(portal, "ada").await;
        let policies = json!({"base": 0, "text": "permit (principal, action, resource);", "note": "x"});
        let verdict = json!({"approve": true});
        let null = Value::Null;
        let table = [
            // Everybody reads tasks by default; who created one steers it.
            ("GET", format!("{TASKS}/{}", hers.task), &null, 200),
            ("POST", format!("{TASKS}/{}/cancel", hers.task), &null, 403),
            ("POST", format!("{TASKS}/{}/retry", hers.task), &null, 403),
            ("DELETE", format!("/api/auth/sessions/{}", hers.session), &null, 404),
            ("GET", "/api/auth/sessions?user=user:default/grace".into(), &null, 403),
            ("DELETE", "/api/auth/sessions?user=user:default/grace".into(), &null, 403),
            ("DELETE", format!("/api/auth/tokens/{}", hers.token), &null, 404),
            ("GET", "/api/auth/tokens?user=user:default/grace".into(), &null, 403),
            ("GET", "/api/auth/service-tokens".into(), &null, 403),
            ("DELETE", format!("/api/auth/service-tokens/{}", hers.service_token), &null, 403),
            ("POST", "/api/scm/repositories/hers/change-requests/1/merge".into(), &null, 403),
            ("POST", "/api/scm/repositories/hers/change-requests/1/close".into(), &null, 403),
            ("DELETE", format!("/api/catalog/locations/{}", hers.location), &null, 403),
            ("DELETE", format!("/api/catalog/entities/by-uid/{}", hers.entity), &null, 403),
            ("DELETE", format!("/api/catalog/entities/unprocessed/delete/{}", hers.entity), &null, 403),
            ("GET", "/api/policies".into(), &null, 403),
            ("GET", "/api/policies/versions".into(), &null, 403),
            ("GET", "/api/policies/versions/1".into(), &null, 403),
            ("PUT", "/api/policies".into(), &policies, 403),
            ("GET", "/api/audit".into(), &null, 403),
            ("GET", "/api/audit?format=csv".into(), &null, 403),
            ("GET", "/api/audit?format=ndjson".into(), &null, 403),
        ];
        for (method, path, body, expected) in table {
            let method: Method = method.parse().unwrap();
            let answer = ask(portal, &ada, method.clone(), &path, body.clone()).await;
            assert_eq!(answer.status.as_u16(), expected, "{method} {path}: {}", answer.text());
        }

        put_in_force(
            portal,
            "@id(\"own-tasks\") forbid (principal, action == Action::\"scaffolder.task.read\", resource)
             unless { resource.createdBy == principal.name };
             @id(\"own-locations\") forbid (principal, action == Action::\"catalog.location.read\", resource)
             unless { resource has createdBy && resource.createdBy == principal.name };
             @id(\"own-entities\") forbid (principal, action == Action::\"catalog.entity.read\", resource)
             when { resource.name == \"hers\" };",
        );
        let task = |rest: &'static str| move |id: &str| format!("{TASKS}/{id}{rest}");
        let repository = |rest: &'static str| {
            move |id: &str| {
                let name = if id.len() == 36 { "none" } else { id };
                format!("/api/scm/repositories/{name}{rest}")
            }
        };
        let hidden: [(&str, Path, &str, &Value); 13] = [
            ("GET", Box::new(task("")), &hers.task, &null),
            ("GET", Box::new(task("/events")), &hers.task, &null),
            ("GET", Box::new(task("/eventstream")), &hers.task, &null),
            ("POST", Box::new(task("/cancel")), &hers.task, &null),
            ("POST", Box::new(task("/retry")), &hers.task, &null),
            ("POST", Box::new(task("/decision")), &hers.task, &verdict),
            ("GET", Box::new(|id: &str| format!("/api/catalog/locations/{id}")), &hers.location, &null),
            ("DELETE", Box::new(|id: &str| format!("/api/catalog/locations/{id}")), &hers.location, &null),
            ("GET", Box::new(|id: &str| format!("/api/catalog/entities/by-uid/{id}")), &hers.entity, &null),
            ("DELETE", Box::new(|id: &str| format!("/api/catalog/entities/by-uid/{id}")), &hers.entity, &null),
            ("GET", Box::new(repository("/change-requests/1")), "hers", &null),
            ("POST", Box::new(repository("/change-requests/1/merge")), "hers", &null),
            ("POST", Box::new(repository("/change-requests/1/close")), "hers", &null),
        ];
        let nothing = Uuid::now_v7().to_string();
        for (method, path, id, body) in hidden {
            let method: Method = method.parse().unwrap();
            let there = ask(portal, &ada, method.clone(), &path(id), body.clone()).await;
            let not = ask(portal, &ada, method.clone(), &path(&nothing), body.clone()).await;
            let what = format!("{method} {}", path(id));
            assert_eq!(there.problem().0, 404, "{what}: {}", there.text());
            assert_eq!(there.problem(), not.problem(), "{what}");
            let name = if id == "hers" { "none" } else { &nothing };
            assert_eq!(there.detail().replace(id, name), not.detail(), "{what}");
        }
        for (path, count) in [
            (TASKS.to_owned(), "totalTasks"),
            ("/api/scm/repositories".to_owned(), ""),
            ("/api/catalog/locations".to_owned(), ""),
        ] {
            let list = ask(portal, &ada, Method::GET, &path, Value::Null).await.ok();
            match count {
                "" => assert_eq!(list, json!([]), "{path}"),
                count => assert_eq!(list[count], 0, "{path}"),
            }
        }
        let admin = portal.tasks.get(&Principal::System, hers.task.parse().unwrap()).await;
        assert!(!admin.unwrap().has_ended(), "nobody stopped it");
    })
    .await;
}
