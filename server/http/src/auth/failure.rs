//! Where a browser goes whose sign-in failed. The page gets a code and no word of anybody else.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use portico_identity::SignInError;

use crate::{error::ApiError, extract::RequestId};

/// Answers of sign-in are for one browser, once.
pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The sign-in page, which says what went wrong. `id` is how operators find it in the audit log.
pub(super) fn page(
    provider: &str,
    error: &SignInError,
    return_to: Option<&str>,
    id: &RequestId,
) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", error.code());
    if !matches!(error, SignInError::NoProvider(_)) {
        query.append_pair("provider", provider);
    }
    if let Some(return_to) = return_to.filter(|it| *it != "/") {
        query.append_pair("return_to", return_to);
    }
    query.append_pair("reference", &id.0);
    let mut response = Redirect::to(&format!("/sign-in?{}", query.finish())).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// What no page explains: Portico's own part failed.
pub(super) fn internal(error: SignInError) -> ApiError {
    match error {
        SignInError::Identity(error) => (*error).into(),
        other => ApiError::Internal(other.to_string()),
    }
}
