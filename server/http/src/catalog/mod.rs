//! `/api/catalog`: the catalog's REST API, as clients of Backstage know it.

mod analyze_location;
mod entities;
mod entity_facets;
mod fields;
mod locations;
mod refresh;
mod schemas;
mod selection;
mod validate_entity;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(entities::routes())
        .merge(locations::routes())
        .routes(routes!(
            entity_facets::get_entity_facets,
            entity_facets::post_entity_facets
        ))
        .routes(routes!(refresh::refresh_entity))
        .routes(routes!(validate_entity::validate_entity))
        .routes(routes!(analyze_location::analyze_location))
}
