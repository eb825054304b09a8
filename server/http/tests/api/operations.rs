//! Health, metrics, the description, and the shape of every refusal.

use std::{collections::BTreeSet, fs, path::Path};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::on_bakery;

#[tokio::test]
async fn says_whether_it_is_alive_and_ready() {
    on_bakery(async |portal| {
        for path in ["/healthz", "/readyz"] {
            let call = portal.request(Method::GET, path).remote();
            assert_eq!(
                portal.send(call).await.ok(),
                json!({"status": "ok"}),
                "{path}"
            );
        }
        portal.catalog.store().close().await;
        assert_eq!(portal.get("/healthz").await.status, StatusCode::OK);
        assert_eq!(
            portal.get("/readyz").await.problem(),
            (503, "ServiceUnavailableError".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn counts_requests_by_route_and_gauges_the_catalog() {
    on_bakery(async |portal| {
        portal.get("/api/catalog/entities/by-name/component/default/mixer").await.ok();
        let metrics = portal.get("/metrics").await.text();
        for line in [
            "http_requests_total{method=\"GET\",route=\"/api/catalog/entities/by-name/{kind}/{namespace}/{name}\",status=\"200\"}",
            "http_request_duration_seconds_bucket{method=\"GET\",",
            &format!("portico_entities {}", portal.catalog.len()),
            "portico_sources 1",
            "portico_problems ",
            "portico_feed_position ",
            "portico_database_bytes ",
            "portico_tasks{status=\"open\"} 0",
        ] {
            assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_safe_headers() {
    on_bakery(async |portal| {
        let call = portal
            .request(Method::GET, "/api/nope?x=1")
            .header("x-request-id", "mine-1");
        let answer = portal.send(call).await;
        assert_eq!(answer.header("x-request-id"), Some("mine-1"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        let body = answer.json();
        assert_eq!(body["instance"], "mine-1");
        assert_eq!(
            body["request"],
            json!({"method": "GET", "url": "/api/nope?x=1"})
        );
        assert_eq!(
            body.get("error"),
            None,
            "as Backstage answers for paths it does not know"
        );
        let other = portal.get("/healthz").await;
        assert_eq!(other.header("x-request-id").unwrap().len(), 36);
    })
    .await;
}

#[tokio::test]
async fn malformed_requests_say_what_is_wrong_and_where() {
    on_bakery(async |portal| {
        let by_refs = "/api/catalog/entities/by-refs";
        let post = || portal.request(Method::POST, by_refs);
        for (call, status, text) in [
            (post().json(json!({})), 400, "entityRefs"),
            (
                post().json(json!({"entityRefs": ["a", 1]})),
                400,
                "entityRefs[1]",
            ),
            (
                post().header("content-type", "application/json").body("{"),
                400,
                "line 1",
            ),
            (post().body("{}"), 415, "application/json"),
            (
                post()
                    .header("content-type", "application/json")
                    .body(vec![b' '; 3_000_000]),
                413,
                "larger",
            ),
            (
                portal.request(Method::GET, "/api/catalog/entities/by-query?limit=x"),
                400,
                "limit",
            ),
            (
                portal.request(Method::GET, "/api/catalog/entities/by-query?filter==x"),
                400,
                "filter",
            ),
            (
                portal.request(Method::GET, "/api/catalog/entities/by-query?orderField=a,b"),
                400,
                "desc",
            ),
            (portal.request(Method::DELETE, by_refs), 405, "method"),
        ] {
            let answer = portal.send(call).await;
            assert_eq!(answer.problem().0, status, "{}", answer.text());
            assert!(
                answer.detail().contains(text),
                "{text}: {}",
                answer.detail()
            );
        }
        let wrong_method = portal.delete(by_refs).await;
        assert_eq!(wrong_method.header("allow"), Some("POST"));
    })
    .await;
}

#[tokio::test]
async fn large_answers_are_compressed_when_asked_for() {
    on_bakery(async |portal| {
        let ask = |path: &str| {
            portal.send(
                portal
                    .request(Method::GET, path)
                    .header("accept-encoding", "gzip, br"),
            )
        };
        assert_eq!(
            ask("/api/catalog/entities")
                .await
                .header("content-encoding"),
            Some("br")
        );
        assert_eq!(ask("/healthz").await.header("content-encoding"), None);
        assert_eq!(
            portal
                .get("/api/catalog/entities")
                .await
                .header("content-encoding"),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn the_description_is_served_and_complete() {
    on_bakery(async |portal| {
        let served = portal.get("/api/openapi.json").await.ok();
        assert_eq!(served["openapi"], "3.1.0");
        assert_eq!(
            served,
            serde_json::to_value(portico_http::openapi()).unwrap()
        );
        let mut operations = BTreeSet::new();
        for (path, item) in served["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = format!("{} {path}", method.to_uppercase());
                let filled =
                    |field: &str| !operation[field].as_str().unwrap_or_default().is_empty();
                assert!(filled("summary"), "{name} has no summary");
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    assert!(parameter["description"].is_string(), "{name}: {parameter}");
                }
                operations.insert(name);
            }
        }
        let expected: BTreeSet<String> = OPERATIONS
            .trim()
            .lines()
            .map(|it| it.trim().to_owned())
            .collect();
        assert_eq!(operations, expected);
        resolve_references(&served, &served);
    })
    .await;
}

/// Every endpoint there is. A new one belongs here and in the documentation.
const OPERATIONS: &str = "
    DELETE /api/auth/service-tokens/{id}
    DELETE /api/auth/sessions
    DELETE /api/auth/sessions/{id}
    DELETE /api/auth/tokens/{id}
    DELETE /api/catalog/entities/by-uid/{uid}
    DELETE /api/catalog/entities/unprocessed/delete/{entity_id}
    DELETE /api/catalog/locations/{id}
    DELETE /api/plugins/connections/{name}
    DELETE /api/user-settings/buckets/{bucket}/keys/{key}
    GET /api/audit
    GET /api/auth/providers
    GET /api/auth/service-tokens
    GET /api/auth/sessions
    GET /api/auth/tokens
    GET /api/auth/{provider}/handler/frame
    GET /api/auth/{provider}/start
    GET /api/catalog/entities
    GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}
    GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry
    GET /api/catalog/entities/by-query
    GET /api/catalog/entities/by-uid/{uid}
    GET /api/catalog/entities/unprocessed/failed
    GET /api/catalog/entities/unprocessed/pending
    GET /api/catalog/entity-facets
    GET /api/catalog/locations
    GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}
    GET /api/catalog/locations/{id}
    GET /api/git/{name}/info/refs
    GET /api/openapi.json
    GET /api/plugins
    GET /api/plugins/connections
    GET /api/plugins/publisher-keys
    GET /api/plugins/submissions
    GET /api/plugins/{id}
    GET /api/policies
    GET /api/policies/schema
    GET /api/policies/versions
    GET /api/policies/versions/{number}
    GET /api/scaffolder/v2/actions
    GET /api/scaffolder/v2/approvals
    GET /api/scaffolder/v2/tasks
    GET /api/scaffolder/v2/tasks/{id}
    GET /api/scaffolder/v2/tasks/{id}/events
    GET /api/scaffolder/v2/tasks/{id}/eventstream
    GET /api/scaffolder/v2/templates/{namespace}/{kind}/{name}/parameter-schema
    GET /api/scaffolder/v2/templating-extensions
    GET /api/scm/repositories
    GET /api/scm/repositories/{name}
    GET /api/scm/repositories/{name}/change-requests
    GET /api/scm/repositories/{name}/change-requests/{number}
    GET /api/scm/repositories/{name}/files
    GET /api/scm/repositories/{name}/folders
    GET /api/scm/repositories/{name}/tree
    GET /api/search/query
    GET /api/user-settings/buckets/{bucket}/keys/{key}
    GET /healthz
    GET /metrics
    GET /readyz
    POST /api/auth/service-tokens
    POST /api/auth/tokens
    POST /api/catalog/analyze-location
    POST /api/catalog/entities/by-query
    POST /api/catalog/entities/by-refs
    POST /api/catalog/entity-facets
    POST /api/catalog/locations
    POST /api/catalog/locations/by-query
    POST /api/catalog/refresh
    POST /api/catalog/validate-entity
    POST /api/events/http/azureDevOps
    POST /api/events/http/github
    POST /api/git/{name}/git-upload-pack
    POST /api/permission/authorize
    POST /api/plugins/submissions
    POST /api/plugins/versions/{digest}/activate
    POST /api/plugins/versions/{digest}/approve
    POST /api/plugins/versions/{digest}/comments
    POST /api/plugins/versions/{digest}/reject
    POST /api/plugins/versions/{digest}/revoke
    POST /api/plugins/{id}/calls
    POST /api/plugins/{id}/{change}
    POST /api/policies/check
    POST /api/policies/explain
    POST /api/policies/simulate
    POST /api/scaffolder/v2/autocomplete/{provider}/{resource}
    POST /api/scaffolder/v2/dry-run
    POST /api/scaffolder/v2/tasks
    POST /api/scaffolder/v2/tasks/{id}/cancel
    POST /api/scaffolder/v2/tasks/{id}/decision
    POST /api/scaffolder/v2/tasks/{id}/retry
    POST /api/scm/repositories/{name}/change-requests/{number}/close
    POST /api/scm/repositories/{name}/change-requests/{number}/merge
    POST /api/user-settings/multiget
    POST /auth/dev/sign-in
    POST /auth/sign-out
    PUT /api/catalog/locations/{id}
    PUT /api/plugins/connections/{name}
    PUT /api/plugins/publisher-keys
    PUT /api/policies
    PUT /api/user-settings/buckets/{bucket}/keys/{key}
";

#[track_caller]
fn resolve_references(value: &Value, root: &Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(root.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            object
                .values()
                .for_each(|value| resolve_references(value, root));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| resolve_references(value, root)),
        _ => {}
    }
}

/// `OpenApiRouter::routes` describes what it routes; `route` does not. Only the
/// answer for unknown paths may use the latter.
#[test]
fn no_endpoint_is_routed_past_the_description() {
    fn check(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                check(&path);
            } else if !path.ends_with("src/lib.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap();
                assert!(
                    !code.contains(".route("),
                    "{} routes past the description",
                    path.display()
                );
            }
        }
    }
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
}
