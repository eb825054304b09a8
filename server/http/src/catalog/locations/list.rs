//! `GET /api/catalog/locations`

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::Location;
use crate::{AppState, error::ApiError, extract::Caller, json};

/// A registered location, as the list wraps it.
#[derive(Serialize, ToSchema)]
#[schema(as = LocationEntry)]
pub(super) struct Entry {
    data: Location,
}

/// All registered locations
///
/// Oldest first. Locations of the configuration are not among them: nobody registered those.
#[utoipa::path(
    get,
    path = "/api/catalog/locations",
    tag = "locations",
    responses((status = 200, description = "The locations", body = Vec<Entry>)),
)]
pub(super) async fn list_locations(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    let rows = state.catalog().locations(&who).await?;
    let entries: Vec<Entry> = rows
        .into_iter()
        .map(|row| Entry { data: row.into() })
        .collect();
    json::from_value(&entries)
}
