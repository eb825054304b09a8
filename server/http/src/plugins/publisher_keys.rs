//! `/api/plugins/publisher-keys`: whose signatures count.

use axum::{extract::State, http::StatusCode, response::Response};
use portico_plugins::package::PublisherKey;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// List publisher keys
#[utoipa::path(
    get,
    path = "/api/plugins/publisher-keys",
    tag = "plugins",
    responses((status = 200, description = "The keys, revoked ones too", body = Vec<Object>)),
)]
pub(super) async fn list_publisher_keys(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.publisher_keys(&who).await?)
}

/// Trust a key, or revoke it
///
/// A key with `revoked` is not trusted any more.
#[utoipa::path(
    put,
    path = "/api/plugins/publisher-keys",
    tag = "plugins",
    request_body = Object,
    responses((status = 204, description = "Kept")),
)]
pub(super) async fn put_publisher_key(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(key): JsonBody<PublisherKey>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.put_publisher_key(&who, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
