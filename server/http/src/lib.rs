//! The HTTP edge: REST API, webhooks, health, metrics, and the layers around pages.
//!
//! Handlers are thin: they parse a request, call one method of
//! [`Catalog`](portico_catalog::Catalog) for the principal who asks, and write the answer.
//! Each endpoint is one file whose path follows its URL.
//!
//! The server must be started with `into_make_service_with_connect_info::<SocketAddr>()`:
//! without the peer's address nobody counts as local.

#![expect(
    unused_qualifications,
    reason = "the code that utoipa makes of `params(…)` has them"
)]

mod audit;
mod auth;
mod catalog;
mod edge;
mod error;
mod events;
mod extract;
mod git;
mod health;
mod json;
mod metrics;
mod openapi;
mod plugins;
mod problem;
mod scaffolder;
mod scm;
mod search;
mod state;
mod user_settings;

use axum::{Router, extract::DefaultBodyLimit, response::IntoResponse as _, routing::any};
use utoipa_axum::router::OpenApiRouter;

pub use metrics::Metrics;
pub use state::AppState;

use error::ApiError;

/// Request bodies of the API are small: lists of references, one entity.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// The API alone.
pub fn router(state: AppState) -> Router {
    with_pages(state, Router::new())
}

/// The API and the portal's pages, behind the same layers. A page finds who asks as a
/// [`Principal`](portico_access::Principal) in the request's extensions.
pub fn with_pages(state: AppState, pages: Router) -> Router {
    let (endpoints, _) = endpoints().split_for_parts();
    let api = endpoints
        .route("/api", any(no_such_endpoint))
        .route("/api/{*rest}", any(no_such_endpoint))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(state.clone());
    edge::wrap(api.merge(pages), &state)
}

/// The description of every endpoint.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut openapi = endpoints().into_openapi();
    openapi::add_refusals(&mut openapi);
    openapi
}

fn endpoints() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::base())
        .merge(catalog::routes())
        .merge(search::routes())
        .merge(user_settings::routes())
        .merge(audit::routes())
        .merge(plugins::routes())
        .merge(scm::routes())
        .merge(git::routes())
        .merge(scaffolder::routes())
        .merge(events::routes())
        .merge(auth::routes())
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(openapi::routes())
}

async fn no_such_endpoint() -> axum::response::Response {
    ApiError::NoSuchEndpoint.into_response()
}
