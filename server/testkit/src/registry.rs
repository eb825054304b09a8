//! A small registry of OCI artifacts: the part of the distribution protocol that is used to put
//! one file there and to fetch it.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use parking_lot::Mutex;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

/// How a [`Registry`] wants to be signed in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Not at all.
    Open,
    /// With this user name and password, in every request.
    Basic(&'static str, &'static str),
    /// With a token, which this user name and password are good for.
    Token(&'static str, &'static str),
}

const TOKEN: &str = "a-token-of-the-registry";
const BODY_LIMIT: usize = 128 << 20;

/// A registry on this machine, without TLS; as long as its runtime lives.
#[derive(Clone, Debug)]
pub struct Registry(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    host: String,
    sign_in: SignIn,
    /// Blobs and manifests by digest, and manifests by tag, as `repository:tag`.
    kept: Mutex<HashMap<String, Bytes>>,
    asked: Mutex<Vec<String>>,
}

impl Registry {
    /// Starts one with nothing in it.
    pub async fn start(sign_in: SignIn) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let registry = Self(Arc::new(Inner {
            host: address.to_string(),
            sign_in,
            kept: Mutex::default(),
            asked: Mutex::default(),
        }));
        let router = Router::new().fallback(answer).with_state(registry.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        registry
    }

    /// Its host and port, as references begin.
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// What was asked for: method and path of each request.
    pub fn asked(&self) -> Vec<String> {
        self.0.asked.lock().clone()
    }

    /// Keeps a blob and returns its digest.
    pub fn put(&self, content: impl Into<Bytes>) -> String {
        let content = content.into();
        let digest = digest(&content);
        self.0.kept.lock().insert(digest.clone(), content);
        digest
    }

    /// Keeps a manifest under a tag and returns its digest.
    pub fn tag(&self, repository: &str, tag: &str, manifest: &serde_json::Value) -> String {
        let manifest = Bytes::from(manifest.to_string());
        let digest = self.put(manifest.clone());
        let name = format!("{repository}:{tag}");
        self.0.kept.lock().insert(name, manifest);
        digest
    }

    /// What is kept under a digest, or under `repository:tag`.
    pub fn get(&self, name: &str) -> Option<Bytes> {
        self.0.kept.lock().get(name).cloned()
    }

    /// Serves something else under a digest from now on, as a broken registry does.
    pub fn replace(&self, digest: &str, content: impl Into<Bytes>) {
        self.0.kept.lock().insert(digest.to_owned(), content.into());
    }

    /// What is said to somebody who is not signed in.
    fn challenge(&self, headers: &HeaderMap) -> Option<Response> {
        let given = headers.get(header::AUTHORIZATION);
        let given = given.and_then(|it| it.to_str().ok()).unwrap_or_default();
        let (wanted, challenge) = match self.0.sign_in {
            SignIn::Open => return None,
            SignIn::Basic(user, password) => {
                (basic(user, password), "Basic realm=\"registry\"".to_owned())
            }
            SignIn::Token(..) => {
                let realm = format!("http://{}/token", self.0.host);
                (
                    format!("Bearer {TOKEN}"),
                    format!("Bearer realm=\"{realm}\",service=\"test\""),
                )
            }
        };
        (given != wanted).then(|| {
            let headers = [(header::WWW_AUTHENTICATE, challenge)];
            (StatusCode::UNAUTHORIZED, headers).into_response()
        })
    }
}

async fn answer(State(registry): State<Registry>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method, parts.uri.path().to_owned());
    registry.0.asked.lock().push(format!("{method} {path}"));
    if path == "/token" {
        return token(&registry, &parts.headers);
    }
    if let Some(challenge) = registry.challenge(&parts.headers) {
        return challenge;
    }
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let Some(name) = path.strip_prefix("/v2/").filter(|name| !name.is_empty()) else {
        return StatusCode::OK.into_response();
    };
    if let Some((repository, reference)) = name.split_once("/manifests/") {
        return manifest(&registry, &method, (repository, reference), body);
    }
    match name.split_once("/blobs/") {
        Some((_, "uploads/")) if method == Method::POST => (
            StatusCode::ACCEPTED,
            [(header::LOCATION, format!("{path}1"))],
        )
            .into_response(),
        Some((_, "uploads/1")) if method == Method::PUT => {
            let named = parts.uri.query().unwrap_or_default().replace("%3A", ":");
            let digest = registry.put(body);
            match named == format!("digest={digest}") {
                true => (StatusCode::CREATED, [(header::LOCATION, path)]).into_response(),
                false => error(StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
            }
        }
        Some((_, digest)) => match registry.get(digest) {
            Some(content) => content.into_response(),
            None => error(StatusCode::NOT_FOUND, "BLOB_UNKNOWN"),
        },
        None => error(StatusCode::NOT_FOUND, "NAME_UNKNOWN"),
    }
}

fn manifest(
    registry: &Registry,
    method: &Method,
    (repository, reference): (&str, &str),
    body: Bytes,
) -> Response {
    let tag = format!("{repository}:{reference}");
    if method == Method::PUT {
        let digest = registry.put(body.clone());
        registry.0.kept.lock().insert(tag, body);
        let location = format!("/v2/{repository}/manifests/{digest}");
        return (StatusCode::CREATED, [(header::LOCATION, location)]).into_response();
    }
    let Some(found) = registry.get(reference).or_else(|| registry.get(&tag)) else {
        return error(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
    };
    let kind = (
        header::CONTENT_TYPE,
        "application/vnd.oci.image.manifest.v1+json".to_owned(),
    );
    match reference.starts_with("sha256:") {
        // A reader that trusts this header instead of counting is found out.
        true => (
            [
                kind,
                (
                    "docker-content-digest".parse().expect("a name"),
                    reference.to_owned(),
                ),
            ],
            found,
        )
            .into_response(),
        false => ([kind], found).into_response(),
    }
}

fn token(registry: &Registry, headers: &HeaderMap) -> Response {
    let SignIn::Token(user, password) = registry.0.sign_in else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let given = headers.get(header::AUTHORIZATION);
    match given.is_some_and(|given| *given == basic(user, password)) {
        true => axum::Json(json!({"token": TOKEN})).into_response(),
        false => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn error(status: StatusCode, code: &str) -> Response {
    (
        status,
        axum::Json(json!({"errors": [{"code": code, "message": "no"}]})),
    )
        .into_response()
}

fn digest(content: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(content)))
}
