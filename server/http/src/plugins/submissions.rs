//! `/api/plugins/submissions`: handing in, and the review queue.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use portico_plugins::package::PACKAGE_LIMIT;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError, extract::Caller, json};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_submissions, submit_plugin))
        .layer(DefaultBodyLimit::max(PACKAGE_LIMIT))
}

/// The review queue
///
/// Versions that wait for a decision, oldest first.
#[utoipa::path(
    get,
    path = "/api/plugins/submissions",
    tag = "plugins",
    responses((status = 200, description = "The versions", body = Vec<Object>)),
)]
pub(super) async fn list_submissions(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.queue(&who).await?)
}

/// Hand in a plugin
///
/// The body is the file. It is inspected and tried in the sandbox, and waits for review when
/// nothing forbids it.
#[utoipa::path(
    post,
    path = "/api/plugins/submissions",
    tag = "plugins",
    request_body(content = Vec<u8>, content_type = "application/wasm"),
    responses(
        (status = 201, description = "It waits for review", body = Object),
        (status = 422, description = "It cannot be a plugin here; `report` says why", body = Object),
    ),
)]
pub(super) async fn submit_plugin(
    State(state): State<AppState>,
    Caller(who): Caller,
    file: Bytes,
) -> Result<Response, ApiError> {
    let submission = state.plugins()?.submit(&who, file.to_vec()).await?;
    let body = json::from_value(&submission)?;
    Ok((StatusCode::CREATED, body).into_response())
}
