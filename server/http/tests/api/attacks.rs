//! Attacks on the web surface, and what comes of each. docs/platform/web-security.md has the table.

use axum::http::{Method, StatusCode};
use portico_testkit::on_each_engine;
use serde_json::json;

use crate::support::{BAKERY, Call, Portal, TOKEN, on_bakery};

const REFRESH: &str = "/api/catalog/refresh";

/// Signed in as Ada, in the browser that the calls come from.
async fn ada(portal: &Portal) -> String {
    let form = portal
        .request(Method::POST, "/auth/dev/sign-in")
        .form("user=ada");
    let answer = portal.send(form).await;
    let cookie = answer.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn refresh(portal: &Portal, session: &str) -> Call {
    portal
        .request(Method::POST, REFRESH)
        .header("cookie", session)
        .json(json!({"entityRef": "component:default/mixer"}))
}

/// Every route that changes something, with made-up names in its path.
fn mutating_routes() -> Vec<(Method, String)> {
    let openapi = serde_json::to_value(portico_http::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in openapi["paths"].as_object().unwrap() {
        let path = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        for method in operations.as_object().unwrap().keys() {
            if let "post" | "put" | "patch" | "delete" = method.as_str() {
                let method = method.to_uppercase().parse().unwrap();
                routes.push((method, path.clone()));
            }
        }
    }
    assert!(routes.len() > 20, "{routes:?}");
    routes
}

#[tokio::test]
async fn another_site_changes_nothing_with_a_valid_session() {
    on_bakery(async |portal| {
        let session = ada(&portal).await;
        assert_eq!(
            portal.send(refresh(&portal, &session)).await.status,
            StatusCode::OK
        );
        for (method, path) in mutating_routes() {
            let call = || {
                portal
                    .request(method.clone(), &path)
                    .header("cookie", &session)
                    .json(json!({}))
            };
            for forged in [
                call().header("sec-fetch-site", "cross-site"),
                call().header("sec-fetch-site", "same-site"),
                call().header("origin", "https://evil.test"),
                call().header("origin", "null"),
                call().without("origin"),
            ] {
                let answer = portal.send(forged).await;
                assert_eq!(answer.problem().0, 403, "{method} {path}");
                assert!(answer.detail().contains("another site"), "{method} {path}");
            }
        }
        let form = portal
            .request(Method::POST, REFRESH)
            .header("cookie", &session)
            .header("origin", "https://evil.test")
            .form("entityRef=component:default/mixer");
        assert_eq!(portal.send(form).await.problem().0, 403, "a form");
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_anything_without_saying_who() {
    on_bakery(async |portal| {
        // What is for everybody: signing in and out, webhooks that are signed, and asking what
        // one may do.
        let public = [
            ("/auth/sign-out", 303),
            ("/auth/dev/sign-in", 403),
            ("/api/events/http/github", 401),
            ("/api/events/http/azureDevOps", 403),
            ("/api/permission/authorize", 400),
        ];
        for (method, path) in mutating_routes() {
            let mut public = public.iter();
            let expected = public.find(|it| it.0 == path).map_or(401, |it| it.1);
            let call = || portal.request(method.clone(), &path).remote();
            // What is wrong with a body is nobody's business who may not send one.
            for call in [call().json(json!({})), call().json(json!("no object"))] {
                let answer = portal.send(call).await;
                assert_eq!(answer.status.as_u16(), expected, "{method} {path}");
            }
            let malformed = call().header("content-type", "text/plain").body("{");
            let answer = portal.send(malformed).await;
            if expected == 401 {
                assert_eq!(answer.problem().0, 401, "{method} {path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_method_is_what_the_request_line_says() {
    on_bakery(async |portal| {
        for name in ["x-http-method-override", "x-method-override"] {
            let call = portal.request(Method::GET, REFRESH).header(name, "POST");
            let answer = portal.send(call).await;
            assert_eq!(answer.problem().0, 405, "{name}");
        }
        let call = portal.request(Method::GET, "/api/catalog/refresh?_method=POST");
        assert_eq!(portal.send(call).await.problem().0, 405);
    })
    .await;
}

#[tokio::test]
async fn a_token_in_the_address_is_no_token() {
    on_bakery(async |portal| {
        for name in ["token", "access_token", "authorization", "bearer"] {
            let path = format!("/api/catalog/entities?{name}={TOKEN}");
            let call = portal.request(Method::GET, &path).remote();
            assert_eq!(portal.send(call).await.problem().0, 401, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_proxy_that_is_not_trusted_makes_nobody_local() {
    on_bakery(async |portal| {
        for (name, value) in [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-host", "localhost"),
            ("x-forwarded-proto", "http"),
            ("x-real-ip", "127.0.0.1"),
            ("forwarded", "for=127.0.0.1;host=localhost"),
        ] {
            let near = portal.request(Method::GET, "/api/catalog/entities");
            let far = portal
                .request(Method::GET, "/api/catalog/entities")
                .remote();
            for call in [near, far] {
                let answer = portal.send(call.header(name, value)).await;
                assert_eq!(answer.problem().0, 401, "{name}");
            }
        }
        let session = ada(&portal).await;
        let answer = refresh(&portal, &session)
            .header("origin", "https://evil.test")
            .header("x-forwarded-host", "evil.test");
        assert_eq!(portal.send(answer).await.problem().0, 403);
    })
    .await;
}

#[tokio::test]
async fn return_paths_stay_in_the_portal() {
    on_bakery(async |portal| {
        for path in [
            "//evil.test",
            "https://evil.test",
            "/%5cevil.test",
            "/%09/evil.test",
            "%0d%0aset-cookie:x=y",
            "/%0d%0aset-cookie:x=y",
            "javascript:alert(1)",
            "%5c%5cevil.test",
            "evil.test",
        ] {
            let form = format!("user=ada&return_to={path}");
            let call = portal
                .request(Method::POST, "/auth/dev/sign-in")
                .form(&form);
            let answer = portal.send(call).await;
            assert_eq!(answer.header("location"), Some("/"), "{path}");
            assert!(!answer.header("set-cookie").unwrap().starts_with("x="));
        }
    })
    .await;
}

#[tokio::test]
async fn bodies_are_what_they_say_and_not_too_large() {
    on_bakery(async |portal| {
        let post = |kind: &str, body: String| {
            portal
                .request(Method::POST, REFRESH)
                .token(TOKEN)
                .header("content-type", kind)
                .body(body)
        };
        let good = r#"{"entityRef":"component:default/mixer"}"#.to_owned();
        for kind in ["text/plain", "application/x-www-form-urlencoded"] {
            let answer = portal.send(post(kind, good.clone())).await;
            assert_eq!(answer.problem().0, 415, "{kind}");
        }
        let large = format!("{{\"entityRef\":\"{}\"}}", "x".repeat(3 << 20));
        let answer = portal.send(post("application/json", large)).await;
        assert_eq!(answer.problem().0, 413);
        let deep = format!("{{\"entityRef\":{}", "[".repeat(100_000));
        let answer = portal.send(post("application/json", deep)).await;
        assert_eq!(answer.problem().0, 400);
    })
    .await;
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    on_bakery(async |portal| {
        for (path, status) in [
            ("/healthz", 200),
            ("/metrics", 200),
            ("/api/openapi.json", 200),
            ("/api/catalog/entities", 200),
            ("/api/audit", 200),
            ("/api/audit?format=csv", 200),
            ("/api/nothing", 404),
            ("/api/catalog/refresh", 405),
        ] {
            let answer = portal.get(path).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{path}: {name}");
            }
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(answer.header("permissions-policy").is_some(), "{path}");
            assert_eq!(answer.header("strict-transport-security"), None, "http");
            let caching = answer.header("cache-control").unwrap();
            assert!(caching.contains("no-store"), "{path}: {caching}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_tries_too_often_waits() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, BAKERY, "production").await;
        let guess = || {
            portal
                .request(Method::GET, "/api/catalog/entities")
                .remote()
                .token("guess")
        };
        let mut answers = Vec::new();
        for _ in 0..40 {
            answers.push(portal.send(guess()).await);
        }
        assert_eq!(answers[0].status, StatusCode::UNAUTHORIZED);
        let last = answers.last().unwrap();
        assert_eq!(last.problem().0, 429);
        let wait: u64 = last.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        let right = portal.send(guess().token(TOKEN)).await;
        assert_eq!(right.problem().0, 429, "nor does a lucky guess count");
        let other = portal.request(Method::GET, "/api/catalog/entities");
        assert_eq!(portal.send(other.token(TOKEN)).await.status, StatusCode::OK);

        let sign_in = || {
            portal
                .request(Method::POST, "/auth/dev/sign-in")
                .form("user=ada")
        };
        let mut last = portal.send(sign_in()).await;
        assert_eq!(last.problem().0, 403);
        for _ in 0..70 {
            last = portal.send(sign_in()).await;
        }
        assert_eq!(last.problem().0, 429);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_things_stay_theirs() {
    on_bakery(async |portal| {
        let path = "/api/user-settings/buckets/stars/keys/mine";
        let put = portal.request(Method::PUT, path);
        portal.send(put.json(json!({"value": 1}))).await.ok();
        let session = ada(&portal).await;
        let read = portal.request(Method::GET, path).header("cookie", &session);
        assert_eq!(portal.send(read).await.problem().0, 404, "a setting");
        let audit = portal
            .request(Method::GET, "/api/audit")
            .header("cookie", &session);
        assert_eq!(portal.send(audit).await.problem().0, 403, "the audit log");
    })
    .await;
}
