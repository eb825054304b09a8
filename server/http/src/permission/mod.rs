//! `/api/permission`: asking what one may do, as clients of Backstage do.

mod authorize;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(authorize::authorize))
}
