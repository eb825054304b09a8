//! `/api/events/http`: hosts tell that something was pushed.

mod azure_devops;
mod github;

use axum::{
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portico_sources::Change;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError, json};

/// Pushes with thousands of commits are large; larger ones are noticed by polling.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(github::github_event))
        .routes(routes!(azure_devops::azure_devops_event))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// Has the sources read again that the changes may affect.
async fn accept(state: &AppState, changes: &[Change]) -> Result<Response, ApiError> {
    let sources = state.catalog().changed(changes).await?;
    tracing::info!(sources, ?changes, "webhook accepted");
    Ok(json::empty(StatusCode::ACCEPTED))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
