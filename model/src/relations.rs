//! The relations that an entity's document declares.

use serde_json::{Map, Value};

use crate::{
    EmittedRelation, Entity, EntityRef, EntityRefError,
    kinds::{self, RelationField},
};

/// Every relation the document declares, in both directions.
///
/// References that cannot be read are left out; validation has reported them.
pub fn emitted_relations(entity: &Entity) -> Vec<EmittedRelation> {
    let (Some(rules), Some(spec)) = (
        kinds::rules(
            entity.kind(),
            entity.api_version(),
            entity.spec_text("type"),
        ),
        entity.spec(),
    ) else {
        return Vec::new();
    };
    let own = entity.entity_ref();
    let mut relations = Vec::new();
    for field in rules.relations {
        for reference in references(spec, field, own.namespace()) {
            let Ok(target) = reference.target else {
                continue;
            };
            relations.push(EmittedRelation {
                source: own.clone(),
                kind: field.relation,
                target: target.clone(),
            });
            relations.push(EmittedRelation {
                source: target,
                kind: field.relation.inverse(),
                target: own.clone(),
            });
        }
    }
    relations
}

/// One reference of a field.
pub(crate) struct Reference {
    /// Its place, when the field is a list.
    pub index: Option<usize>,
    pub target: Result<EntityRef, EntityRefError>,
}

/// The references that a field of `spec` holds.
pub(crate) fn references(
    spec: &Map<String, Value>,
    field: &RelationField,
    namespace: &str,
) -> impl Iterator<Item = Reference> {
    let value = spec.get(field.field).filter(|value| !is_empty(value));
    let (one, many) = match value {
        Some(Value::Array(items)) => (None, items.as_slice()),
        value => (value, [].as_slice()),
    };
    let one = one.map(|value| (None, value));
    let many = many
        .iter()
        .enumerate()
        .map(|(index, value)| (Some(index), value));
    one.into_iter()
        .chain(many)
        .map(move |(index, value)| Reference {
            index,
            target: parse(value, field.default_kind, namespace),
        })
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Null) || value.as_str() == Some("")
}

/// A reference as text, or as a mapping of `kind`, `namespace` and `name`.
fn parse(
    value: &Value,
    default_kind: Option<&str>,
    namespace: &str,
) -> Result<EntityRef, EntityRefError> {
    match value {
        Value::String(text) => EntityRef::parse(text, default_kind, namespace),
        Value::Object(parts) => {
            let part = |name: &str| parts.get(name).and_then(Value::as_str);
            let (kind, name) = (
                part("kind").or(default_kind),
                part("name").unwrap_or_default(),
            );
            let namespace = part("namespace").unwrap_or(namespace);
            if name.is_empty() || namespace.is_empty() || kind == Some("") {
                return Err(EntityRefError::EmptyPart(value.to_string()));
            }
            let kind = kind.ok_or_else(|| EntityRefError::MissingKind(name.to_owned()))?;
            Ok(EntityRef::new(kind, namespace, name))
        }
        other => Err(EntityRefError::NotText(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each relation as `source type target`, sorted.
    fn relations(document: Value) -> Vec<String> {
        let entity: Entity = serde_json::from_value(document).unwrap();
        let mut relations: Vec<_> = emitted_relations(&entity)
            .into_iter()
            .map(|relation| {
                format!(
                    "{} {} {}",
                    relation.source,
                    relation.kind.as_str(),
                    relation.target
                )
            })
            .collect();
        relations.sort();
        relations
    }

    fn entity(kind: &str, spec: &Value) -> Value {
        json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": "Me", "namespace": "ns"},
            "spec": spec,
        })
    }

    fn outgoing(kind: &str, spec: &Value) -> Vec<String> {
        let own = format!("{}:ns/me ", kind.to_lowercase());
        relations(entity(kind, spec))
            .into_iter()
            .filter_map(|relation| relation.strip_prefix(&own).map(str::to_owned))
            .collect()
    }

    #[test]
    fn relations_go_both_ways() {
        assert_eq!(
            relations(entity(
                "System",
                &json!({"owner": "team", "domain": "default/shop"})
            )),
            [
                "domain:default/shop hasPart system:ns/me",
                "group:ns/team ownerOf system:ns/me",
                "system:ns/me ownedBy group:ns/team",
                "system:ns/me partOf domain:default/shop",
            ]
        );
    }

    #[test]
    fn components() {
        let spec = json!({
            "owner": "User:Alice", "system": "s", "subcomponentOf": "c",
            "providesApis": ["a"], "consumesApis": ["x/b"],
            "dependsOn": ["resource:db"], "dependencyOf": ["component:web"],
        });
        assert_eq!(
            outgoing("Component", &spec),
            [
                "consumesApi api:x/b",
                "dependencyOf component:ns/web",
                "dependsOn resource:ns/db",
                "ownedBy user:ns/alice",
                "partOf component:ns/c",
                "partOf system:ns/s",
                "providesApi api:ns/a",
            ]
        );
    }

    #[test]
    fn people() {
        let group = json!({"type": "team", "parent": "p", "children": ["c"], "members": ["u"]});
        assert_eq!(
            outgoing("Group", &group),
            [
                "childOf group:ns/p",
                "hasMember user:ns/u",
                "parentOf group:ns/c"
            ]
        );
        assert_eq!(
            outgoing("User", &json!({"memberOf": ["g"]})),
            ["memberOf group:ns/g"]
        );
    }

    #[test]
    fn ai_resources_are_parts_of_their_plugin() {
        assert_eq!(
            outgoing(
                "AiResource",
                &json!({"type": "plugin", "owner": "t", "skills": ["s"]})
            ),
            ["hasPart airesource:ns/s", "ownedBy group:ns/t"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let spec = json!({"owner": "", "dependsOn": ["no-kind", 5, {"kind": "API", "name": "x"}]});
        assert_eq!(outgoing("Component", &spec), ["dependsOn api:ns/x"]);
        assert!(outgoing("Gizmo", &json!({"owner": "team"})).is_empty());
    }
}
