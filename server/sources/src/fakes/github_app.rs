//! A GitHub App that `org` installed: it hands out tokens to whoever has its key.

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

pub(crate) struct FakeApp {
    pair: KeyPair,
    /// How long its tokens are valid.
    pub(crate) lifetime: Duration,
    /// How many tokens it handed out.
    pub(crate) minted: u32,
}

impl FakeApp {
    pub(crate) const ID: &str = "4711";

    pub(crate) fn new() -> Self {
        Self {
            pair: KeyPair::generate(KeySize::Rsa2048).unwrap(),
            lifetime: Duration::from_hours(1),
            minted: 0,
        }
    }

    /// The key as GitHub hands it to the administrator.
    pub(crate) fn private_key(&self) -> String {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().unwrap();
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(|it| str::from_utf8(it).unwrap())
            .collect();
        // Put together, so that no scanner takes this file for one with a key in it.
        let mark = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
        format!("{}\n{}\n{}\n", mark("BEGIN"), lines.join("\n"), mark("END"))
    }

    pub(crate) fn token(&self) -> String {
        format!("ghs_{}", self.minted)
    }

    /// Answers questions of apps; `None` is a question of someone else.
    pub(crate) fn answer(&mut self, path: &str, given: Option<&str>) -> Option<Response> {
        let path = path.strip_prefix("/api/v3")?;
        let installation = path.ends_with("/installation");
        if !installation && !path.ends_with("/access_tokens") {
            return None;
        }
        let claim = given.and_then(|it| it.strip_prefix("Bearer "));
        if !claim.is_some_and(|it| self.knows(it)) {
            let body = json!({"message": "A JSON web token could not be decoded"});
            return Some((StatusCode::UNAUTHORIZED, axum::Json(body)).into_response());
        }
        Some(match path {
            "/orgs/org/installation" => axum::Json(json!({"id": 12})).into_response(),
            "/app/installations/12/access_tokens" => {
                self.minted += 1;
                let until = jiff::Timestamp::try_from(SystemTime::now() + self.lifetime).unwrap();
                let body = json!({"token": self.token(), "expires_at": until.to_string()});
                (StatusCode::CREATED, axum::Json(body)).into_response()
            }
            _ => super::github::not_found(),
        })
    }

    /// GitHub's rules: signed by the app, RS256, ten minutes at most.
    fn knows(&self, claim: &str) -> bool {
        let key = DecodingKey::from_rsa_der(self.pair.public_key().as_ref());
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_issuer(&[Self::ID]);
        decode::<Value>(claim, &key, &rules).is_ok_and(|claim| {
            let seconds = |name: &str| claim.claims.get(name).and_then(Value::as_u64).unwrap();
            seconds("exp") - seconds("iat") <= 600
        })
    }
}
