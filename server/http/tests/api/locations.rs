//! Locations: preview, register, list, replace, unregister.

use std::sync::Arc;

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::get,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{BAKERY, Portal, TOKEN, on_bakery};

const LOCATIONS: &str = "/api/catalog/locations";

const CAKES: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cakes}
spec: {type: service, lifecycle: production, owner: bakers}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: no owner}
spec: {type: service, lifecycle: production}
";

/// A web server with one catalog file; its address.
async fn file_server(text: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let text = Arc::new(Mutex::new(text));
    let router = Router::new().route("/cakes.yaml", get(async move || *text.lock()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn on_cakes<F: Future<Output = ()>>(test: impl Fn(Portal, String) -> F) {
    let address = file_server(CAKES).await;
    portico_testkit::on_each_engine(async |store| {
        let portal = Portal::reading_from(store, BAKERY, "development", &address).await;
        test(portal, format!("http://{address}/cakes.yaml")).await;
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_shows_entities_and_problems_and_stores_nothing() {
    on_cakes(async |portal, target| {
        let body = json!({"type": "url", "target": target});
        let answer = portal
            .post(&format!("{LOCATIONS}?dryRun=true"), body.clone())
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let preview = answer.json();
        assert_eq!(preview["exists"], false);
        assert_eq!(preview["location"]["target"], *target);
        assert_eq!(preview["entities"][0]["metadata"]["name"], "cakes");
        assert_eq!(preview["entities"].as_array().unwrap().len(), 1);
        assert!(!preview["problems"].as_array().unwrap().is_empty());
        assert!(preview["problems"][0]["line"].as_i64().unwrap() >= 6);
        assert_eq!(portal.get(LOCATIONS).await.ok(), json!([]));

        portal.post(LOCATIONS, body.clone()).await.ok();
        let again = portal
            .post(&format!("{LOCATIONS}?dryRun=yes"), body)
            .await
            .ok();
        assert_eq!(again["exists"], true);
    })
    .await;
}

#[tokio::test]
async fn a_registered_location_brings_its_entities_and_takes_them_away() {
    on_cakes(async |portal, target| {
        let body = json!({"type": "url", "target": target});
        let created = portal.post(LOCATIONS, body.clone()).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
        assert_eq!(created.json()["entities"], json!([]));
        let location = created.json()["location"].take();
        portal.ingest().await;
        let cakes = "/api/catalog/entities/by-name/component/default/cakes";
        portal.get(cakes).await.ok();

        let id = location["id"].as_str().unwrap();
        assert_eq!(
            portal.get(&format!("{LOCATIONS}/{id}")).await.ok(),
            location
        );
        assert_eq!(
            portal.get(LOCATIONS).await.ok(),
            json!([{"data": location}])
        );
        let by_entity = format!("{LOCATIONS}/by-entity/component/default/cakes");
        assert_eq!(portal.get(&by_entity).await.ok(), location);
        let of_the_file = portal
            .get(&format!("{LOCATIONS}/by-entity/component/default/mixer"))
            .await;
        assert_eq!(of_the_file.problem(), (404, "NotFoundError".to_owned()));

        let twice = portal.post(LOCATIONS, body.clone()).await;
        assert_eq!(twice.problem(), (409, "ConflictError".to_owned()));
        let refreshed = portal
            .post(&format!("{LOCATIONS}?onConflict=refresh"), body)
            .await
            .ok();
        assert_eq!(refreshed["location"], location);

        let deleted = portal.delete(&format!("{LOCATIONS}/{id}")).await;
        assert_eq!(deleted.status, StatusCode::NO_CONTENT);
        assert_eq!(portal.get(cakes).await.status, StatusCode::NOT_FOUND);
        let gone = portal.delete(&format!("{LOCATIONS}/{id}")).await;
        assert_eq!(gone.problem(), (404, "NotFoundError".to_owned()));

        let audit = portal.get("/api/audit?resource=location:url:").await.ok();
        assert_eq!(audit["totalItems"], 0);
        let audit = portal
            .get("/api/audit?action=catalog.location.delete")
            .await;
        let event = &audit.ok()["items"][0];
        assert_eq!(event["resource"], format!("location:url:{target}"));
        assert_eq!(event["principal"], "local-admin");
        assert_eq!(event["requestId"], deleted.header("x-request-id").unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_registered_is_refused() {
    on_bakery(async |portal| {
        for body in [
            json!({"type": "url"}),
            json!({"type": "file", "target": "/etc/passwd"}),
            json!({"type": "https", "target": "https://example.com/x.yaml"}),
            json!({"type": "url", "target": "javascript:alert(1)"}),
        ] {
            let answer = portal.post(LOCATIONS, body.clone()).await;
            assert_eq!(answer.problem(), (400, "InputError".to_owned()), "{body}");
        }
        let flag = portal
            .post(&format!("{LOCATIONS}?dryRun=perhaps"), json!({}))
            .await;
        assert!(flag.detail().contains("dryRun"), "{}", flag.detail());
    })
    .await;
}

#[tokio::test]
async fn locations_are_queried_and_paged() {
    on_bakery(async |portal| {
        for name in ["a", "b", "c"] {
            let target = format!("https://example.com/{name}/catalog-info.yaml");
            portal
                .post(LOCATIONS, json!({"type": "url", "target": target}))
                .await
                .ok();
        }
        let path = &format!("{LOCATIONS}/by-query");
        let targets = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap();
            items
                .iter()
                .map(|it| it["target"].as_str().unwrap()[20..21].to_owned())
                .collect()
        };
        let first = portal.post(path, json!({"limit": 2})).await.ok();
        assert_eq!(
            (targets(&first), &first["totalItems"]),
            (vec!["a".into(), "b".into()], &json!(3))
        );
        let cursor = &first["pageInfo"]["nextCursor"];
        let second = portal
            .post(path, json!({"limit": 2, "cursor": cursor}))
            .await
            .ok();
        assert_eq!(
            (targets(&second), &second["pageInfo"]),
            (vec!["c".into()], &json!({}))
        );
        let query = json!({"query": {"target": {"$hasPrefix": "https://example.com/b"}}});
        assert_eq!(targets(&portal.post(path, query).await.ok()), ["b"]);
        let wrong = portal.post(path, json!({"cursor": "x"})).await;
        assert_eq!(wrong.problem(), (400, "InputError".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_location_is_pointed_somewhere_else() {
    on_bakery(async |portal| {
        let body =
            |name: &str| json!({"type": "url", "target": format!("https://example.com/{name}")});
        let old = portal.post(LOCATIONS, body("old")).await.ok()["location"].take();
        let path = format!("{LOCATIONS}/{}", old["id"].as_str().unwrap());
        let put = |body| portal.send(portal.request(Method::PUT, &path).token(TOKEN).json(body));
        let new = put(body("new")).await.ok();
        assert_eq!(new["target"], "https://example.com/new");
        assert_eq!(portal.get(LOCATIONS).await.ok(), json!([{"data": new}]));
        assert_eq!(
            put(body("newer")).await.problem(),
            (404, "NotFoundError".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn a_repository_that_cannot_be_read_is_not_analysed() {
    on_bakery(async |portal| {
        let body = json!({"location": {"type": "url", "target": "https://files.invalid/o/r"}});
        let answer = portal.post("/api/catalog/analyze-location", body).await;
        let (status, name) = answer.problem();
        assert!(matches!(status, 400 | 502), "{}", answer.text());
        assert_eq!(name, "InputError");
    })
    .await;
}
