//! What is secret is in no page, answer, metric or line of the log, however much is logged.

use std::{fs, path::Path};

use reqwest::{Client, Method, StatusCode, redirect::Policy};
use serde_json::{Value, json};

use crate::portal::Portal;

/// Every secret of the configuration begins so.
const SECRET: &str = "hush-hush-0123456789abcdef";

/// Nobody listens there: each use of a secret fails, and errors are where secrets slip out.
const NOWHERE: &str = "http://127.0.0.1:9";

const PAGES: [&str; 12] = [
    "/",
    "/sign-in",
    "/sign-in?error=provider-unavailable",
    "/sources",
    "/plugins",
    "/audit",
    "/policies",
    "/settings/tokens",
    "/settings/service-tokens",
    "/settings/sessions",
    "/api/openapi.json",
    "/metrics",
];

async fn portal(folder: &Path, auth: &str) -> Portal {
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    let config = format!(
        r"
backend:
  auth:
    externalAccess:
      - type: static
        options: {{ token: {SECRET}-external, subject: ci }}
catalog:
  webhooks: {{ github: {{ secret: {SECRET}-webhook }} }}
  locations:
    - {{ type: url, target: 'https://git.example.com/o/r/blob/main/catalog-info.yaml' }}
integrations:
  github:
    - {{ host: git.example.com, apiBaseUrl: '{NOWHERE}', rawBaseUrl: '{NOWHERE}', token: {SECRET}-github }}
scaffolder: {{ secretsKey: {SECRET}-key-of-tasks }}
auth: {auth}
"
    );
    fs::write(folder.join("portico.yaml"), config).unwrap();
    let portal = Portal::start_with(folder, &[("PORTICO_LOG", "trace")]);
    portal.ready().await;
    portal
}

fn browser() -> Client {
    let builder = Client::builder().redirect(Policy::none());
    builder.build().unwrap()
}

/// Fails when one of the secrets is in a text.
fn hidden(secrets: &[&str], text: &str, place: &str) {
    for secret in secrets {
        if let Some(at) = text.find(secret) {
            let from = text[..at].rfind('\n').map_or(0, |it| it + 1);
            let line: String = text[from..].chars().take(300).collect();
            panic!("{place} tells a secret: {line}");
        }
    }
}

/// Waits until the source was tried in vain.
async fn source_failed(portal: &Portal) {
    let failed = async || (portal.reads("failed").await > 0).then_some(());
    portal.wait_until("a failed read", failed).await;
}

#[tokio::test]
async fn a_signed_in_administrator_sees_no_secret_and_neither_does_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "{}").await;
    source_failed(&portal).await;
    let (client, url) = (browser(), portal.url().to_owned());
    let admin = portal.sign_in("local-admin").await;
    let session = admin.cookie.split_once('=').unwrap().1.to_owned();
    let wanted = json!({"name": "nightly", "expiresInDays": 1});
    let path = "/api/auth/service-tokens";
    let (_, issued) = admin.ask(Method::POST, path, Some(wanted)).await;
    let issued: Value = serde_json::from_str(&issued).unwrap();
    let token = issued["token"].as_str().unwrap().to_owned();
    let secrets = [SECRET, session.as_str(), token.as_str()];

    for path in PAGES {
        let (status, page) = admin.ask(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}");
        hidden(&secrets, &page, path);
    }
    for token in [token.as_str(), &format!("{SECRET}-external"), SECRET] {
        let asked = client.get(format!("{url}/api/catalog/entities/by-query"));
        let answer = asked.bearer_auth(token).send().await.unwrap();
        hidden(&secrets, &answer.text().await.unwrap(), "an answer");
    }

    portal.terminate();
    let (_, log) = portal.end().await;
    assert!(log.contains("TRACE"), "everything is logged");
    hidden(&secrets, &log, "the log");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_tells_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let auth = format!(
        "{{ environment: production, providers: {{ oidc: {{ metadataUrl: '{NOWHERE}/.well-known/openid-configuration', \
         clientId: portal, clientSecret: {SECRET}-client }} }} }}"
    );
    let portal = portal(folder.path(), &auth).await;
    let (client, url) = (browser(), portal.url().to_owned());
    for (method, path) in [
        (Method::GET, "/api/auth/oidc/start?return_to=/"),
        (
            Method::GET,
            "/api/auth/oidc/handler/frame?code=stolen&state=stolen",
        ),
        (Method::GET, "/sign-in"),
        (Method::GET, "/api/auth/providers"),
        (Method::POST, "/api/events/http/github"),
        (Method::GET, "/metrics"),
    ] {
        let answer = client
            .request(method, format!("{url}{path}"))
            .send()
            .await
            .unwrap();
        let said = format!("{:?}", answer.headers());
        hidden(&[SECRET], &said, path);
        hidden(&[SECRET], &answer.text().await.unwrap(), path);
    }
    let in_address = format!("{url}/api/catalog/entities?token={SECRET}-external");
    let refused = client.get(&in_address).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    portal.terminate();
    let (_, log) = portal.end().await;
    assert!(log.contains("TRACE"), "everything is logged");
    hidden(&[SECRET], &log, "the log");
}
