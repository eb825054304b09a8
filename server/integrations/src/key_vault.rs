//! Azure Key Vault: setting a secret.
//!
//! A vault says itself who signs in for it: the first request has no token and no content, and is
//! answered with where to get one. What it names has to be the vault's own cloud, so that no token
//! goes to a host that only looks like a vault.

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::{Answer, Body, HostError, Http, Repeat, Request, encode_segment};

const API_VERSION: &str = "2025-07-01";

/// A secret to set. Its value is in no message.
pub struct NewSecret<'a> {
    /// Letters, digits and dashes.
    pub name: &'a str,
    /// What is kept.
    pub value: &'a str,
    /// What it is, for those who read it.
    pub content_type: Option<&'a str>,
    /// Names and values.
    pub tags: Value,
    /// When it is no longer valid, in seconds since the Unix epoch.
    pub expires: Option<i64>,
}

/// One vault, as an identity sees it.
pub struct KeyVault<'a> {
    pub(crate) http: &'a Http,
    pub(crate) credential: Arc<dyn TokenCredential>,
    pub(crate) vault: &'a Url,
}

impl KeyVault<'_> {
    /// Sets a secret, which makes a new version of one that is there. Gives the id of the
    /// version: an address.
    pub async fn set(&self, secret: &NewSecret<'_>) -> Result<String, HostError> {
        let url = format!("secrets/{}", encode_segment(secret.name));
        let invalid = |error| HostError::invalid(self.vault.as_str(), format!("{error}"));
        let mut url = self.vault.join(&url).map_err(invalid)?;
        url.query_pairs_mut()
            .append_pair("api-version", API_VERSION);
        let challenge = self.send(&url, None, None).await?;
        let scope = self.scope(&challenge)?;
        let token = self.credential.get_token(&[&scope], None).await;
        let token = token.map_err(|error| {
            let fix = format!(
                "signing in failed; give this server a managed identity, or set \
                 integrations.azureKeyVault: {error}"
            );
            HostError::denied(self.vault.as_str(), fix)
        })?;
        let mut body = json!({"value": secret.value, "attributes": {"enabled": true}});
        if let Some(content_type) = secret.content_type {
            body["contentType"] = content_type.into();
        }
        if secret.tags.is_object() {
            body["tags"] = secret.tags.clone();
        }
        if let Some(expires) = secret.expires {
            body["attributes"]["exp"] = expires.into();
        }
        let answer = self
            .send(&url, Some(token.token.secret()), Some(&body))
            .await?;
        self.check(&answer)?;
        let made: Value = answer.json(self.vault.as_str())?;
        let id = made["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| HostError::failed(self.vault.as_str(), "the vault names no version"))
    }

    async fn send(
        &self,
        url: &Url,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, HostError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            let header = HeaderValue::from_str(&format!("Bearer {token}"));
            let mut header = header
                .map_err(|_| HostError::denied(self.vault.as_str(), "the token is no token"))?;
            header.set_sensitive(true);
            headers.insert(AUTHORIZATION, header);
        }
        let request = Request {
            target: self.vault.as_str(),
            method: Method::PUT,
            url: url.clone(),
            lane: crate::host_of(url),
            headers,
            body: body.map(Body::json),
            repeat: Repeat::Unsent,
            patient: true,
            trusted: true,
        };
        self.http.send(request).await
    }

    /// What a token has to be for.
    fn scope(&self, challenge: &Answer) -> Result<String, HostError> {
        let wrong = |what: &str| HostError::denied(self.vault.as_str(), what);
        if challenge.status != StatusCode::UNAUTHORIZED {
            return Err(wrong(
                "this does not answer as a vault does; check its address",
            ));
        }
        let header = challenge.header("www-authenticate").unwrap_or_default();
        let resource = parameter(header, "resource").or_else(|| parameter(header, "scope"));
        let resource =
            resource.ok_or_else(|| wrong("the vault does not say who signs in for it"))?;
        let resource = resource.trim_end_matches("/.default").trim_end_matches('/');
        let named = Url::parse(resource).ok();
        let named = named.as_ref().and_then(Url::host_str).unwrap_or_default();
        let host = self.vault.host_str().unwrap_or_default();
        if named.is_empty() || !(host == named || host.ends_with(&format!(".{named}"))) {
            return Err(wrong(&format!(
                "it asks for a token for {resource}, which is another cloud's; check its address"
            )));
        }
        Ok(format!("{resource}/.default"))
    }

    fn check(&self, answer: &Answer) -> Result<(), HostError> {
        if answer.status.is_success() {
            return Ok(());
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        // Not the message: it may quote what was sent.
        let code = body["error"]["code"].as_str().unwrap_or("no reason");
        let code = body["error"]["innererror"]["code"].as_str().unwrap_or(code);
        let vault = self.vault.as_str();
        Err(match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => HostError::denied(
                vault,
                format!(
                    "this server's identity may not set secrets ({code}); give it the role \"Key \
                     Vault Secrets Officer\" on the vault, and open the vault's network for it"
                ),
            ),
            StatusCode::CONFLICT => HostError::invalid(
                vault,
                format!("a secret of this name was deleted ({code}); recover or purge it"),
            ),
            status => HostError::failed(vault, format!("the vault answered {status} ({code})")),
        })
    }
}

/// A parameter of a challenge: `Bearer authorization="…", resource="…"`.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let parts = challenge.trim_start_matches("Bearer").split(',');
    let mut pairs = parts.filter_map(|part| part.trim().split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use axum::{
        Router, extract::State, http::HeaderMap, response::IntoResponse as _, routing::put,
    };
    use azure_core::credentials::{AccessToken, TokenRequestOptions};
    use azure_core::time::{Duration, OffsetDateTime};
    use parking_lot::Mutex;

    use super::*;

    #[derive(Debug)]
    struct Identity(Mutex<Vec<String>>);

    #[async_trait]
    impl TokenCredential for Identity {
        async fn get_token(
            &self,
            scopes: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            self.0
                .lock()
                .extend(scopes.iter().map(|it| (*it).to_owned()));
            let until = OffsetDateTime::now_utc() + Duration::hours(1);
            Ok(AccessToken::new("vault-token", until))
        }
    }

    /// What a vault was asked: with which token, and what.
    type Asked = Arc<Mutex<Vec<(Option<String>, String)>>>;

    /// A vault that asks for tokens for `resource`, and what it was asked.
    async fn vault(resource: &'static str, status: u16) -> (Url, Asked) {
        let asked = Asked::default();
        let set = async move |State(asked): State<Asked>, headers: HeaderMap, body: String| {
            let token = headers.get("authorization").and_then(|it| it.to_str().ok());
            asked.lock().push((token.map(str::to_owned), body));
            if token != Some("Bearer vault-token") {
                let challenge = format!(
                    "Bearer authorization=\"https://login.example/t\", resource=\"{resource}\""
                );
                return (StatusCode::UNAUTHORIZED, [("www-authenticate", challenge)])
                    .into_response();
            }
            let status = StatusCode::from_u16(status).unwrap();
            let body = json!({
                "id": "https://v.vault.azure.net/secrets/db/0123", "value": "hunter2",
                "error": {"code": "Forbidden", "message": "hunter2"},
            });
            (status, axum::Json(body)).into_response()
        };
        let router = Router::new()
            .route("/secrets/{name}", put(set))
            .with_state(Arc::clone(&asked));
        let address = crate::fakes::serve(router).await;
        (Url::parse(&format!("http://{address}/")).unwrap(), asked)
    }

    async fn set(vault: &Url, identity: &Arc<Identity>) -> Result<String, HostError> {
        let http = Http::new();
        let vault = KeyVault {
            http: &http,
            credential: identity.clone(),
            vault,
        };
        let secret = NewSecret {
            name: "db",
            value: "hunter2",
            content_type: Some("text/plain"),
            tags: json!({"owner": "shop"}),
            expires: Some(4_102_444_800),
        };
        vault.set(&secret).await
    }

    fn identity() -> Arc<Identity> {
        Arc::new(Identity(Mutex::default()))
    }

    #[tokio::test]
    async fn a_secret_is_set_for_whom_the_vault_asks() {
        let (vault, asked) = vault("http://127.0.0.1", 200).await;
        let identity = identity();
        let id = set(&vault, &identity).await.unwrap();
        assert_eq!(id, "https://v.vault.azure.net/secrets/db/0123");
        assert_eq!(*identity.0.lock(), ["http://127.0.0.1/.default"]);
        let asked = asked.lock();
        assert_eq!(asked[0], (None, String::new()), "strangers get no content");
        let sent: Value = serde_json::from_str(&asked[1].1).unwrap();
        let expected = json!({"value": "hunter2", "contentType": "text/plain",
            "tags": {"owner": "shop"}, "attributes": {"enabled": true, "exp": 4_102_444_800_u32}});
        assert_eq!(sent, expected);
    }

    #[tokio::test]
    async fn no_token_goes_to_another_cloud_and_no_value_into_messages() {
        let (elsewhere, asked) = vault("https://vault.evil.example", 200).await;
        let identity = identity();
        let error = set(&elsewhere, &identity).await.unwrap_err().to_string();
        assert!(error.contains("another cloud's"), "{error}");
        assert_eq!((identity.0.lock().len(), asked.lock().len()), (0, 1));
        let (closed, _) = vault("http://127.0.0.1", 403).await;
        let error = set(&closed, &identity).await.unwrap_err().to_string();
        assert!(error.contains("Key Vault Secrets Officer"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
