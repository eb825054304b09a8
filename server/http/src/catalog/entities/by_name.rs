//! `GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}`

use axum::{extract::State, response::Response};

use crate::{
    AppState,
    catalog::schemas::EntityBody,
    error::ApiError,
    extract::{Caller, EntityPath, EntityPathParams},
    json,
    problem::ProblemBody,
};

/// One entity by name
///
/// Kind, namespace and name are compared without regard to case.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-name/{kind}/{namespace}/{name}",
    tag = "entities",
    params(EntityPathParams),
    responses(
        (status = 200, description = "The entity", body = EntityBody),
        (status = 404, description = "There is no such entity", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn entity_by_name(
    State(state): State<AppState>,
    Caller(who): Caller,
    EntityPath(entity_ref): EntityPath,
) -> Result<Response, ApiError> {
    Ok(json::from_text(
        state.catalog().entity(&who, &entity_ref).await?,
    ))
}
