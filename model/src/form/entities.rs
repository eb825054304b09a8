//! Which entities a field of the portal's own lets somebody choose.

use serde_json::{Map, Value, json};

/// What `EntityPicker` and its kin ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityChoice {
    /// Each a `catalogFilter`; an entity fits that one of them lets through, or any when there
    /// are none.
    pub filters: Vec<Value>,
    /// Only what the person owns or belongs to.
    pub mine: bool,
    /// Whether anything else may be put in, too.
    pub free: bool,
    /// What a reference without a kind is of.
    pub default_kind: Option<String>,
    /// Where a reference without a namespace is.
    pub default_namespace: Option<String>,
}

impl EntityChoice {
    /// Of a field by its `ui:field` and `ui:options`; `None` when it picks no entities.
    pub fn read(field: &str, options: &Map<String, Value>) -> Option<Self> {
        let (usual, mine) = match field {
            "EntityPicker" | "MultiEntityPicker" => (None, false),
            "OwnerPicker" => (Some(json!({"kind": ["Group", "User"]})), false),
            "OwnedEntityPicker" => (None, true),
            "MyGroupsPicker" => (Some(json!({"kind": "Group"})), true),
            _ => return None,
        };
        // `allowedKinds` is what the community's fields had before `catalogFilter`.
        let filters = match (options.get("catalogFilter"), options.get("allowedKinds")) {
            (Some(Value::Array(filters)), _) => filters.clone(),
            (Some(filter @ Value::Object(_)), _) => vec![filter.clone()],
            (_, Some(kinds @ Value::Array(_))) => vec![json!({ "kind": kinds })],
            _ => usual.into_iter().collect(),
        };
        let text = |name: &str| options.get(name)?.as_str().map(str::to_owned);
        let groups = matches!(field, "OwnerPicker" | "MyGroupsPicker");
        Some(Self {
            filters,
            mine,
            free: options.get("allowArbitraryValues") == Some(&Value::Bool(true)),
            default_kind: text("defaultKind").or_else(|| groups.then(|| "group".to_owned())),
            default_namespace: text("defaultNamespace"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str, options: &Value) -> Option<EntityChoice> {
        EntityChoice::read(field, options.as_object().unwrap())
    }

    #[test]
    fn a_field_says_which_entities_it_takes() {
        let owner = read("OwnerPicker", &json!({})).unwrap();
        assert_eq!(owner.filters, [json!({"kind": ["Group", "User"]})]);
        assert_eq!(owner.default_kind.as_deref(), Some("group"));
        assert!(!owner.mine && !owner.free);
        let service = json!({"catalogFilter": {"kind": "Component"}, "allowArbitraryValues": true});
        let service = read("OwnedEntityPicker", &service).unwrap();
        assert_eq!(service.filters, [json!({"kind": "Component"})]);
        assert!(service.mine && service.free);
        let old = read(
            "EntityPicker",
            &json!({"allowedKinds": ["API"], "defaultKind": "API"}),
        )
        .unwrap();
        assert_eq!(old.filters, [json!({"kind": ["API"]})]);
        assert_eq!(old.default_kind.as_deref(), Some("API"));
        assert_eq!(read("EntityNamePicker", &json!({})), None);
    }
}
