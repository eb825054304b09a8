//! A GitHub Enterprise server with one repository, `org/repo`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use parking_lot::Mutex;
use serde_json::json;

use super::{FakeApp, digest, serve};

#[derive(Clone)]
pub(crate) struct FakeGitHub {
    /// `host:port`.
    pub(crate) host: String,
    pub(crate) state: Arc<Mutex<Repository>>,
}

#[derive(Default)]
pub(crate) struct Repository {
    /// On branch `main`.
    pub(crate) files: BTreeMap<String, String>,
    /// Private when there is one.
    pub(crate) token: Option<String>,
    /// An app that knows how to get a token.
    pub(crate) app: Option<FakeApp>,
    /// Unix time until which the quota is used up.
    pub(crate) limited_until: Option<u64>,
    /// Whether the token lacks the permission.
    pub(crate) forbidden: bool,
    /// Whether the whole tree is too large for one answer.
    pub(crate) truncates: bool,
    /// What was asked, with the status of the answer.
    pub(crate) log: Vec<(String, u16)>,
}

impl FakeGitHub {
    pub(crate) async fn start(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|&(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        let state = Arc::new(Mutex::new(Repository {
            files,
            ..Repository::default()
        }));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        Self {
            host: serve(router).await.to_string(),
            state,
        }
    }

    pub(crate) fn url(&self, rest: &str) -> String {
        format!("http://{}/org/repo{rest}", self.host)
    }

    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.state
            .lock()
            .log
            .iter()
            .map(|(_, status)| *status)
            .collect()
    }
}

async fn answer(State(state): State<Arc<Mutex<Repository>>>, request: Request) -> Response {
    let mut repository = state.lock();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let path = percent_encoding::percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let response = repository.answer(&path, &query, request.headers());
    repository
        .log
        .push((format!("{path}?{query}"), response.status().as_u16()));
    response
}

impl Repository {
    fn answer(&mut self, path: &str, query: &str, headers: &HeaderMap) -> Response {
        if let Some(reset) = self.limited_until {
            let headers = [
                ("x-ratelimit-remaining", "0".to_owned()),
                ("x-ratelimit-reset", reset.to_string()),
            ];
            let body = json!({"message": "API rate limit exceeded"});
            return (StatusCode::FORBIDDEN, headers, axum::Json(body)).into_response();
        }
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|it| it.to_str().ok());
        if let Some(answer) = self.app.as_mut().and_then(|app| app.answer(path, given)) {
            self.token = self.app.as_ref().map(FakeApp::token);
            return answer;
        }
        if let Some(token) = &self.token {
            match given {
                // A private repository does not exist for strangers.
                None => return not_found(),
                Some(given) if given != format!("Bearer {token}") => {
                    return (
                        StatusCode::UNAUTHORIZED,
                        axum::Json(json!({"message": "Bad credentials"})),
                    )
                        .into_response();
                }
                Some(_) => {}
            }
        }
        if self.forbidden {
            let body = json!({"message": "Resource not accessible by personal access token"});
            return (StatusCode::FORBIDDEN, axum::Json(body)).into_response();
        }
        let Some(rest) = path.strip_prefix("/api/v3/repos/org/repo") else {
            return not_found();
        };
        if rest.is_empty() {
            return axum::Json(json!({"default_branch": "main", "description": "What it does"}))
                .into_response();
        }
        if let Some(path) = rest.strip_prefix("/contents/") {
            return self.contents(path, query, headers);
        }
        if let Some(tree) = rest.strip_prefix("/git/trees/") {
            return self.tree(tree, query.contains("recursive=1"), headers);
        }
        not_found()
    }

    fn contents(&self, path: &str, query: &str, headers: &HeaderMap) -> Response {
        if !matches!(query, "" | "ref=main" | "ref=HEAD") {
            return not_found();
        }
        if self
            .files
            .keys()
            .any(|file| file.starts_with(&format!("{path}/")))
        {
            return axum::Json(json!([{"type": "file"}])).into_response();
        }
        let Some(text) = self.files.get(path) else {
            return not_found();
        };
        let kind = [(
            header::CONTENT_TYPE,
            "application/vnd.github.raw+json; charset=utf-8",
        )];
        conditional(headers, text, (kind, text.clone()).into_response())
    }

    fn tree(&self, tree: &str, recursive: bool, headers: &HeaderMap) -> Response {
        let folder = match tree {
            "main" | "HEAD" => String::new(),
            sha => format!("{}/", sha.trim_start_matches("sha-")),
        };
        let mut entries = BTreeMap::new();
        let files = self.files.iter();
        for (path, text) in
            files.filter_map(|(path, text)| Some((path.strip_prefix(&folder)?, text)))
        {
            for (at, _) in path.match_indices('/') {
                let entry = json!({"path": &path[..at], "type": "tree", "sha": format!("sha-{folder}{}", &path[..at])});
                entries.insert(path[..at].to_owned(), entry);
            }
            entries.insert(
                path.to_owned(),
                json!({"path": path, "type": "blob", "sha": "0", "mode": mode(text)}),
            );
        }
        let truncated = self.truncates && folder.is_empty() && recursive;
        if !recursive || truncated {
            entries.retain(|path, _| !path.contains('/'));
        }
        let entries: Vec<_> = entries.into_values().collect();
        let body = json!({"sha": tree, "tree": entries, "truncated": truncated});
        conditional(
            headers,
            &body.to_string(),
            axum::Json(&body).into_response(),
        )
    }
}

/// Scripts can be run, and what begins with an arrow is a link.
fn mode(text: &str) -> &'static str {
    match text {
        text if text.starts_with("#!") => "100755",
        text if text.starts_with("->") => "120000",
        _ => "100644",
    }
}

/// Adds an `ETag`, and answers 304 to who has it.
fn conditional(headers: &HeaderMap, text: &str, mut response: Response) -> Response {
    let etag = format!("\"{}\"", digest(text));
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known == etag.as_str())
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    response
        .headers_mut()
        .insert(header::ETAG, etag.parse().unwrap());
    response
}

pub(super) fn not_found() -> Response {
    (
        StatusCode::NOT_FOUND,
        axum::Json(json!({"message": "Not Found"})),
    )
        .into_response()
}
