//! A uid in a path.

use axum::{extract::FromRequestParts, http::request::Parts};
use uuid::Uuid;

use super::Segments;
use crate::error::ApiError;

/// The uid that ends a path. What is not a uid cannot be found.
pub(crate) struct UidPath(pub(crate) Uuid);

impl<S: Send + Sync> FromRequestParts<S> for UidPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Segments(text) = Segments::<String>::from_request_parts(parts, state).await?;
        text.parse()
            .map(Self)
            .map_err(|_| ApiError::NotFound(format!("\"{text}\"")))
    }
}
