//! The variable parts of a path.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// The variable parts of a path as `T`.
pub(crate) struct Segments<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(parsed) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::Input(rejection.body_text()))?;
        Ok(Self(parsed))
    }
}
