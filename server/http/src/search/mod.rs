//! `/api/search`: full-text search, as clients of Backstage know it.

mod query;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(query::search))
}
