//! Answers of a form as people read them: titles in place of names and values.

use serde_json::Value;

use super::{EntityChoice, Field, FieldKind};

/// The fields that a schema names, wherever conditions put them: name, title and schema.
pub fn fields(schema: &Value) -> Vec<(String, Option<String>, Value)> {
    let mut found = Vec::new();
    match schema {
        Value::Object(schema) => {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                let title = property.get("title").and_then(Value::as_str);
                found.push((name.clone(), title.map(str::to_owned), property.clone()));
            }
            found.extend(schema.values().flat_map(fields));
        }
        Value::Array(all) => found.extend(all.iter().flat_map(fields)),
        _ => {}
    }
    found
}

/// A value as people read it: the name of an alternative, lists with commas, anything larger as
/// JSON.
pub fn shown(field: Option<&Field>, value: &Value) -> String {
    let item = match field.map(|field| &field.kind) {
        Some(FieldKind::Choice(alternatives)) => {
            let chosen = alternatives.iter().find(|it| it.value == *value);
            if let Some(chosen) = chosen {
                return chosen.label.clone();
            }
            None
        }
        Some(FieldKind::List(rules)) => Some(&rules.item),
        _ => None,
    };
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::Array(all) if all.iter().all(|it| !it.is_object() && !it.is_array()) => {
            let all = all.iter().map(|value| shown(item, value));
            all.collect::<Vec<_>>().join(", ")
        }
        value @ (Value::Array(_) | Value::Object(_)) => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        value => value.to_string(),
    }
}

/// The references in the answer to a field that picks entities, to be shown by their titles.
/// Empty for other fields.
pub fn entities(field: &Field, value: &Value) -> Vec<String> {
    let name = field.hints.field.as_deref();
    if name.is_none_or(|name| EntityChoice::read(name, &field.hints.options).is_none()) {
        return Vec::new();
    }
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let texts = all.iter().filter_map(Value::as_str);
    texts
        .filter(|it| it.contains(':'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_read_titles() {
        let schema =
            json!({"type": "string", "enum": ["sql", "none"], "enumNames": ["Azure SQL", "None"]});
        let field = Field::read(&schema);
        assert_eq!(shown(Some(&field), &json!("none")), "None");
        assert_eq!(shown(Some(&field), &json!("other")), "other");
        let list = Field::read(&json!({"type": "array", "items": schema}));
        assert_eq!(
            shown(Some(&list), &json!(["sql", "none"])),
            "Azure SQL, None"
        );
        assert_eq!(shown(None, &json!(true)), "Yes");
        assert_eq!(shown(None, &json!([1, "a"])), "1, a");
    }

    #[test]
    fn fields_are_found_behind_conditions() {
        let schema = json!({"properties": {"a": {"title": "A"}},
            "then": {"properties": {"b": {}}}});
        let names: Vec<_> = fields(&schema).into_iter().map(|it| (it.0, it.1)).collect();
        let a = ("a".to_owned(), Some("A".to_owned()));
        assert_eq!(names, [a, ("b".to_owned(), None)]);
    }

    #[test]
    fn only_fields_of_entities_have_references() {
        let owner = Field::read(&json!({"type": "string", "ui:field": "OwnerPicker"}));
        let value = json!("group:default/a");
        assert_eq!(entities(&owner, &value), ["group:default/a"]);
        assert!(entities(&owner, &json!("a")).is_empty());
        let text = Field::read(&json!({"type": "string"}));
        assert!(entities(&text, &value).is_empty());
    }
}
