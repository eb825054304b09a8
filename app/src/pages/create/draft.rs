//! What was entered into a form so far, kept in this browser until the task is started.

use portico_model::form::{Field, FieldKind};
use serde_json::{Map, Value};

use crate::platform;

/// Where the draft of a template's form is kept.
fn key(template_ref: &str) -> String {
    format!("portico.draft.{template_ref}")
}

/// The draft, when there is one.
pub(super) fn restore(template_ref: &str) -> Option<Value> {
    let text = platform::stored(&key(template_ref))?;
    let value: Value = serde_json::from_str(&text).ok()?;
    value
        .as_object()
        .is_some_and(|it| !it.is_empty())
        .then_some(value)
}

/// Keeps the draft.
pub(super) fn keep(template_ref: &str, value: &Value) {
    platform::store(&key(template_ref), &value.to_string());
}

/// Forgets it.
pub(super) fn forget(template_ref: &str) {
    platform::store(&key(template_ref), "");
}

/// The names of the fields that hold secrets: `ui:field: Secret`.
pub(super) fn secrets_of(field: &Field) -> Vec<String> {
    let FieldKind::Object(properties) = &field.kind else {
        return Vec::new();
    };
    let secret = |field: &Field| field.hints.field.as_deref() == Some("Secret");
    let secrets = properties.iter().filter(|it| secret(&it.field));
    secrets.map(|it| it.name.clone()).collect()
}

/// Values and secrets apart. A secret leaves as many stars behind as Backstage's field does:
/// templates may ask whether there is one.
pub(super) fn apart(mut values: Map<String, Value>, secrets: &[String]) -> (Value, Value) {
    let mut taken = Map::new();
    for name in secrets {
        if let Some(value) = values.get_mut(name) {
            let length = value.as_str().map_or(0, |it| it.chars().count());
            let stars = Value::String("*".repeat(length));
            taken.insert(name.clone(), std::mem::replace(value, stars));
        }
    }
    (Value::Object(values), Value::Object(taken))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_do_not_stay_among_the_values() {
        let schema = json!({"properties": {
            "name": {"type": "string"}, "token": {"type": "string", "ui:field": "Secret"},
        }});
        let secrets = secrets_of(&Field::read(&schema));
        assert_eq!(secrets, ["token"]);
        let values = json!({"name": "a", "token": "geheim"});
        let (values, secrets) = apart(values.as_object().unwrap().clone(), &secrets);
        assert_eq!(values, json!({"name": "a", "token": "******"}));
        assert_eq!(secrets, json!({"token": "geheim"}));
    }
}
