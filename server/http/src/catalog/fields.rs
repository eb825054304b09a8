//! The `fields` parameter: only these parts of an entity.

use bytes::Bytes;
use portico_model::Projection;
use serde_json::{Map, Value};

use crate::error::ApiError;

/// The parts of an entity a client asked for; all of them when it asked for none.
#[derive(Clone)]
pub(crate) struct Fields(Option<Projection>);

impl Fields {
    /// Parses comma-separated lists of dotted paths.
    pub(crate) fn parse(lists: &[String]) -> Result<Self, ApiError> {
        Projection::parse(lists).map(Self).map_err(ApiError::input)
    }

    /// What is left of an entity. The text is parsed only when there is something to leave out.
    pub(crate) fn of(&self, body: Bytes) -> Result<Bytes, ApiError> {
        let Some(fields) = &self.0 else {
            return Ok(body);
        };
        let entity: Map<String, Value> = serde_json::from_slice(&body)
            .map_err(|error| ApiError::Internal(format!("a served entity is not JSON: {error}")))?;
        Ok(Bytes::from(
            Value::Object(fields.apply(&entity)).to_string(),
        ))
    }

    /// [`Self::of`] of each entity that is there.
    pub(crate) fn of_each(
        &self,
        bodies: impl IntoIterator<Item = Option<Bytes>>,
    ) -> Result<Vec<Option<Bytes>>, ApiError> {
        bodies
            .into_iter()
            .map(|body| body.map(|body| self.of(body)).transpose())
            .collect()
    }
}
