//! From records to entities.

use std::collections::BTreeMap;

use portico_plugin_sdk::{Entity, Value, json};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a record means. Places are JSON Pointers such as `/spec/owner`.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Mapping {
    /// The kind of all entities.
    kind: String,
    /// Where in the record the name is. It is made a name of the catalog.
    name: String,
    /// The namespace of all entities.
    #[serde(default = "default_namespace")]
    namespace: String,
    /// Values in the entity that are the same for all records.
    #[serde(default)]
    constants: BTreeMap<String, Value>,
    /// Places in the entity, and where in the record their values are.
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// Where in the record the moment of its last change is; moments have to sort as texts do.
    updated: Option<String>,
    /// Where in the record it says whether it is gone: `true`, or any text but `false`.
    deleted: Option<String>,
}

/// What became of a record.
pub(crate) enum Mapped {
    Entity(Entity),
    /// The reference of what is gone.
    Gone(String),
}

impl Mapping {
    pub(crate) fn updated(&self, record: &Value) -> Option<String> {
        Some(
            record
                .pointer(self.updated.as_deref()?)?
                .as_str()?
                .to_owned(),
        )
    }

    /// The entity of a record. The error names the record, for people.
    pub(crate) fn map(&self, record: &Value) -> Result<Mapped, String> {
        let given = record
            .pointer(&self.name)
            .and_then(text)
            .unwrap_or_default();
        let name = name(&given);
        if name.is_empty() {
            let start: String = record.to_string().chars().take(120).collect();
            return Err(format!("no name at `{}` in {start}", self.name));
        }
        if self.is_gone(record) {
            let reference = format!("{}:{}/{name}", self.kind, self.namespace);
            return Ok(Mapped::Gone(reference.to_lowercase()));
        }
        let mut entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": self.kind,
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": {},
        });
        for (place, value) in &self.constants {
            put(&mut entity, place, value.clone());
        }
        for (place, from) in &self.fields {
            match record.pointer(from) {
                None | Some(Value::Null) => {}
                // All of the metadata is texts, and databases number what has a name.
                Some(Value::Number(number)) if place.starts_with("/metadata/") => {
                    put(&mut entity, place, number.to_string().into());
                }
                Some(value) => put(&mut entity, place, value.clone()),
            }
        }
        Ok(Mapped::Entity(Entity::from(entity)))
    }

    fn is_gone(&self, record: &Value) -> bool {
        let value = self
            .deleted
            .as_deref()
            .and_then(|place| record.pointer(place));
        match value {
            Some(Value::Bool(gone)) => *gone,
            Some(Value::String(text)) => !text.is_empty() && !text.eq_ignore_ascii_case("false"),
            _ => false,
        }
    }
}

/// Puts a value at a place, making the objects on the way.
fn put(entity: &mut Value, place: &str, value: Value) {
    let mut at = entity;
    for key in place.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[key];
    }
    *at = value;
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A name for the catalog: letters, digits and single hyphens, at most 63.
fn name(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let words = text.split(|char: char| !char.is_ascii_alphanumeric());
    let name = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let short: String = name.chars().take(63).collect();
    short.trim_end_matches('-').to_owned()
}

fn default_namespace() -> String {
    "default".to_owned()
}
