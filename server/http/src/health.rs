//! `/healthz`, `/readyz`: is the process alive, can it answer.

use axum::{extract::State, response::Response};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError, json, problem::ProblemBody};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
}

/// Is the process alive
///
/// Answers as long as the process does, whatever the state of the database.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operations",
    responses((status = 200, description = "It is", body = Object, example = json!({"status": "ok"}))),
    security(()),
)]
async fn healthz() -> Result<Response, ApiError> {
    json::from_value(&json!({ "status": "ok" }))
}

/// Can requests be answered
///
/// Once the read model is loaded, and while the database answers.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    responses(
        (status = 200, description = "They can", body = Object, example = json!({"status": "ok"})),
        (status = 503, description = "Not now, and why", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
    security(()),
)]
async fn readyz(State(state): State<AppState>) -> Result<Response, ApiError> {
    if !state.catalog().is_ready() {
        return Err(ApiError::Unavailable(
            "the read model is being loaded from the database",
        ));
    }
    state.catalog().store().ping().await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
        ApiError::Unavailable("the database does not answer; the server's log has the details")
    })?;
    json::from_value(&json!({ "status": "ok" }))
}
