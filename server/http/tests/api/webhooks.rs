//! Webhooks: signed pushes refresh what they changed.

use axum::http::{Method, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::support::{WEBHOOK_SECRET, on_bakery};

fn signature(body: &str) -> String {
    use std::fmt::Write as _;
    let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .fold("sha256=".to_owned(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[tokio::test]
async fn a_signed_push_has_its_sources_read_again() {
    on_bakery(async |portal| {
        let target = "https://github.com/bakery/cakes/blob/main/catalog-info.yaml";
        let location = json!({"type": "url", "target": target});
        portal.post("/api/catalog/locations", location).await.ok();
        portal
            .catalog
            .store()
            .claim_due("test", 0, 1, 10)
            .await
            .unwrap();
        let body = json!({
            "ref": "refs/heads/main",
            "repository": {
                "html_url": "https://github.com/bakery/cakes",
                "default_branch": "main",
            },
            "commits": [{"added": [], "removed": [], "modified": ["catalog-info.yaml"]}],
        })
        .to_string();
        let call = |signature: &str| {
            portal
                .request(Method::POST, "/api/events/http/github")
                .remote()
                .header("content-type", "application/json")
                .header("x-github-event", "push")
                .header("x-hub-signature-256", signature)
                .body(body.clone())
        };
        let accepted = portal.send(call(&signature(&body))).await;
        assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.text());
        let forged = portal.send(call(&signature("other"))).await;
        assert_eq!(forged.problem(), (401, "AuthenticationError".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_webhook_without_a_configured_secret_is_closed() {
    on_bakery(async |portal| {
        let call = portal
            .request(Method::POST, "/api/events/http/azureDevOps")
            .json(json!({}));
        let answer = portal.send(call).await;
        assert_eq!(answer.problem(), (403, "NotAllowedError".to_owned()));
        assert!(
            answer.detail().contains("catalog.webhooks.azureDevOps"),
            "{}",
            answer.detail()
        );
    })
    .await;
}
