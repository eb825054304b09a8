//! Server functions answer whoever is signed in, and nobody else but for the public ones.
//!
//! Each asks its service too; this is what keeps one that is written without a thought closed.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use portico_access::{Grounds, Principal};
use portico_app::data::{FOR_ANYBODY, UiError};
use portico_catalog::{Catalog, CatalogError};

/// What is asked for, as audit events name it.
const PERMISSION: &str = "portal.use";

/// Refuses calls of server functions by nobody in particular.
pub(crate) async fn require(
    State(catalog): State<Catalog>,
    request: Request,
    next: Next,
) -> Response {
    let who = request.extensions().get::<Principal>();
    let path = request.uri().path();
    let is_open = !path.starts_with("/_ui/") || FOR_ANYBODY.contains(&path);
    if is_open || who.is_some_and(Principal::is_signed_in) {
        return next.run(request).await;
    }
    let asked = format!("{} {path}", request.method());
    let grounds = Grounds::rule("sign in first");
    let authorizer = catalog.authorizer();
    let denied = authorizer.refuse(&Principal::Anonymous, PERMISSION, asked, grounds);
    let error = UiError::from(CatalogError::from(denied));
    (StatusCode::UNAUTHORIZED, Json(error)).into_response()
}
