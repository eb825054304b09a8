//! Whether a task asks.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

/// How deep a task is that the request creates: 0 unless a task asks. An extension, which no
/// request from outside can set.
#[derive(Clone, Copy)]
pub(crate) struct TaskDepth(pub(crate) u8);

impl<S: Send + Sync> FromRequestParts<S> for TaskDepth {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(0)))
    }
}
