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
mod permission;
mod plugins;
mod policies;
mod portal_api;
mod problem;
mod scaffolder;
mod scm;
mod search;
mod state;
mod user_settings;

use axum::{
    Router, extract::DefaultBodyLimit, middleware::from_fn_with_state, response::IntoResponse as _,
    routing::any,
};
use utoipa_axum::router::OpenApiRouter;

pub use edge::{ClientAddress, guard_files};
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
    let for_signed_in = edge::signed_in::ForSignedIn::of(&endpoints().into_openapi());
    let signed_in = (state.clone(), for_signed_in);
    let api = api()
        .layer(from_fn_with_state(signed_in, edge::signed_in::require))
        .with_state(state.clone());
    edge::wrap(api.merge(pages), &state)
}

/// The API without the layers of the edge: whoever calls it says who asks.
fn api() -> Router<AppState> {
    let (endpoints, _) = endpoints().split_for_parts();
    endpoints
        .route("/api", any(no_such_endpoint))
        .route("/api/{*rest}", any(no_such_endpoint))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
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
        .merge(permission::routes())
        .merge(plugins::routes())
        .merge(policies::routes())
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
