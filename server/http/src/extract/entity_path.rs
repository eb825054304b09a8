//! `{kind}/{namespace}/{name}` in a path.

use axum::{extract::FromRequestParts, http::request::Parts};
use portico_model::EntityRef;

use utoipa::IntoParams;

use super::Segments;
use crate::error::ApiError;

/// [`EntityPath`] as the description of the API tells it.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "documentation only")]
pub(crate) struct EntityPathParams {
    /// Kind of the entity
    #[param(example = "component")]
    kind: String,
    /// Namespace of the entity
    #[param(example = "default")]
    namespace: String,
    /// Name of the entity
    #[param(example = "orders-api")]
    name: String,
}

/// The entity a path names, in any case.
pub(crate) struct EntityPath(pub(crate) EntityRef);

impl<S: Send + Sync> FromRequestParts<S> for EntityPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Segments((kind, namespace, name)) =
            Segments::<(String, String, String)>::from_request_parts(parts, state).await?;
        Ok(Self(EntityRef::new(&kind, &namespace, &name)))
    }
}
