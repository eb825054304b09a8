//! `GET /api/plugins`, `GET /api/plugins/{id}`

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{AppState, error::ApiError, extract::Caller, json};

/// List plugins
///
/// Every plugin with what its active (or else newest) version says of itself.
#[utoipa::path(
    get,
    path = "/api/plugins",
    tag = "plugins",
    responses((status = 200, description = "The plugins, by id", body = Vec<Object>)),
)]
pub(super) async fn list_plugins(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.list(&who).await?)
}

/// Get one plugin
///
/// Its versions with their reports, grants and comments, and how it is doing on the replica
/// that answers.
#[utoipa::path(
    get,
    path = "/api/plugins/{id}",
    tag = "plugins",
    params(("id" = String, Path, description = "The plugin's id", example = "infra:add-redis")),
    responses((status = 200, description = "The plugin", body = Object)),
)]
pub(super) async fn plugin_by_id(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.detail(&who, &id).await?)
}
