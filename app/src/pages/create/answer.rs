//! One answer of a form, as people read it: titles in place of values and references.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portico_model::form::{EntityChoice, Field, FieldKind};
use serde_json::Value;

use crate::data::find::entity_labels;

/// The fields that a schema names, wherever conditions put them: name, title and schema.
pub(super) fn fields(schema: &Value) -> Vec<(String, Option<String>, Value)> {
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

/// What is shown for a value of a field. The titles of entities come when they are known.
pub(super) fn shown(schema: Option<&Value>, value: &Value) -> RwSignal<String> {
    let field = schema.map(Field::read);
    let text = RwSignal::new(text(field.as_ref(), value));
    if let Some(field) = field
        && picks_entities(&field)
    {
        let refs = refs(value);
        Effect::new(move || {
            let refs = refs.clone();
            spawn_local(async move {
                let labels = entity_labels(refs).await.unwrap_or_default();
                let titles: Vec<String> = labels.into_iter().map(|it| it.title).collect();
                if !titles.is_empty() {
                    text.try_set(titles.join(", "));
                }
            });
        });
    }
    text
}

fn picks_entities(field: &Field) -> bool {
    let name = field.hints.field.as_deref();
    name.and_then(|name| EntityChoice::read(name, &field.hints.options))
        .is_some()
}

fn refs(value: &Value) -> Vec<String> {
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

fn text(field: Option<&Field>, value: &Value) -> String {
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
            let all = all.iter().map(|value| text(item, value));
            all.collect::<Vec<_>>().join(", ")
        }
        value @ (Value::Array(_) | Value::Object(_)) => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        value => value.to_string(),
    }
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
        assert_eq!(text(Some(&field), &json!("none")), "None");
        assert_eq!(text(Some(&field), &json!("other")), "other");
        let list = Field::read(&json!({"type": "array", "items": schema}));
        assert_eq!(
            text(Some(&list), &json!(["sql", "none"])),
            "Azure SQL, None"
        );
        assert_eq!(text(None, &json!(true)), "Yes");
        assert_eq!(text(None, &json!([1, "a"])), "1, a");
    }

    #[test]
    fn fields_are_found_behind_conditions() {
        let schema = json!({"properties": {"a": {"title": "A"}},
            "then": {"properties": {"b": {}}}});
        let names: Vec<_> = fields(&schema).into_iter().map(|it| (it.0, it.1)).collect();
        let a = ("a".to_owned(), Some("A".to_owned()));
        assert_eq!(names, [a, ("b".to_owned(), None)]);
    }
}
