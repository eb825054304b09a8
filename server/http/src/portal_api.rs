//! The API, called by tasks inside this process.
//!
//! The router is that of [`crate::endpoints`] without the layers of the edge: nothing looks for
//! tokens, cookies or a session, and who asks is put in here.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
    response::Response,
};
use portico_access::Principal;
use portico_catalog::{RequestContext, with_request};
use portico_tasks::{PortalAnswer, PortalApi, PortalRequest};
use tower::ServiceExt as _;

use crate::{
    AppState,
    extract::{RequestId, TaskDepth},
    problem,
    state::WeakState,
};

/// Answers beyond this are refused, in bytes.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// How long a body may take once its answer has begun.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The API of a state.
struct OwnApi {
    state: WeakState,
    router: OnceLock<Router<AppState>>,
}

impl AppState {
    /// The API for tasks of this process. It ends with the state: calls are refused then.
    pub fn portal_api(&self) -> Arc<dyn PortalApi> {
        Arc::new(OwnApi {
            state: self.downgrade(),
            router: OnceLock::new(),
        })
    }
}

#[async_trait]
impl PortalApi for OwnApi {
    async fn call(&self, who: &Principal, request: PortalRequest) -> Result<PortalAnswer, String> {
        let state = self.state.upgrade().ok_or("this process stops")?;
        if let Some(refusal) = refusal(&request.method, &request.target) {
            return Err(refusal.to_owned());
        }
        if request.body.len() > crate::BODY_LIMIT {
            return Err(format!(
                "the body has more than {} MiB",
                crate::BODY_LIMIT >> 20
            ));
        }
        let router = self
            .router
            .get_or_init(crate::api)
            .clone()
            .with_state(state);
        let request = built(who, request).map_err(|error| error.to_string())?;
        let (id, method, uri) = (
            RequestId::of(&HeaderMap::new()),
            request.method().clone(),
            request.uri().clone(),
        );
        let context = RequestContext {
            id: id.0.to_string(),
            source: None,
        };
        let Ok(response) = with_request(context, router.oneshot(request)).await;
        answer(problem::render(response, &id.0, &method, &uri)).await
    }
}

fn built(who: &Principal, request: PortalRequest) -> Result<Request<Body>, axum::http::Error> {
    let mut built = Request::builder()
        .method(Method::from_bytes(request.method.as_bytes())?)
        .uri(request.target)
        .extension(who.clone())
        .extension(TaskDepth(request.depth + 1));
    for (name, value) in request.headers {
        built = built.header(name, value);
    }
    built.body(Body::from(request.body))
}

async fn answer(response: Response) -> Result<PortalAnswer, String> {
    let (parts, body) = response.into_parts();
    if is_stream(&parts.headers) {
        return Err("the answer is a stream, which does not end; ask for the state instead".into());
    }
    let body = tokio::time::timeout(TIMEOUT, to_bytes(body, MAX_ANSWER)).await;
    let body = body
        .map_err(|_| "the answer does not end".to_owned())?
        .map_err(|_| format!("the answer has more than {} MiB", MAX_ANSWER >> 20))?;
    let headers = parts.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    Ok(PortalAnswer {
        code: parts.status.as_u16(),
        headers: headers.collect(),
        body: body.into(),
    })
}

fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|it| it.as_bytes().starts_with(b"text/event-stream"))
}

/// Why tasks may not ask for something, whoever they run for: who wrote the template would
/// decide in the name of who runs it.
fn refusal(method: &str, target: &str) -> Option<&'static str> {
    let path = target.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').skip(2).collect();
    let changes = !matches!(method, "GET" | "HEAD" | "OPTIONS");
    match segments[..] {
        ["auth", ..] => Some("sessions and tokens are for people to get, not for tasks"),
        ["audit" | "policies", ..] => {
            Some("policies and the audit log are for people to read and change, not for tasks")
        }
        ["git", ..] => Some("repositories are fetched with fetch:plain"),
        ["plugins", ..] if changes => Some("what plugins may do is for people to decide"),
        ["scaffolder", .., "decision"] => Some("approvals are for people to give"),
        ["scaffolder", .., "retry"] => Some("a task has no other try again"),
        ["scm", .., "merge" | "close"] => Some("changes are for people to merge and close"),
        ["user-settings", ..] if changes => Some("settings and stars are people's own"),
        ["events", ..] => Some("events are for hosts of repositories to send"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_decide_is_refused() {
        for (method, target) in [
            ("GET", "/api/auth/session?x=1"),
            ("POST", "/api/auth/tokens"),
            ("POST", "/api/plugins/versions/abc/approve"),
            ("POST", "/api/scaffolder/v2/tasks/1/decision"),
            ("POST", "/api/scm/repositories/a/change-requests/1/merge"),
            ("POST", "/api/scm/repositories/a/change-requests/1/close"),
            ("GET", "/api/git/a.git/info/refs"),
            ("GET", "/api/audit?limit=1"),
            ("POST", "/api/policies/versions"),
            ("GET", "/api/policies"),
            ("POST", "/api/policies/explain"),
            ("PUT", "/api/user-settings/buckets/a/keys/b"),
            ("POST", "/api/events/http/github"),
        ] {
            assert!(refusal(method, target).is_some(), "{method} {target}");
        }
        for (method, target) in [
            ("GET", "/api/plugins"),
            ("POST", "/api/scaffolder/v2/tasks"),
            ("GET", "/api/catalog/entities?filter=kind=decision"),
        ] {
            assert_eq!(refusal(method, target), None, "{method} {target}");
        }
    }
}
