//! Checking documents without storing them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Portal, on_bakery};

fn component() -> Value {
    json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": "n"},
        "spec": {"type": "service", "lifecycle": "x", "owner": "o"},
    })
}

async fn errors(portal: &Portal, entity: Value, location: &str) -> Vec<String> {
    let body = json!({"entity": entity, "location": location});
    let answer = portal.post("/api/catalog/validate-entity", body).await;
    if answer.status == StatusCode::OK {
        assert_eq!(answer.body.len(), 0);
        return Vec::new();
    }
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body.get("error"), None);
    let errors = body["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| error["message"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn tells_everything_that_is_wrong() {
    on_bakery(async |portal| {
        let place = "url:https://example.com/catalog-info.yaml";
        assert_eq!(errors(&portal, component(), place).await, Vec::<String>::new());
        let with = |pointer: &str, value: Value| {
            let mut entity = component();
            *entity.pointer_mut(pointer).unwrap() = value;
            entity
        };
        for wrong in [
            with("/metadata/name", json!("bad name")),
            with("/spec/owner", json!("")),
            with("/kind", json!("Gizmo")),
            with("/spec", json!({"type": "service", "lifecycle": "x"})),
            with("/spec", json!({"type": "service", "lifecycle": "x", "owner": "o", "dependsOn": ["no-kind"]})),
            json!("not an object"),
        ] {
            assert_ne!(errors(&portal, wrong.clone(), place).await, Vec::<String>::new(), "{wrong}");
        }
        let twice = with("/spec", json!({}));
        assert!(errors(&portal, twice, place).await.len() > 1, "all errors at once");
        assert_eq!(errors(&portal, component(), "file:/x").await.len(), 1);
        let nowhere = portal.post("/api/catalog/validate-entity", json!({"entity": component()})).await;
        assert_eq!(nowhere.problem(), (400, "InputError".to_owned()));
    })
    .await;
}
