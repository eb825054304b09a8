//! The entity: one document of the catalog.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::EntityRef;

/// One catalog entity as a JSON object (`apiVersion`, `kind`, `metadata`, `spec`).
///
/// Fields keep the order of their source. Accessors answer with `None` or an
/// empty string where an unvalidated document lacks a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entity(Map<String, Value>);

impl Entity {
    /// Wraps a JSON object without validating it.
    pub fn from_object(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// The underlying JSON object.
    pub fn as_object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The underlying JSON object, for in-place changes.
    pub fn as_object_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// Unwraps the JSON object.
    pub fn into_object(self) -> Map<String, Value> {
        self.0
    }

    /// `apiVersion`, or `""`.
    pub fn api_version(&self) -> &str {
        self.text("apiVersion")
    }

    /// `kind` as written (`Component`), or `""`.
    pub fn kind(&self) -> &str {
        self.text("kind")
    }

    /// `metadata.name` as written, or `""`.
    pub fn name(&self) -> &str {
        self.metadata_text("name").unwrap_or_default()
    }

    /// `metadata.namespace`, or `default`.
    pub fn namespace(&self) -> &str {
        self.metadata_text("namespace")
            .unwrap_or(EntityRef::DEFAULT_NAMESPACE)
    }

    /// `metadata.title`, when present.
    pub fn title(&self) -> Option<&str> {
        self.metadata_text("title")
    }

    /// `metadata.description`, when present.
    pub fn description(&self) -> Option<&str> {
        self.metadata_text("description")
    }

    /// The `metadata` object, when present.
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.0.get("metadata").and_then(Value::as_object)
    }

    /// The `spec` object, when present.
    pub fn spec(&self) -> Option<&Map<String, Value>> {
        self.0.get("spec").and_then(Value::as_object)
    }

    /// `spec.<field>` when it is a string.
    pub fn spec_text(&self, field: &str) -> Option<&str> {
        self.spec()?.get(field)?.as_str()
    }

    /// The value of one annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata()?.get("annotations")?.get(key)?.as_str()
    }

    /// The entity's own reference.
    pub fn entity_ref(&self) -> EntityRef {
        EntityRef::new(self.kind(), self.namespace(), self.name())
    }

    fn text(&self, field: &str) -> &str {
        self.0
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn metadata_text(&self, field: &str) -> Option<&str> {
        self.metadata()?.get(field)?.as_str()
    }
}
