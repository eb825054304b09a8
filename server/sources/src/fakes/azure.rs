//! An Azure DevOps server with one repository, `org/proj/repo`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{digest, serve};

#[derive(Clone)]
pub(crate) struct FakeAzure {
    /// `host:port`.
    pub(crate) host: String,
    pub(crate) state: Arc<Mutex<Repository>>,
}

pub(crate) struct Repository {
    /// On branch `main`.
    pub(crate) files: BTreeMap<String, String>,
    /// The personal access token that opens it.
    pub(crate) token: String,
    /// Answers to strangers: 302 to the sign-in page, or 203 with it.
    pub(crate) shows_sign_in_page: bool,
    /// `Retry-After` of a 429 answer.
    pub(crate) limited: Option<u32>,
    /// What was asked, with the status of the answer.
    pub(crate) log: Vec<(String, u16)>,
}

impl FakeAzure {
    pub(crate) async fn start(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|&(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        let state = Arc::new(Mutex::new(Repository {
            files,
            token: "pat".to_owned(),
            shows_sign_in_page: false,
            limited: None,
            log: Vec::new(),
        }));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        Self {
            host: serve(router).await.to_string(),
            state,
        }
    }

    pub(crate) fn url(&self, query: &str) -> String {
        format!("http://{}/org/proj/_git/repo{query}", self.host)
    }

    pub(crate) fn requests(&self) -> usize {
        self.state.lock().log.len()
    }
}

async fn answer(
    State(state): State<Arc<Mutex<Repository>>>,
    Query(query): Query<BTreeMap<String, String>>,
    request: Request,
) -> Response {
    let mut repository = state.lock();
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|it| it.to_str().ok());
    let response = repository.answer(request.uri().path(), &query, given);
    let asked = request.uri().to_string();
    repository.log.push((asked, response.status().as_u16()));
    response
}

impl Repository {
    fn answer(
        &self,
        path: &str,
        query: &BTreeMap<String, String>,
        given: Option<&str>,
    ) -> Response {
        if let Some(seconds) = self.limited {
            let headers = [(header::RETRY_AFTER, seconds.to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, "TF400733").into_response();
        }
        let wanted = format!("Basic {}", STANDARD.encode(format!(":{}", self.token)));
        match given {
            None if self.shows_sign_in_page => {
                return (
                    StatusCode::NON_AUTHORITATIVE_INFORMATION,
                    Html("<p>Sign in"),
                )
                    .into_response();
            }
            None => {
                let page = "https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com";
                return (StatusCode::FOUND, [(header::LOCATION, page)]).into_response();
            }
            Some(given) if given != wanted => return StatusCode::UNAUTHORIZED.into_response(),
            Some(_) => {}
        }
        assert_eq!(query.get("api-version").map(String::as_str), Some("6.0"));
        match path {
            "/org/proj/_apis/git/repositories/repo" => axum::Json(
                json!({"name": "repo", "project": {"name": "proj", "description": "What it does"}}),
            )
            .into_response(),
            "/org/proj/_apis/git/repositories/repo/items" => self.items(query),
            _ => not_found(),
        }
    }

    fn items(&self, query: &BTreeMap<String, String>) -> Response {
        let get = |key: &str| query.get(key).map(String::as_str);
        let branch = (
            get("versionDescriptor.versionType"),
            get("versionDescriptor.version"),
        );
        if !matches!(branch, (None, None) | (Some("branch"), Some("main"))) {
            return not_found();
        }
        if let Some(scope) = get("scopePath") {
            assert_eq!(get("recursionLevel"), Some("Full"));
            let scope = scope.trim_start_matches('/');
            let Some(folder) = self.folder(scope) else {
                return not_found();
            };
            let inside = |path: &str| scope.is_empty() || path.starts_with(&format!("{scope}/"));
            let files = self.files.iter().filter(|(path, _)| inside(path));
            let value: Vec<_> = [folder]
                .into_iter()
                .chain(files.map(|(path, text)| blob(path, text)))
                .collect();
            return axum::Json(json!({"count": value.len(), "value": value})).into_response();
        }
        let path = get("path").unwrap_or_default().trim_start_matches('/');
        match (self.files.get(path), get("$format")) {
            (Some(text), Some("octetStream")) => (
                [(header::CONTENT_TYPE, "application/octet-stream")],
                text.clone(),
            )
                .into_response(),
            (Some(text), _) => axum::Json(blob(path, text)).into_response(),
            (None, _) => self
                .folder(path)
                .map_or_else(not_found, |it| axum::Json(it).into_response()),
        }
    }

    fn folder(&self, path: &str) -> Option<Value> {
        let inside: Vec<_> = self
            .files
            .iter()
            .filter(|(file, _)| file.starts_with(path))
            .collect();
        let id = digest(&format!("{inside:?}"));
        (!inside.is_empty()).then(|| {
            json!({"objectId": id, "gitObjectType": "tree", "path": format!("/{path}"), "isFolder": true})
        })
    }
}

fn blob(path: &str, text: &str) -> Value {
    let id = digest(&format!("blob {}\0{text}", text.len()));
    json!({"objectId": id, "gitObjectType": "blob", "commitId": "0", "path": format!("/{path}")})
}

fn not_found() -> Response {
    let body = json!({"message": "TF401174: The item could not be found", "typeKey": "GitItemNotFoundException"});
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}
