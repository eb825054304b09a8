//! `GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}`

use axum::{extract::State, response::Response};

use super::Location;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, EntityPath, EntityPathParams},
    json,
    problem::ProblemBody,
};

/// The registered location that an entity descends from
#[utoipa::path(
    get,
    path = "/api/catalog/locations/by-entity/{kind}/{namespace}/{name}",
    tag = "locations",
    params(EntityPathParams),
    responses(
        (status = 200, description = "The location", body = Location),
        (status = 404, description = "There is no such entity, or it comes from the configuration", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn location_by_entity(
    State(state): State<AppState>,
    Caller(who): Caller,
    EntityPath(entity_ref): EntityPath,
) -> Result<Response, ApiError> {
    let row = state
        .catalog()
        .location_of_entity(&who, &entity_ref)
        .await?;
    json::from_value(&Location::from(row))
}
