//! An Azure DevOps peer: one organisation, with the rules of the real host as far as its API
//! documents them. It refuses what that refuses: strangers (with its sign-in page), calls without
//! `api-version`, bodies with fields that are missing or unknown, stale references, taken names.

mod check;
mod git;
mod pipelines;
mod policies;
mod pulls;
mod reads;
mod state;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};

pub use state::{Commit, File, Organization, Pull, Repository};

/// The organisation.
pub const ORGANIZATION: &str = "contoso";
/// The project that is there.
pub const PROJECT: &str = "Shop";
/// The personal access token that opens everything.
pub const TOKEN: &str = "pat-of-tests";
const LARGEST: usize = 64 << 20;

/// A peer that listens on this machine. Clones are one.
#[derive(Clone)]
pub struct AzurePeer {
    host: String,
    state: Arc<Mutex<Organization>>,
}

/// A call, as handlers see it.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The segments behind the organisation, decoded.
    pub(crate) path: Vec<String>,
    pub(crate) query: HashMap<String, String>,
    pub(crate) body: Value,
}

/// An answer: JSON, or a refusal.
pub(crate) type Answer = Result<Response, Refusal>;

/// A refusal as the host writes it.
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

pub(crate) fn refuse<T>(
    status: u16,
    kind: &'static str,
    message: impl Into<String>,
) -> Result<T, Refusal> {
    Err(Refusal {
        status: StatusCode::from_u16(status).unwrap_or_default(),
        kind,
        message: message.into(),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
pub(crate) fn answer(status: u16, body: &Value) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    Ok((status, axum::Json(body.clone())).into_response())
}

impl AzurePeer {
    /// A peer with an empty project.
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(Organization::new()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let router = Router::new().fallback(serve).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { host, state }
    }

    /// `host:port`: what addresses of repositories begin with.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where the API is, for `integrations.azure[].apiBaseUrl`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.host)
    }

    /// What a repository of the project is called in calls.
    pub fn repository(&self, name: &str) -> String {
        format!("https://{}/{ORGANIZATION}/{PROJECT}/_git/{name}", self.host)
    }

    /// What is there, to look at and to change.
    pub fn state(&self) -> MutexGuard<'_, Organization> {
        self.state.lock()
    }

    /// The next calls that change something at such a path fail, without having done anything.
    pub fn fail_next(&self, path: &str) {
        self.state().failing = Some(path.to_owned());
    }

    /// The next calls, so many of them, are told to come back in a second.
    pub fn throttle(&self, calls: usize) {
        self.state().throttled = calls;
    }
}

async fn serve(State(state): State<Arc<Mutex<Organization>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let mut state = state.lock();
    let line = format!("{} {}", parts.method, parts.uri.path());
    state.log.push(line);
    if state.throttled > 0 {
        state.throttled -= 1;
        let told = json!({"message": "TF400733: the request has been canceled: blocked due to \
            exceeding usage of resource 'Concurrency' in namespace 'User'"});
        let headers = [(header::RETRY_AFTER, "1")];
        return (StatusCode::TOO_MANY_REQUESTS, headers, axum::Json(told)).into_response();
    }
    let expected = format!("Basic {}", STANDARD.encode(format!(":{TOKEN}")));
    let given = parts.headers.get(header::AUTHORIZATION);
    if given.is_none_or(|given| given != expected.as_str()) {
        let page = Body::from("<html><title>Sign in</title></html>");
        let headers = [(header::CONTENT_TYPE, "text/html")];
        return (StatusCode::NON_AUTHORITATIVE_INFORMATION, headers, page).into_response();
    }
    let is_write = parts.method != Method::GET;
    let fails = state
        .failing
        .as_ref()
        .is_some_and(|it| parts.uri.path().contains(it.as_str()));
    if is_write && fails {
        state.failing = None;
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let url = url::Url::parse(&format!("http://peer{}", parts.uri)).expect("a URL");
    let segments = url.path_segments().into_iter().flatten();
    let mut path: Vec<String> = segments.map(decoded).collect();
    let organization = path.remove(0);
    let call = Call {
        method: parts.method,
        path,
        query: url.query_pairs().into_owned().collect(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    };
    let answered = match organization.as_str() {
        ORGANIZATION => route(&mut state, &call),
        _ => refuse(404, "", "TF200016: the organization does not exist"),
    };
    answered.unwrap_or_else(|refusal| {
        let body = json!({"$id": "1", "message": refusal.message, "typeKey": refusal.kind,
            "errorCode": 0, "eventId": 3000});
        (refusal.status, axum::Json(body)).into_response()
    })
}

fn decoded(segment: &str) -> String {
    let pair = format!("x={}", segment.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn route(state: &mut Organization, call: &Call) -> Answer {
    check::api_version(call)?;
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path[..] {
        ["_apis", "projects", name] => git::project(state, name),
        ["_apis", "git", "repositories"] => git::list(state, None),
        [project, "_apis", ref rest @ ..] => {
            state.check_project(project)?;
            match *rest {
                ["git", "repositories"] if call.method == Method::GET => {
                    git::list(state, Some(project))
                }
                ["git", "repositories"] => git::create(state, call),
                ["git", "repositories", repository, ref rest @ ..] => {
                    git::route(state, call, repository, rest)
                }
                ["pipelines", ref rest @ ..] => pipelines::route(state, call, rest),
                ["policy", "configurations", ref rest @ ..] => policies::route(state, call, rest),
                _ => refuse(404, "", "The controller for this path was not found."),
            }
        }
        _ => refuse(404, "", "The controller for this path was not found."),
    }
}
