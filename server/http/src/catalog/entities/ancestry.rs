//! `GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry`

use axum::{extract::State, response::Response};
use portico_catalog::AncestryItem;

use crate::{
    AppState,
    catalog::schemas::AncestryBody,
    error::ApiError,
    extract::{Caller, EntityPath, EntityPathParams},
    json,
    problem::ProblemBody,
};

/// Where an entity comes from
///
/// The entity and, breadth first, everything it descends from up to the root locations.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry",
    tag = "entities",
    params(EntityPathParams),
    responses(
        (status = 200, description = "The ancestry", body = AncestryBody),
        (status = 404, description = "There is no such entity", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn entity_ancestry(
    State(state): State<AppState>,
    Caller(who): Caller,
    EntityPath(entity_ref): EntityPath,
) -> Result<Response, ApiError> {
    let items = state.catalog().ancestry(&who, &entity_ref).await?;
    let items: Vec<_> = items
        .iter()
        .map(|item| Some(item_text(item).into()))
        .collect();
    let root = serde_json::Value::from(entity_ref.to_string());
    let prefix = format!("{{\"rootEntityRef\":{root},\"items\":");
    Ok(json::from_text(json::list(&prefix, &items, "}")))
}

fn item_text(item: &AncestryItem) -> Vec<u8> {
    let parents = serde_json::Value::from(item.parents.as_slice()).to_string();
    let mut text = Vec::with_capacity(item.entity.len() + parents.len() + 32);
    text.extend_from_slice(b"{\"entity\":");
    text.extend_from_slice(&item.entity);
    text.extend_from_slice(b",\"parentEntityRefs\":");
    text.extend_from_slice(parents.as_bytes());
    text.push(b'}');
    text
}
