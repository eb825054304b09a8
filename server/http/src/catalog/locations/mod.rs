//! `/api/catalog/locations`: what is registered.

mod by_entity;
mod by_id;
mod by_query;
mod create;
mod list;

use portico_store::{LocationRow, SourceKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_locations, create::create_location))
        .routes(routes!(by_query::locations_by_query))
        .routes(routes!(
            by_id::location_by_id,
            by_id::replace_location,
            by_id::delete_location
        ))
        .routes(routes!(by_entity::location_by_entity))
}

/// A place that catalog files are read from.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct LocationInput {
    /// `url`, or `git` for a repository that is cloned.
    #[serde(rename = "type")]
    #[schema(example = "url")]
    kind: String,
    /// Where it is.
    #[schema(example = "https://github.com/contoso/orders-api/blob/main/catalog-info.yaml")]
    target: String,
}

impl From<LocationInput> for SourceKey {
    fn from(location: LocationInput) -> Self {
        Self {
            kind: location.kind,
            target: location.target,
        }
    }
}

/// A registered location.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Location {
    /// Stable id.
    #[schema(example = "0192f3c1-6a0c-7f7e-9d0b-2f9a3c1d4e5f")]
    id: String,
    /// `url`, `git` or `file`.
    #[serde(rename = "type")]
    #[schema(example = "url")]
    kind: String,
    /// Where it is.
    #[schema(example = "https://github.com/contoso/orders-api/blob/main/catalog-info.yaml")]
    target: String,
}

impl From<LocationRow> for Location {
    fn from(row: LocationRow) -> Self {
        Self {
            id: row.id.to_string(),
            kind: row.key.kind,
            target: row.key.target,
        }
    }
}
