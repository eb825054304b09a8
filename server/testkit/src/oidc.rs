//! An OpenID Connect provider that issues what Entra issues, and can be told to misbehave.
//!
//! It enforces what providers enforce: the client's secret, one use of a code, PKCE, the redirect
//! URI, and one use of a refresh token.

mod signing;
mod token;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::OwnedMutexGuard};
use url::Url;

use signing::SigningKey;

const BODY_LIMIT: usize = 1 << 20;

/// A provider on this machine, as long as its runtime lives.
#[derive(Clone, Debug)]
pub struct OidcPeer {
    base: String,
    world: Arc<Mutex<OidcWorld>>,
    gate: Arc<tokio::sync::Mutex<()>>,
}

/// What the provider knows, to look at and to change.
#[derive(Debug)]
pub struct OidcWorld {
    /// The claims of whoever signs in, laid over the usual ones; null removes one.
    pub person: Value,
    /// The groups that Microsoft Graph tells of; `None` is an error there.
    pub graph: Option<Vec<String>>,
    /// Whether nothing is answered.
    pub down: bool,
    /// A path that is not answered.
    pub lost: Option<&'static str>,
    /// What the token endpoint refuses everything with.
    pub refuse: Option<&'static str>,
    /// Whether its issuer is another one for each tenant.
    pub many_tenants: bool,
    /// Whether signing out there is possible.
    pub ends_sessions: bool,
    /// How long access tokens count, in seconds.
    pub expires_in: i64,
    /// The paths that were asked for.
    pub asked: Vec<String>,
    base: String,
    /// The first one signs.
    keys: Vec<SigningKey>,
    codes: BTreeMap<String, Code>,
    refresh_tokens: BTreeSet<String>,
    issued: usize,
}

/// What a code stands for.
#[derive(Clone, Debug, Default)]
struct Code {
    nonce: Option<String>,
    challenge: Option<String>,
    redirect_uri: Option<String>,
}

impl OidcPeer {
    /// The client that is registered.
    pub const CLIENT_ID: &str = "portal";
    /// Its secret.
    pub const CLIENT_SECRET: &str = "portal-secret";
    /// The tenant of the usual person.
    pub const TENANT: &str = "11111111-1111-1111-1111-111111111111";
    /// The object id of the usual person.
    pub const OID: &str = "aaaaaaaa-0000-0000-0000-000000000001";

    /// A provider with one key.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let base = format!("http://{address}");
        let world = OidcWorld {
            person: json!({}),
            graph: None,
            down: false,
            lost: None,
            refuse: None,
            many_tenants: false,
            ends_sessions: true,
            expires_in: 3600,
            asked: Vec::new(),
            base: base.clone(),
            keys: vec![SigningKey::new("k1")],
            codes: BTreeMap::new(),
            refresh_tokens: BTreeSet::new(),
            issued: 0,
        };
        let peer = Self {
            base,
            world: Arc::new(Mutex::new(world)),
            gate: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(peer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        peer
    }

    /// Where it describes itself.
    pub fn metadata_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.base)
    }

    /// Where it acts as Microsoft Graph.
    pub fn graph_url(&self) -> String {
        format!("{}/graph", self.base)
    }

    /// What is there, to look at and to change.
    pub fn world(&self) -> MutexGuard<'_, OidcWorld> {
        self.world.lock()
    }

    /// Does what it is asked for, and lets no answer out until the guard is dropped.
    pub async fn hold(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.gate).lock_owned().await
    }

    /// Signs with another key from now on; the old one is gone.
    pub fn rotate(&self) {
        let key = SigningKey::new(&format!("k{}", self.world().keys.len() + 1));
        self.world().keys = vec![key];
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        let world = self.world();
        world.asked.iter().filter(|it| *it == path).count()
    }

    /// What a browser does there: somebody signs in and is sent back. The query they come back
    /// with.
    pub fn sign_in(&self, authorize: &str) -> String {
        let url = Url::parse(authorize).expect("the address of a browser");
        let get = |name: &str| {
            let found = url.query_pairs().find(|(it, _)| it == name);
            found.map(|(_, value)| value.into_owned())
        };
        assert_eq!(get("client_id").as_deref(), Some(Self::CLIENT_ID));
        assert_eq!(get("response_type").as_deref(), Some("code"));
        assert_eq!(get("code_challenge_method").as_deref(), Some("S256"));
        let mut world = self.world();
        world.issued += 1;
        let code = format!("code-{}", world.issued);
        let stands_for = Code {
            nonce: get("nonce"),
            challenge: get("code_challenge"),
            redirect_uri: get("redirect_uri"),
        };
        world.codes.insert(code.clone(), stands_for);
        let state = get("state").unwrap_or_default();
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &state)
            .finish()
    }

    /// An access token that a workload gets, with these claims laid over the usual ones.
    pub fn access_token(&self, claims: &Value) -> String {
        self.world().access_token(claims)
    }
}

impl OidcWorld {
    fn issuer(&self, tenant: &str) -> String {
        if self.many_tenants {
            format!("{}/{tenant}/v2.0", self.base)
        } else {
            self.base.clone()
        }
    }

    fn description(&self) -> Value {
        let base = &self.base;
        let mut description = json!({
            "issuer": self.issuer("{tenantid}"),
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        });
        if self.ends_sessions {
            description["end_session_endpoint"] = format!("{base}/logout").into();
        }
        description
    }

    fn answer(&mut self, path: &str, body: &[u8]) -> Response {
        self.asked.push(path.to_owned());
        if self.down || self.lost == Some(path) {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        match path {
            "/.well-known/openid-configuration" => Json(self.description()).into_response(),
            "/keys" => Json(self.key_set()).into_response(),
            "/token" => self.token(body),
            path if path.ends_with("/getMemberObjects") => match &self.graph {
                Some(groups) => Json(json!({ "value": groups })).into_response(),
                None => StatusCode::FORBIDDEN.into_response(),
            },
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn key_set(&self) -> Value {
        let mut keys: Vec<Value> = self.keys.iter().map(SigningKey::public).collect();
        if self.many_tenants {
            for key in &mut keys {
                key["issuer"] = self.issuer("{tenantid}").into();
            }
        }
        json!({ "keys": keys })
    }
}

async fn answer(State(peer): State<OidcPeer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let response = peer.world().answer(parts.uri.path(), &body);
    drop(peer.gate.lock().await);
    response
}
