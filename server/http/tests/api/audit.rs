//! The audit log over HTTP: who asked from where, refusals, filters, files.

use axum::http::Method;
use portico_access::{Grounds, Principal};
use portico_testkit::on_each_engine;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{Portal, READ_TOKEN, TOKEN, on_bakery};

#[tokio::test]
async fn events_name_the_address_and_the_request() {
    on_bakery(async |portal| {
        let refresh = portal
            .request(Method::POST, "/api/catalog/refresh")
            .remote()
            .token(TOKEN)
            .header("x-request-id", "mine-7")
            .header("x-forwarded-for", "198.51.100.1")
            .json(json!({"entityRef": "component:default/mixer"}));
        assert!(portal.send(refresh).await.status.is_success());
        let found = portal.get("/api/audit?requestId=mine-7").await.ok();
        assert_eq!(found["totalItems"], 1);
        assert_eq!(found["items"][0]["source"], "10.1.2.3", "no trusted proxy");
        assert_eq!(found["items"][0]["hash"].as_str().unwrap().len(), 64);
    })
    .await;
}

#[tokio::test]
async fn every_refusal_is_an_event_and_a_flood_is_two() {
    on_each_engine(async |store| {
        let portal = Portal::bakery(store).await;
        let stop = CancellationToken::new();
        let writer = portal.catalog.audit_denials(stop.clone());
        for _ in 0..5 {
            let call = portal.request(Method::GET, "/api/audit").remote();
            let refused = portal.send(call.token(READ_TOKEN)).await;
            assert_eq!(refused.problem().0, 403);
        }
        stop.cancel();
        writer.await.unwrap();
        let found = portal.get("/api/audit?decision=deny").await.ok();
        assert_eq!(found["totalItems"], 2, "{found}");
        assert_eq!(found["items"][0]["details"]["repeated"], 4);
        assert_eq!(found["items"][1]["principal"], "service:reader");
        assert_eq!(found["items"][1]["action"], "audit.read");
        assert_eq!(found["items"][1]["source"], "10.1.2.3");
    })
    .await;
}

#[tokio::test]
async fn who_fails_to_sign_in_is_an_event() {
    on_each_engine(async |store| {
        let portal = Portal::bakery(store).await;
        let stop = CancellationToken::new();
        let writer = portal.catalog.audit_denials(stop.clone());
        let token = portal.request(Method::GET, "/api/audit").remote();
        let unknown = portal.send(token.token("guess")).await;
        assert_eq!(unknown.problem().0, 401);
        let sign_in = |user: &str| {
            let form = format!("user={user}");
            portal
                .request(Method::POST, "/auth/dev/sign-in")
                .form(&form)
        };
        let far = portal.send(sign_in("ada").remote()).await;
        assert_eq!(far.problem().0, 403);
        let nobody = portal.send(sign_in("nobody")).await;
        assert_eq!(nobody.problem().0, 400);
        let change = portal.request(Method::POST, "/api/catalog/refresh");
        let change = portal.send(change.remote().json(json!({}))).await;
        assert_eq!(change.problem().0, 401);
        stop.cancel();
        writer.await.unwrap();
        let found = portal.get("/api/audit?decision=deny").await.ok();
        let events = found["items"].as_array().unwrap().iter();
        let events = events.map(|it| {
            let field = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
            (field("action"), field("resource"), field("source"))
        });
        let expected = [
            ("portal.use", "POST /api/catalog/refresh", "10.1.2.3"),
            ("auth.sign-in", "provider:development", "127.0.0.1"),
            ("auth.sign-in", "provider:development", "10.1.2.3"),
            ("auth.sign-in", "bearer-token", "10.1.2.3"),
        ];
        let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(events.collect::<Vec<_>>(), expected);
        assert!(!found.to_string().contains("guess"), "no token is written");
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_before_anybody_is_known_is_an_event() {
    on_each_engine(async |store| {
        let portal = Portal::bakery(store).await;
        let stop = CancellationToken::new();
        let writer = portal.catalog.audit_denials(stop.clone());
        for name in ["a", "b", "c"] {
            let path = format!("/api/catalog/locations/{name}");
            let forged = portal
                .request(Method::DELETE, &path)
                .remote()
                .header("cookie", "portico_session=x")
                .header("origin", "https://evil.test");
            assert_eq!(portal.send(forged).await.problem().0, 403);
            let unsigned = portal
                .request(Method::POST, "/api/events/http/github")
                .remote()
                .header("x-github-event", "push")
                .header("x-hub-signature-256", "sha256=00")
                .body("{}".to_owned());
            assert_eq!(portal.send(unsigned).await.problem().0, 401);
        }
        stop.cancel();
        writer.await.unwrap();
        let found = portal.get("/api/audit?decision=deny").await.ok();
        let events = found["items"].as_array().unwrap().iter();
        let mut events: Vec<_> = events
            .map(|it| {
                assert_eq!(
                    (&it["principal"], &it["source"]),
                    (&json!("anonymous"), &json!("10.1.2.3"))
                );
                let field = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
                (
                    field("action"),
                    field("resource"),
                    it["details"]["repeated"].as_i64(),
                )
            })
            .collect();
        events.sort();
        let forged = ("portal.use", "DELETE /api/catalog/locations/{id}");
        let unsigned = ("webhook.receive", "github");
        let expected = [
            (forged, None),
            (forged, Some(2)),
            (unsigned, None),
            (unsigned, Some(2)),
        ];
        let expected = expected.map(|((a, r), n)| (a.to_owned(), r.to_owned(), n));
        assert_eq!(events, expected);
    })
    .await;
}

#[tokio::test]
async fn refusals_that_are_too_many_are_counted_in_an_event() {
    on_each_engine(async |store| {
        let portal = Portal::bakery(store).await;
        let stop = CancellationToken::new();
        let writer = portal.catalog.audit_denials(stop.clone());
        for n in 0..130 {
            let (nobody, grounds) = (Principal::Anonymous, Grounds::rule(&format!("{n}")));
            let authorizer = portal.catalog.authorizer();
            authorizer.refuse(&nobody, "portal.use", "GET /".to_owned(), grounds);
        }
        stop.cancel();
        writer.await.unwrap();
        let found = portal.get("/api/audit?action=audit.drop").await.ok();
        assert_eq!(found["totalItems"], 1, "{found}");
        assert_eq!(found["items"][0]["details"], json!({ "dropped": 30 }));
        let all = portal.get("/api/audit?decision=deny&limit=1").await.ok();
        assert_eq!(all["totalItems"], 101);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_a_cursor_and_files_have_everything() {
    on_bakery(async |portal| {
        for name in ["mixer", "mixer", "mixer"] {
            let body = json!({"entityRef": format!("component:default/{name}")});
            portal.post("/api/catalog/refresh", body).await;
        }
        let first = portal.get("/api/audit?limit=2").await.ok();
        assert_eq!(first["totalItems"], 3);
        let cursor = &first["nextCursor"];
        let second = portal
            .get(&format!("/api/audit?limit=2&cursor={cursor}"))
            .await
            .ok();
        assert_eq!(second["items"].as_array().unwrap().len(), 1);
        assert_eq!(second.get("nextCursor"), None);

        let csv = portal.get("/api/audit?format=csv").await;
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let disposition = csv.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"audit-"));
        assert_eq!(csv.text().lines().count(), 4, "{}", csv.text());
        let lines = portal.get("/api/audit?format=ndjson").await.text();
        assert_eq!(lines.lines().count(), 3);
        let array = portal.get("/api/audit?format=json").await.ok();
        assert_eq!(array.as_array().unwrap().len(), 3);
        let none = portal.get("/api/audit?format=json&to=2020-01-01").await;
        assert_eq!(none.ok(), json!([]));

        for (query, wrong) in [
            ("from=yesterday", "from"),
            ("decision=maybe", "decision"),
            ("format=xlsx", "format"),
        ] {
            let answer = portal.get(&format!("/api/audit?{query}")).await;
            assert_eq!(answer.problem().0, 400, "{query}");
            assert!(answer.detail().contains(wrong), "{}", answer.detail());
        }
        let reader = portal.request(Method::GET, "/api/audit?format=csv");
        let refused = portal.send(reader.remote().token(READ_TOKEN)).await;
        assert_eq!(refused.problem().0, 403);
    })
    .await;
}
