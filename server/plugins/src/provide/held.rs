//! What a provider holds, as the text of a catalog file.

use std::collections::BTreeMap;

use portico_model::EntityRef;
use serde_json::Value;

/// Entities by reference, each as one line of JSON.
///
/// Neither the order in which a provider brings its entities nor that of their keys makes a
/// difference: the same entities are the same text, and the same text is not written again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Held(BTreeMap<String, String>);

/// Begins each entity, since the text is one of many YAML documents.
const SEPARATOR: &str = "---";

impl Held {
    /// What [`Held::text`] made. Lines that are no entity are left out.
    pub(super) fn parse(text: &str) -> Self {
        let mut held = Self::default();
        for line in text.lines().filter(|line| *line != SEPARATOR) {
            if let Ok(entity) = serde_json::from_str(line) {
                held.put(entity);
            }
        }
        held
    }

    /// Adds an entity, in the place of one with the same reference.
    pub(super) fn put(&mut self, mut entity: Value) {
        entity.sort_all_objects();
        let text = entity.to_string();
        // What has no reference is no entity; the catalog says what is wrong with it.
        let key = reference(&entity).unwrap_or_else(|| text.clone());
        self.0.insert(key, text);
    }

    /// Takes an entity out. A text that is no reference names none.
    pub(super) fn remove(&mut self, entity_ref: &str) {
        let parsed = EntityRef::parse(entity_ref, None, EntityRef::DEFAULT_NAMESPACE);
        if let Ok(entity_ref) = parsed {
            self.0.remove(&entity_ref.to_string());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// As a catalog file, in the order of references.
    pub(super) fn text(&self) -> String {
        let documents = self.0.values();
        documents.fold(String::new(), |text, document| {
            text + SEPARATOR + "\n" + document + "\n"
        })
    }
}

fn reference(entity: &Value) -> Option<String> {
    let metadata = entity.get("metadata")?;
    let namespace = metadata.get("namespace").and_then(Value::as_str);
    let entity_ref = EntityRef::new(
        entity.get("kind")?.as_str()?,
        namespace.unwrap_or(EntityRef::DEFAULT_NAMESPACE),
        metadata.get("name")?.as_str()?,
    );
    Some(entity_ref.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn order_makes_no_difference() {
        // 37
        let (mut one, mut other) = (Held::default(), Held::default());
        let orders = r#"{"kind":"Component","metadata":{"name":"orders","title":"Orders"}}"#;
        let turned = r#"{"metadata":{"title":"Orders","name":"orders"},"kind":"Component"}"#;
        let billing = json!({"kind": "Component", "metadata": {"name": "billing"}});
        one.put(serde_json::from_str(orders).unwrap());
        one.put(billing.clone());
        other.put(billing);
        other.put(serde_json::from_str(turned).unwrap());
        assert_eq!(one.text(), other.text());
        assert_eq!(Held::parse(&one.text()), one);
    }

    #[test]
    fn later_ones_replace_and_removal_is_by_any_form_of_reference() {
        let mut held = Held::default();
        let entity =
            |title: &str| json!({"kind": "API", "metadata": {"name": "Pay", "title": title}});
        held.put(entity("old"));
        held.put(entity("new"));
        assert!(held.text().contains("new") && !held.text().contains("old"));
        held.put(json!({"no": "entity"}));
        assert_eq!(held.len(), 2);
        held.remove("api:pay");
        held.remove("///");
        assert_eq!(held.text(), "---\n{\"no\":\"entity\"}\n");
    }
}
