//! Which entities a field offers: its `catalogFilter`, and what is somebody's own.

use portico_access::Principal;
use portico_model::Predicate;
use serde_json::Value;

/// What a `catalogFilter` lets through: an object whose keys all hold, or a list of them of
/// which one does. A value is a text, a list of which one is there, or `{exists: true}`.
pub fn entity_filter(filter: &Value) -> Predicate {
    match filter {
        Value::Array(filters) => Predicate::any(filters.iter().map(entity_filter).collect()),
        Value::Object(keys) => {
            let keys = keys
                .iter()
                .map(|(key, wanted)| holds(key.to_lowercase(), wanted));
            Predicate::all(keys.collect())
        }
        _ => Predicate::Always,
    }
}

/// What somebody owns, or belongs to. Programs and administrators of this machine, who belong
/// nowhere, may choose anything.
pub fn mine_of(who: &Principal) -> Predicate {
    if !who.is_person() {
        return Predicate::Always;
    }
    let claims = who.claims().to_vec();
    Predicate::any(vec![
        Predicate::In("relations.ownedby".to_owned(), claims.clone()),
        Predicate::In("relations.hasmember".to_owned(), claims),
    ])
}

fn holds(key: String, wanted: &Value) -> Predicate {
    match wanted {
        Value::Array(values) => Predicate::In(key, values.iter().map(text).collect()),
        Value::Object(wanted) if wanted.get("exists") == Some(&Value::Bool(false)) => {
            Predicate::Not(Box::new(Predicate::Exists(key)))
        }
        Value::Object(_) => Predicate::Exists(key),
        value => Predicate::In(key, vec![text(value)]),
    }
}

fn text(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn filters_are_read_as_templates_write_them() {
        let is = |key: &str, value: &str| Predicate::In(key.into(), vec![value.into()]);
        assert_eq!(
            entity_filter(&json!({"kind": "System"})),
            is("kind", "system")
        );
        assert_eq!(
            entity_filter(&json!([
                {"kind": ["Group", "User"], "metadata.annotations.A": {"exists": true}},
                {"spec.type": "team"},
            ])),
            Predicate::Any(vec![
                Predicate::All(vec![
                    Predicate::In("kind".into(), vec!["group".into(), "user".into()]),
                    Predicate::Exists("metadata.annotations.a".into()),
                ]),
                is("spec.type", "team"),
            ])
        );
    }
}
