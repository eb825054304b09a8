//! The token endpoint, and what it issues.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{OidcPeer, OidcWorld};

impl OidcWorld {
    pub(super) fn token(&mut self, body: &[u8]) -> Response {
        let form: BTreeMap<String, String> =
            url::form_urlencoded::parse(body).into_owned().collect();
        let get = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if let Some(code) = self.refuse {
            return refusal(code);
        }
        let client = (get("client_id"), get("client_secret"));
        if client != (OidcPeer::CLIENT_ID, OidcPeer::CLIENT_SECRET) {
            return refusal("invalid_client");
        }
        let nonce = match get("grant_type") {
            "authorization_code" => {
                let Some(code) = self.codes.remove(get("code")) else {
                    return refusal("invalid_grant");
                };
                let digest = Sha256::digest(get("code_verifier"));
                let challenge = URL_SAFE_NO_PAD.encode(digest);
                let same = code.challenge == Some(challenge)
                    && code.redirect_uri.as_deref() == Some(get("redirect_uri"));
                if !same {
                    return refusal("invalid_grant");
                }
                code.nonce
            }
            "refresh_token" if self.refresh_tokens.remove(get("refresh_token")) => None,
            "refresh_token" => return refusal("invalid_grant"),
            _ => return refusal("unsupported_grant_type"),
        };
        self.issued += 1;
        let refresh_token = format!("refresh-{}", self.issued);
        self.refresh_tokens.insert(refresh_token.clone());
        let mut claims = json!({
            "aud": OidcPeer::CLIENT_ID,
            "sub": "pairwise-1",
            "oid": OidcPeer::OID,
            "tid": OidcPeer::TENANT,
            "ver": "2.0",
            "name": "Ada",
            "preferred_username": "ada@contoso.test",
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        let person = self.person.clone();
        let id_token = self.sign(claims, &person);
        Json(json!({
            "token_type": "Bearer",
            "access_token": "an-access-token-for-graph",
            "expires_in": self.expires_in,
            "refresh_token": refresh_token,
            "id_token": id_token,
        }))
        .into_response()
    }

    pub(super) fn access_token(&self, more: &Value) -> String {
        let client = "bbbbbbbb-0000-0000-0000-000000000002";
        let claims = json!({
            "aud": OidcPeer::CLIENT_ID,
            "sub": client,
            "oid": client,
            "tid": OidcPeer::TENANT,
            "azp": "deployer",
            "roles": ["Catalog.Write"],
        });
        self.sign(claims, more)
    }

    fn sign(&self, mut claims: Value, more: &Value) -> String {
        let now = Timestamp::now().as_second();
        claims["iat"] = now.into();
        claims["nbf"] = now.into();
        claims["exp"] = (now + 3600).into();
        let tenant = more["tid"].as_str().unwrap_or(OidcPeer::TENANT);
        claims["iss"] = self.issuer(tenant).into();
        let claims_of = claims.as_object_mut().expect("an object");
        for (name, value) in more.as_object().into_iter().flatten() {
            if value.is_null() {
                claims_of.remove(name);
            } else {
                claims_of.insert(name.clone(), value.clone());
            }
        }
        self.keys.first().expect("a key").sign(&claims)
    }
}

fn refusal(code: &str) -> Response {
    let body = json!({ "error": code, "error_description": "the peer says no" });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
