//! What makes a document a valid entity.
//!
//! The checks run in the order of the reference implementation, so that the
//! first violation is the one it would report; all others are collected too.

mod envelope;
pub(crate) mod format;
mod near;
mod references;
pub(crate) mod shape;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{
    Entity, EntityRef, kinds, pointer,
    yaml::{self, Position},
};

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Violation {
    /// JSON pointer of the offending value. A missing field is pointed to as if it were there.
    pub pointer: String,
    /// Which part of it is wrong.
    pub part: Part,
    /// What is wrong, naming the field.
    pub message: String,
    /// How to put it right, when there is something useful to say.
    pub hint: Option<String>,
}

/// The part of a field that a [`Violation`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The field's name.
    Key,
    /// The field's value.
    Value,
}

impl Violation {
    /// Where the violation is in the text of its document.
    pub fn locate(&self, document: &str) -> Option<Position> {
        match self.part {
            Part::Key => yaml::locate_key(document, &self.pointer),
            Part::Value => yaml::locate(document, &self.pointer),
        }
    }

    /// A violation of a value, found by a check outside this module.
    pub fn at(pointer: String, message: String) -> Self {
        Self {
            pointer,
            part: Part::Value,
            message,
            hint: None,
        }
    }

    fn value(pointer: &str, message: String, hint: Option<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            part: Part::Value,
            message,
            hint,
        }
    }

    fn key(pointer: &str, message: String, hint: Option<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            part: Part::Key,
            message,
            hint,
        }
    }
}

/// Kinds that are accepted beside the ones with rules; their `spec` may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownKinds(BTreeSet<String>);

impl KnownKinds {
    /// The built-in kinds and these, compared case-insensitively.
    pub fn with_extra<I: IntoIterator<Item = S>, S: AsRef<str>>(kinds: I) -> Self {
        Self(
            kinds
                .into_iter()
                .map(|kind| kind.as_ref().to_lowercase())
                .collect(),
        )
    }

    fn has_extra(&self, kind: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&kind.to_lowercase())
    }
}

/// Checks a document and makes it an entity: with its namespace written out,
/// and its lists of references sorted, because their order means nothing.
///
/// # Errors
/// Every violation, at least one, in the order the checks run.
pub fn validate_entity(document: Value, known: &KnownKinds) -> Result<Entity, Vec<Violation>> {
    let Value::Object(mut object) = document else {
        let found = shape::describe(&document);
        let message = format!("an entity must be a mapping of fields, found {found}");
        return Err(vec![Violation::value("", message, None)]);
    };
    let mut violations = Vec::new();
    envelope::check(&object, &mut violations);
    let well_formed = violations.is_empty();
    format::check(&object, &mut violations);
    if well_formed {
        set_default_namespace(&mut object);
    }
    if object.get("kind").is_some_and(Value::is_string)
        && object.get("apiVersion").is_some_and(Value::is_string)
    {
        check_kind(&object, known, &mut violations);
    }
    if violations.is_empty() {
        references::sort(&mut object);
        Ok(Entity::from_object(object))
    } else {
        Err(violations)
    }
}

fn set_default_namespace(object: &mut Map<String, Value>) {
    if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        metadata
            .entry("namespace")
            .or_insert_with(|| Value::String(EntityRef::DEFAULT_NAMESPACE.to_owned()));
    }
}

fn check_kind(object: &Map<String, Value>, known: &KnownKinds, violations: &mut Vec<Violation>) {
    let text = |field: &str| {
        object
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (kind, api_version) = (text("kind"), text("apiVersion"));
    let spec = object.get("spec");
    let spec_type = spec
        .and_then(|spec| spec.get("type"))
        .and_then(Value::as_str);
    let Some(rules) = kinds::rules(kind, api_version, spec_type) else {
        if !known.has_extra(kind) {
            violations.push(foreign_kind(object, kind, api_version));
        }
        return;
    };
    match spec {
        None => violations.push(Violation::value(
            "/spec",
            "`spec` is required".to_owned(),
            Some(format!(
                "a {kind} has `spec` with {}",
                near::list(rules.spec.required)
            )),
        )),
        Some(Value::Object(spec)) => {
            shape::check_fields(&rules.spec, spec, "/spec", violations);
            references::check(object, rules, violations);
        }
        // The envelope check has said that it must be a mapping.
        Some(_) => {}
    }
}

fn foreign_kind(object: &Map<String, Value>, kind: &str, api_version: &str) -> Violation {
    let entity_ref = Entity::from_object(object.clone()).entity_ref();
    let message = format!(
        "No processor recognized the entity {entity_ref} as valid, possibly caused by a foreign \
         kind or apiVersion"
    );
    let versions = kinds::api_versions(kind);
    if versions.is_empty() {
        let hint = match near::closest(kind, kinds::ALL) {
            Some(meant) => format!("did you mean kind `{meant}`?"),
            None => format!("known kinds are {}", near::list(&kinds::ALL)),
        };
        return Violation::value("/kind", message, Some(hint));
    }
    let hint = format!(
        "kind {kind} has apiVersion {}, not `{api_version}`",
        near::choice(versions)
    );
    Violation::value(&pointer::join("", "apiVersion"), message, Some(hint))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn component() -> Value {
        json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "web"},
            "spec": {"type": "service", "lifecycle": "production", "owner": "team"},
        })
    }

    /// The pointers and hints of what is wrong with a document.
    fn wrong(document: Value) -> Vec<(String, String)> {
        validate_entity(document, &KnownKinds::default())
            .unwrap_err()
            .into_iter()
            .map(|violation| (violation.pointer, violation.hint.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_valid_entity_gets_its_namespace_and_sorted_references() {
        let mut document = component();
        document["spec"]["dependsOn"] = json!(["component:b", "Resource:a", "component:a"]);
        let entity = validate_entity(document, &KnownKinds::default()).unwrap();
        assert_eq!(entity.metadata().unwrap()["namespace"], "default");
        assert_eq!(
            entity.spec().unwrap()["dependsOn"],
            json!(["Resource:a", "component:a", "component:b"])
        );
    }

    #[test]
    fn violations_come_in_the_order_of_the_checks() {
        let mut document = component();
        document["metadata"] = json!({"name": "bad name", "title": ""});
        document["spec"] = json!({"type": "service", "owner": 5, "dependsOn": ["no-kind"]});
        let pointers: Vec<_> = wrong(document)
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        assert_eq!(
            pointers,
            [
                "/metadata/title",
                "/metadata/name",
                "/spec/lifecycle",
                "/spec/owner",
                "/spec/dependsOn/0"
            ]
        );
    }

    #[test]
    fn a_misspelt_field_is_recognized() {
        let mut document = component();
        document["spec"] = json!({"type": "service", "lifecycle": "x", "ownr": "team"});
        assert_eq!(
            wrong(document),
            [("/spec/ownr".to_owned(), "did you mean `owner`?".to_owned())]
        );
    }

    #[test]
    fn foreign_kinds_are_told_what_is_known() {
        let mut document = component();
        document["kind"] = json!("component");
        assert_eq!(
            wrong(document.clone()),
            [(
                "/kind".to_owned(),
                "did you mean kind `Component`?".to_owned()
            )]
        );
        document["kind"] = json!("Template");
        let (pointer, hint) = wrong(document.clone()).remove(0);
        assert_eq!(pointer, "/apiVersion");
        assert!(hint.contains("scaffolder.backstage.io/v1beta3"), "{hint}");
        document["kind"] = json!("Gizmo");
        assert!(wrong(document.clone())[0].1.contains("Component"));
        assert!(validate_entity(document, &KnownKinds::with_extra(["gizmo"])).is_ok());
    }

    #[test]
    fn only_a_mapping_is_an_entity() {
        for document in [json!([]), json!("text"), json!(5)] {
            assert_eq!(wrong(document)[0].0, "");
        }
    }

    #[test]
    fn spec_is_required_and_a_mapping() {
        let mut document = component();
        document["spec"] = json!([]);
        assert_eq!(wrong(document.clone())[0].0, "/spec");
        document.as_object_mut().unwrap().remove("spec");
        assert_eq!(wrong(document)[0].0, "/spec");
    }
}
