//! A GitHub host: the part of its REST API that Portico writes to, with its rules.
//!
//! It is stricter than the real one: fields that the API does not describe are refused, so that a
//! mistake in a name fails a test and not silently nothing.

mod app;
mod files;
mod git;
mod pulls;
mod repository;
mod rest;
mod rules;
mod secrets;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use app::GitHubAppPeer;
pub(crate) use git::Git;
pub(crate) use repository::Repository;

/// Where the API of an Enterprise server is.
const BASE: &str = "/api/v3";
const BODY_LIMIT: usize = 64 << 20;

/// A GitHub host on this machine with an organisation `contoso` and a user `ada`; as long as its
/// runtime lives.
#[derive(Clone, Debug)]
pub struct GitHubPeer {
    host: String,
    world: Arc<Mutex<World>>,
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// GET, POST, ….
    pub method: String,
    /// Below the base of the API, without the query.
    pub path: String,
    /// What was sent; null for nothing.
    pub body: Value,
    /// The status of the answer.
    pub status: u16,
}

/// A refusal that waits for a request.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Which requests: a method, and a part of their path.
    pub of: (&'static str, &'static str),
    /// The answer's status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(&'static str, String)>,
    /// What it says.
    pub message: &'static str,
    /// How many requests it refuses.
    pub times: usize,
}

/// All that the host knows.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) host: String,
    pub(crate) repositories: BTreeMap<(String, String), Repository>,
    /// Logins by token.
    tokens: BTreeMap<String, String>,
    app: Option<GitHubAppPeer>,
    refusals: Vec<Refusal>,
    asked: Vec<Asked>,
}

/// What a request is answered with.
pub(crate) type Answer = (StatusCode, Value);

/// A request, taken apart.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    /// Below the repository, or the whole path.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) accept: &'a str,
    /// Who signed in; empty for nobody.
    pub(crate) login: &'a str,
}

impl GitHubPeer {
    /// The token of `ada`, who may do everything.
    pub const TOKEN: &str = "ghp_token_of_ada";

    /// Starts one with no repository.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("its address").to_string();
        let world = World {
            host: host.clone(),
            tokens: BTreeMap::from([(Self::TOKEN.to_owned(), "ada".to_owned())]),
            ..World::default()
        };
        let peer = Self {
            host,
            world: Arc::new(Mutex::new(world)),
        };
        let router = Router::new().fallback(answer).with_state(peer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        peer
    }

    /// Its name, with the port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where its API is.
    pub fn api(&self) -> String {
        format!("http://{}{BASE}", self.host)
    }

    /// What calls name a repository of `contoso`.
    pub fn repository(&self, name: &str) -> String {
        format!("https://{}/contoso/{name}", self.host)
    }

    /// Lets `contoso` install an App, whose tokens are good for everything.
    pub fn install(&self, mut app: GitHubAppPeer) {
        "contoso".clone_into(&mut app.owner);
        self.world.lock().app = Some(app);
    }

    /// Refuses requests to come.
    pub fn refuse(&self, refusal: Refusal) {
        self.world.lock().refusals.push(refusal);
    }

    /// Refuses one request, as the host does that is asked for too much at once.
    pub fn limit(&self, of: (&'static str, &'static str)) {
        self.refuse(Refusal {
            of,
            status: 403,
            headers: vec![("retry-after", "1".to_owned())],
            message: "You have exceeded a secondary rate limit.",
            times: 1,
        });
    }

    /// Fails one request, as if the process that asks were killed there.
    pub fn interrupt(&self, of: (&'static str, &'static str)) {
        self.refuse(Refusal {
            of,
            status: 400,
            headers: Vec::new(),
            message: "interrupted",
            times: 1,
        });
    }

    /// Makes a repository of `contoso` with these files on `main`.
    pub fn add(&self, name: &str, files: &[(&str, &str)]) {
        let mut repository = Repository::new(&json!({"name": name, "private": true}));
        let files = files
            .iter()
            .map(|(path, text)| (*path, "100644", text.as_bytes()));
        repository.git.push("main", files, "Beginning");
        let key = ("contoso".to_owned(), name.to_owned());
        self.world.lock().repositories.insert(key, repository);
    }

    /// Pushes files to a branch.
    pub fn push(&self, name: &str, branch: &str, files: &[(&str, &str)]) {
        let files = files
            .iter()
            .map(|(path, text)| (*path, "100644", text.as_bytes()));
        self.with(name, |it| it.git.push(branch, files, "Pushed"));
    }

    /// The files of a branch of a repository of `contoso`: content and git's mode by path.
    pub fn files(&self, name: &str, branch: &str) -> BTreeMap<String, (Vec<u8>, String)> {
        self.with(name, |it| it.git.files_of_branch(branch))
    }

    /// The messages of the commits of a branch, newest first.
    pub fn log(&self, name: &str, branch: &str) -> Vec<String> {
        self.with(name, |it| it.git.messages(branch))
    }

    /// The names of the branches.
    pub fn branches(&self, name: &str) -> Vec<String> {
        self.with(name, |it| it.git.branches.keys().cloned().collect())
    }

    /// The settings of a repository.
    pub fn settings(&self, name: &str) -> Value {
        self.with(name, |it| it.settings.clone())
    }

    /// What was put at, or made below, a path of a repository.
    pub fn kept(&self, name: &str, path: &str) -> Vec<Value> {
        self.with(name, |it| it.kept.get(path).cloned().unwrap_or_default())
    }

    /// Opens a secret that was sealed for a repository.
    pub fn unsealed(sealed: &Value) -> String {
        secrets::unsealed(sealed)
    }

    /// Whether `contoso` has such a repository.
    pub fn is_there(&self, name: &str) -> bool {
        let key = ("contoso".to_owned(), name.to_owned());
        self.world.lock().repositories.contains_key(&key)
    }

    /// What was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.world.lock().asked.clone()
    }

    /// How often something was asked.
    pub fn count(&self, method: &str, part: &str) -> usize {
        let asked = self.asked();
        let those = asked.iter();
        those
            .filter(|it| it.method == method && it.path.contains(part))
            .count()
    }

    fn with<T>(&self, name: &str, read: impl FnOnce(&mut Repository) -> T) -> T {
        let key = ("contoso".to_owned(), name.to_owned());
        let mut world = self.world.lock();
        read(world.repositories.get_mut(&key).expect("the repository"))
    }
}

async fn answer(State(peer): State<GitHubPeer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let body = to_bytes(body, BODY_LIMIT).await.expect("a body");
    let query = parts.uri.query().unwrap_or_default();
    let mut world = peer.world.lock();
    let path = path.strip_prefix("/api").unwrap_or(path);
    let path = path.strip_prefix("/v3").unwrap_or(path);
    let response = respond(
        &mut world,
        &parts.method,
        path,
        query,
        &parts.headers,
        &body,
    );
    world.asked.push(Asked {
        method: parts.method.to_string(),
        path: path.to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        status: response.status().as_u16(),
    });
    response
}

fn respond(
    world: &mut MutexGuard<'_, World>,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|it| it.to_str().ok());
    if let Some(refusal) = world
        .refusals
        .iter_mut()
        .find(|it| it.times > 0 && method.as_str() == it.of.0 && path.contains(it.of.1))
    {
        refusal.times -= 1;
        let status = StatusCode::from_u16(refusal.status).expect("a status");
        let body = json!({"message": refusal.message});
        let mut response = (status, axum::Json(body)).into_response();
        for (name, value) in &refusal.headers {
            let value = value.parse().expect("a header");
            response.headers_mut().insert(*name, value);
        }
        return response;
    }
    if let Some(app) = &mut world.app
        && let Some(response) = app.answer(&format!("{BASE}{path}"), given)
    {
        let (token, login) = (app.token(), "portico[bot]".to_owned());
        world.tokens.insert(token, login);
        return response;
    }
    if let Err(problem) = rules::check_headers(method, headers, body) {
        return told(problem);
    }
    let login = match given {
        None => String::new(),
        Some(given) => {
            let token = given.strip_prefix("Bearer ").unwrap_or_default();
            match world.tokens.get(token) {
                Some(login) => login.clone(),
                None => return told((StatusCode::UNAUTHORIZED, said("Bad credentials"))),
            }
        }
    };
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let segments: Vec<&str> = decoded.split('/').filter(|it| !it.is_empty()).collect();
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Err(problem) = rules::check_body(method.as_str(), &segments, &body) {
        return told(problem);
    }
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    let call = Call {
        method: method.as_str(),
        path: &segments,
        query: query.collect(),
        body,
        accept: headers
            .get(header::ACCEPT)
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default(),
        login: &login,
    };
    rest::respond(world, &call)
}

pub(crate) fn told((status, body): Answer) -> Response {
    if status == StatusCode::NO_CONTENT {
        return status.into_response();
    }
    (status, axum::Json(body)).into_response()
}

pub(crate) fn said(message: &str) -> Value {
    json!({"message": message, "documentation_url": "https://docs.github.example/rest"})
}

pub(crate) fn not_found() -> Answer {
    (StatusCode::NOT_FOUND, said("Not Found"))
}

/// 422 with what is wrong with which field.
pub(crate) fn invalid(field: &str, message: &str) -> Answer {
    let error = json!({"resource": "Resource", "code": "custom", "field": field,
        "message": message});
    let body = json!({"message": "Validation Failed", "errors": [error]});
    (StatusCode::UNPROCESSABLE_ENTITY, body)
}
