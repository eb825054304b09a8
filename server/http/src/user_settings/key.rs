//! `GET`, `PUT` and `DELETE /api/user-settings/buckets/{bucket}/keys/{key}`

use axum::{extract::State, http::StatusCode, response::Response};

use super::{NewValue, Setting};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody, Segments},
    json,
    problem::ProblemBody,
};

/// One of the caller's settings
#[utoipa::path(
    get,
    path = "/api/user-settings/buckets/{bucket}/keys/{key}",
    tag = "user settings",
    params(
        ("bucket" = String, Path, description = "What the setting belongs to", example = "starredEntities"),
        ("key" = String, Path, description = "Name of the setting", example = "entityRefs"),
    ),
    responses(
        (status = 200, description = "The setting", body = Setting),
        (status = 404, description = "It is not set", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get_setting(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((bucket, key)): Segments<(String, String)>,
) -> Result<Response, ApiError> {
    let settings = state.catalog().settings(&who, &bucket).await?;
    let value = settings
        .into_iter()
        .find_map(|(name, value)| (name == key).then_some(value));
    let Some(value) = value else {
        return Err(ApiError::NotFound(format!(
            "setting \"{key}\" of \"{bucket}\""
        )));
    };
    json::from_value(&Setting { bucket, key, value })
}

/// Set one of the caller's settings
#[utoipa::path(
    put,
    path = "/api/user-settings/buckets/{bucket}/keys/{key}",
    tag = "user settings",
    params(
        ("bucket" = String, Path, description = "What the setting belongs to", example = "starredEntities"),
        ("key" = String, Path, description = "Name of the setting", example = "entityRefs"),
    ),
    request_body = NewValue,
    responses((status = 200, description = "The setting as it is now", body = Setting)),
)]
pub(super) async fn put_setting(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((bucket, key)): Segments<(String, String)>,
    JsonBody(NewValue { value }): JsonBody<NewValue>,
) -> Result<Response, ApiError> {
    state
        .catalog()
        .put_setting(&who, &bucket, &key, Some(value.clone()))
        .await?;
    json::from_value(&Setting { bucket, key, value })
}

/// Unset one of the caller's settings
#[utoipa::path(
    delete,
    path = "/api/user-settings/buckets/{bucket}/keys/{key}",
    tag = "user settings",
    params(
        ("bucket" = String, Path, description = "What the setting belongs to", example = "starredEntities"),
        ("key" = String, Path, description = "Name of the setting", example = "entityRefs"),
    ),
    responses((status = 204, description = "It is not set any more")),
)]
pub(super) async fn delete_setting(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((bucket, key)): Segments<(String, String)>,
) -> Result<Response, ApiError> {
    state
        .catalog()
        .put_setting(&who, &bucket, &key, None)
        .await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}
