//! References to other entities inside `spec`.

use serde_json::{Map, Value};

use super::Violation;
use crate::{
    EntityRef, EntityRefError,
    kinds::{KindRules, RelationField},
    pointer,
    relations::{self, Reference},
};

/// Lists of references that are sorted whatever the kind.
const SORTED: [&str; 9] = [
    "providesApis",
    "consumesApis",
    "dependsOn",
    "dependencyOf",
    "memberOf",
    "children",
    "members",
    "skills",
    "plugins",
];

/// Checks that every reference can be read.
pub(super) fn check(object: &Map<String, Value>, rules: &KindRules, found: &mut Vec<Violation>) {
    let Some(Value::Object(spec)) = object.get("spec") else {
        return;
    };
    let namespace = object
        .get("metadata")
        .and_then(|metadata| metadata.get("namespace")?.as_str())
        .unwrap_or(EntityRef::DEFAULT_NAMESPACE);
    for field in rules.relations {
        let at = pointer::join("/spec", field.field);
        for reference in relations::references(spec, field, namespace) {
            let Reference {
                index,
                target: Err(error),
            } = reference
            else {
                continue;
            };
            let at = index.map_or_else(|| at.clone(), |index| format!("{at}/{index}"));
            if !found
                .iter()
                .any(|violation| at.starts_with(&violation.pointer))
            {
                let message = format!("`{}`: {error}", pointer::dotted(&at));
                found.push(Violation::value(&at, message, hint(&error, field)));
            }
        }
    }
}

/// Sorts lists of references, so that their order in the file makes no change.
pub(super) fn sort(object: &mut Map<String, Value>) {
    let Some(Value::Object(spec)) = object.get_mut("spec") else {
        return;
    };
    for field in SORTED {
        if let Some(Value::Array(items)) = spec.get_mut(field)
            && items.iter().all(Value::is_string)
        {
            items.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
        }
    }
}

fn hint(error: &EntityRefError, field: &RelationField) -> Option<String> {
    match error {
        EntityRefError::MissingKind(_) => Some(format!(
            "`{}` may name entities of any kind, so each is written with its kind",
            field.field
        )),
        EntityRefError::EmptyPart(_) | EntityRefError::NotText(_) => field
            .default_kind
            .map(|kind| format!("for example `{}:default/name`", kind.to_lowercase())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validate::{KnownKinds, validate_entity};

    fn wrong(spec: &Value) -> Vec<(String, String)> {
        let mut document = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "web"},
            "spec": {"type": "service", "lifecycle": "x", "owner": "team"},
        });
        let fields = document["spec"].as_object_mut().unwrap();
        fields.extend(spec.as_object().unwrap().clone());
        match validate_entity(document, &KnownKinds::default()) {
            Ok(_) => Vec::new(),
            Err(violations) => violations
                .into_iter()
                .map(|violation| (violation.pointer, violation.hint.unwrap_or_default()))
                .collect(),
        }
    }

    #[test]
    fn a_dependency_needs_its_kind() {
        let (pointer, hint) = wrong(&json!({"dependsOn": ["component:a", "b"]})).remove(0);
        assert_eq!(pointer, "/spec/dependsOn/1");
        assert!(hint.contains("any kind"), "{hint}");
    }

    #[test]
    fn empty_parts_are_refused() {
        assert_eq!(wrong(&json!({"owner": "group:/x"}))[0].0, "/spec/owner");
        assert_eq!(wrong(&json!({"system": ":x"}))[0].0, "/spec/system");
    }

    #[test]
    fn a_field_outside_the_schema_is_checked_as_well() {
        assert_eq!(
            wrong(&json!({"dependencyOf": "web"}))[0].0,
            "/spec/dependencyOf"
        );
        assert_eq!(
            wrong(&json!({"dependencyOf": [5]}))[0].0,
            "/spec/dependencyOf/0"
        );
        assert!(wrong(&json!({"dependencyOf": [{"kind": "component", "name": "x"}]})).is_empty());
        assert!(wrong(&json!({"dependencyOf": null})).is_empty());
    }

    #[test]
    fn one_value_is_reported_once() {
        assert_eq!(wrong(&json!({"dependsOn": [5]})).len(), 1);
        assert_eq!(wrong(&json!({"owner": ""})).len(), 1);
    }

    #[test]
    fn only_lists_of_text_are_sorted() {
        let mut object =
            json!({"spec": {"members": ["b", "a"], "children": ["b", 1], "tags": ["b", "a"]}});
        sort(object.as_object_mut().unwrap());
        assert_eq!(
            object,
            json!({"spec": {"members": ["a", "b"], "children": ["b", 1], "tags": ["b", "a"]}})
        );
    }
}
