//! `POST /api/catalog/refresh`

use axum::{extract::State, http::StatusCode, response::Response};
use portico_model::EntityRef;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
    problem::ProblemBody,
};

/// The entity to refresh.
#[derive(Deserialize, ToSchema)]
#[schema(as = RefreshRequest)]
pub(super) struct Body {
    /// The entity's reference; the namespace may be left out.
    #[serde(rename = "entityRef")]
    #[schema(example = "component:default/orders-api")]
    entity_ref: String,
}

/// Read an entity's source again
///
/// As soon as possible, and even when it looks unchanged. The answer does not wait for it.
#[utoipa::path(
    post,
    path = "/api/catalog/refresh",
    tag = "entities",
    request_body = Body,
    responses(
        (status = 200, description = "The source is read next"),
        (status = 400, description = "The reference is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such entity", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn refresh_entity(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    let entity_ref = EntityRef::parse(&body.entity_ref, None, EntityRef::DEFAULT_NAMESPACE)
        .map_err(ApiError::input)?;
    state.catalog().refresh_entity(&who, &entity_ref).await?;
    Ok(json::empty(StatusCode::OK))
}
