//! `/api/plugins/connections`: where plugins may send requests.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use portico_plugins::ConnectionSpec;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// List connections
#[utoipa::path(
    get,
    path = "/api/plugins/connections",
    tag = "plugins",
    responses((status = 200, description = "Pairs of name and connection, by name", body = Vec<Object>)),
)]
pub(super) async fn list_connections(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.connections(&who).await?)
}

/// Add or change a connection
#[utoipa::path(
    put,
    path = "/api/plugins/connections/{name}",
    tag = "plugins",
    params(("name" = String, Path, description = "The connection's name", example = "cmdb")),
    request_body = Object,
    responses((status = 204, description = "Kept")),
)]
pub(super) async fn put_connection(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(name): Path<String>,
    JsonBody(spec): JsonBody<ConnectionSpec>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.put_connection(&who, &name, &spec).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a connection
#[utoipa::path(
    delete,
    path = "/api/plugins/connections/{name}",
    tag = "plugins",
    params(("name" = String, Path, description = "The connection's name", example = "cmdb")),
    responses((status = 204, description = "Removed")),
)]
pub(super) async fn delete_connection(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.remove_connection(&who, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
