//! `GET` and `DELETE /api/catalog/entities/by-uid/{uid}`

use axum::{extract::State, http::StatusCode, response::Response};
use portico_access::Principal;
use portico_model::EntityRef;
use uuid::Uuid;

use crate::{
    AppState,
    catalog::schemas::EntityBody,
    error::ApiError,
    extract::{Caller, UidPath},
    json,
    problem::ProblemBody,
};

/// One entity by uid
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-uid/{uid}",
    tag = "entities",
    params(("uid" = Uuid, Path, description = "`metadata.uid` of the entity")),
    responses(
        (status = 200, description = "The entity", body = EntityBody),
        (status = 404, description = "There is no such entity", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn entity_by_uid(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(uid): UidPath,
) -> Result<Response, ApiError> {
    Ok(json::from_text(
        state.catalog().entity_by_uid(&who, uid).await?,
    ))
}

/// Remove an entity
///
/// For owners of the entity and for administrators. The entity comes back when a source
/// that is still in the catalog delivers it again; to remove it for good, unregister its location.
#[utoipa::path(
    delete,
    path = "/api/catalog/entities/by-uid/{uid}",
    tag = "entities",
    params(("uid" = Uuid, Path, description = "`metadata.uid` of the entity")),
    responses(
        (status = 204, description = "The entity is gone"),
        (status = 403, description = "The caller neither owns the entity nor administers", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such entity", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_entity_by_uid(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(uid): UidPath,
) -> Result<Response, ApiError> {
    delete(&state, &who, uid).await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}

/// Removes the entity with this uid.
pub(super) async fn delete(state: &AppState, who: &Principal, uid: Uuid) -> Result<(), ApiError> {
    let name = state.catalog().ref_of_uid(who, uid)?;
    let entity_ref = EntityRef::parse(&name, None, EntityRef::DEFAULT_NAMESPACE)
        .map_err(|error| ApiError::Internal(error.to_string()))?;
    state.catalog().delete_entity(who, &entity_ref).await?;
    Ok(())
}
