//! Who is asking.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use portico_access::Principal;

/// The principal that the authentication middleware found.
pub(crate) struct Caller(pub(crate) Principal);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let principal = parts.extensions.get::<Principal>().cloned();
        Ok(Self(principal.unwrap_or(Principal::Anonymous)))
    }
}
