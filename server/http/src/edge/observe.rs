//! One span, one log line and two metrics a request; the request id; the body of
//! problems; headers that every answer has.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode},
    middleware::Next,
    response::Response,
};
use portico_catalog::{RequestContext, with_request};
use tracing::Instrument as _;

use super::{client::ForwardedHttps, headers};
use crate::{
    AppState,
    extract::{RequestId, X_REQUEST_ID},
    problem,
};

/// Routes that are asked every few seconds by machines; their log lines are noise.
const QUIET: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

pub(super) async fn observe(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let source = state.proxies().note(&mut request);
    let forwarded = request.extensions().get() == Some(&ForwardedHttps(true));
    let https = forwarded || state.origin().is_https();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);

    let span = tracing::info_span!("request", id = &*id.0, %method, route);
    let context = RequestContext {
        id: id.0.to_string(),
        source,
    };
    let answer = with_request(context, next.run(request)).instrument(span.clone());
    let response = answer.await;
    let mut response = problem::render(response, &id.0, &method, &uri);
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    headers::add(response.headers_mut(), https);

    let elapsed = started.elapsed();
    let status = response.status();
    count(&method, route, status, elapsed.as_secs_f64());
    if !QUIET.contains(&route) {
        tracing::info!(
            parent: &span,
            status = status.as_u16(),
            elapsed_us = elapsed.as_micros() as u64,
            "answered"
        );
    }
    response
}

fn count(method: &Method, route: &str, status: StatusCode, seconds: f64) {
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        // Anybody can make up methods; they must not make up time series.
        _ => "other",
    };
    let route = route.to_owned();
    let status = status.as_str().to_owned();
    metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route)
        .record(seconds);
}
