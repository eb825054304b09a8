//! Entities of the catalog, as JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An entity: a JSON document with the questions that plugins ask most.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entity(Value);

impl Entity {
    /// The whole document.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// `Component`, `API`, …; empty when it has none.
    pub fn kind(&self) -> &str {
        self.text("/kind").unwrap_or_default()
    }

    /// `metadata.name`; empty when it has none.
    pub fn name(&self) -> &str {
        self.text("/metadata/name").unwrap_or_default()
    }

    /// `metadata.namespace`, or `default`.
    pub fn namespace(&self) -> &str {
        self.text("/metadata/namespace").unwrap_or("default")
    }

    /// `kind:namespace/name`, in lower case.
    pub fn reference(&self) -> String {
        format!("{}:{}/{}", self.kind(), self.namespace(), self.name()).to_lowercase()
    }

    /// An annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.0
            .get("metadata")?
            .get("annotations")?
            .get(key)?
            .as_str()
    }

    /// A field of `spec`.
    pub fn spec(&self, key: &str) -> Option<&Value> {
        self.0.get("spec")?.get(key)
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer)?.as_str()
    }
}

impl From<Value> for Entity {
    fn from(json: Value) -> Self {
        Self(json)
    }
}

/// Bytes as text, for people: without a byte order mark, and never an error.
pub(crate) fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_answer() {
        let entity = Entity::from(serde_json::json!({
            "kind": "Component", "metadata": {"name": "Orders", "annotations": {"a/b": "c"}},
            "spec": {"type": "service"},
        }));
        assert_eq!(entity.reference(), "component:default/orders");
        assert_eq!(entity.annotation("a/b"), Some("c"));
        assert_eq!(entity.spec("type"), Some(&Value::from("service")));
        assert_eq!((entity.annotation("x"), entity.spec("x")), (None, None));
        assert_eq!(text(b"\xef\xbb\xbfhi"), "hi");
    }
}
