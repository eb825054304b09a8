//! `GET`, `PUT` and `DELETE /api/catalog/locations/{id}`

use axum::{extract::State, http::StatusCode, response::Response};
use portico_store::SourceKey;

use super::{Location, LocationInput, create::check_type};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody, UidPath},
    json,
    problem::ProblemBody,
};

/// One registered location
#[utoipa::path(
    get,
    path = "/api/catalog/locations/{id}",
    tag = "locations",
    params(("id" = uuid::Uuid, Path, description = "Id of the location")),
    responses(
        (status = 200, description = "The location", body = Location),
        (status = 404, description = "There is no such location", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn location_by_id(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    json::from_value(&Location::from(state.catalog().location(&who, id).await?))
}

/// Point a location somewhere else
///
/// Registers the new target, then unregisters the old one. The location gets a new id.
#[utoipa::path(
    put,
    path = "/api/catalog/locations/{id}",
    tag = "locations",
    params(("id" = uuid::Uuid, Path, description = "Id of the location")),
    request_body = LocationInput,
    responses(
        (status = 200, description = "The location as it is now", body = Location),
        (status = 400, description = "The location may not be registered", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 403, description = "The caller neither registered the location, nor owns all that goes with it, nor administers", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such location", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "The new target is registered already", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn replace_location(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
    JsonBody(location): JsonBody<LocationInput>,
) -> Result<Response, ApiError> {
    let key = SourceKey::from(location);
    check_type(&key)?;
    json::from_value(&Location::from(
        state.catalog().replace_location(&who, id, &key).await?,
    ))
}

/// Unregister a location
///
/// For who registered it, who owns every entity that goes with it, and administrators. Entities
/// that only it brought in leave the catalog before the answer is sent.
#[utoipa::path(
    delete,
    path = "/api/catalog/locations/{id}",
    tag = "locations",
    params(("id" = uuid::Uuid, Path, description = "Id of the location")),
    responses(
        (status = 204, description = "The location is unregistered"),
        (status = 403, description = "The caller neither registered the location, nor owns all that goes with it, nor administers", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such location", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_location(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    state.catalog().unregister_location(&who, id).await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}
