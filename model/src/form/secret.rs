//! Fields whose values are kept apart: `ui:field: Secret`.

use serde_json::{Map, Value};

use super::resolve::resolve;

/// How deep values are looked at: schemas come from strangers.
const MAX_DEPTH: usize = 16;

/// Whether a schema has a secret anywhere, be it on a condition.
pub fn has_secret(schema: &Value) -> bool {
    match schema {
        Value::Object(own) => is_secret(schema) || own.values().any(has_secret),
        Value::Array(all) => all.iter().any(has_secret),
        _ => false,
    }
}

/// The secrets that a schema asks for while a form holds `values`: name, schema, and what is
/// there.
pub fn secrets(schema: &Value, values: &Value) -> Vec<(String, Value, Option<Value>)> {
    let mut found: Vec<(String, Value, Option<Value>)> = Vec::new();
    let mut values = values.clone();
    visit(
        &resolve(schema, &values),
        &mut values,
        0,
        &mut |name, schema, value| {
            if !found.iter().any(|it| it.0 == name) {
                found.push((name.to_owned(), schema.clone(), value.cloned()));
            }
            true
        },
    );
    found
}

/// Takes the secrets out of `values`. Each leaves as many stars behind as it has characters,
/// as Backstage's field does: templates may ask whether there is one. They are known by the
/// name of their field, however deep that is.
pub fn take_secrets(schema: &Value, values: &mut Value) -> Map<String, Value> {
    let mut taken = Map::new();
    let resolved = resolve(schema, values);
    visit(&resolved, values, 0, &mut |name, _, value| {
        if let Some(value) = value {
            let length = value.as_str().map_or(0, |it| it.chars().count());
            let secret = std::mem::replace(value, Value::String("*".repeat(length)));
            taken.insert(name.to_owned(), secret);
        }
        true
    });
    taken
}

/// Values without the secrets, and without the stars that these leave behind: what a form may
/// begin with.
pub fn without_secrets(schema: &Value, mut values: Value) -> Value {
    let resolved = resolve(schema, &values);
    visit(&resolved, &mut values, 0, &mut |_, _, _| false);
    values
}

fn is_secret(schema: &Value) -> bool {
    schema.get("ui:field").and_then(Value::as_str) == Some("Secret")
}

/// Shows `on` every secret of an object; it says whether the value stays.
fn visit(
    schema: &Value,
    value: &mut Value,
    depth: usize,
    on: &mut impl FnMut(&str, &Value, Option<&mut Value>) -> bool,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let (Some(properties), Value::Object(fields)) = (properties, value) else {
        return;
    };
    if depth > MAX_DEPTH {
        return;
    }
    for (name, property) in properties {
        if is_secret(property) {
            if !on(name, property, fields.get_mut(name)) {
                fields.shift_remove(name);
            }
            continue;
        }
        match (fields.get_mut(name), property.get("items")) {
            (Some(Value::Array(items)), Some(schema)) if is_secret(schema) => {
                items.retain_mut(|item| on(name, schema, Some(item)));
            }
            (Some(Value::Array(items)), Some(schema)) => {
                for item in items {
                    visit(&resolve(schema, item), item, depth + 1, on);
                }
            }
            (Some(value), _) => visit(property, value, depth + 1, on),
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        let secret = json!({"type": "string", "ui:field": "Secret"});
        json!({
            "properties": {
                "name": {"type": "string"},
                "token": secret,
                "login": {"type": "object", "properties": {"password": secret}},
                "keys": {"type": "array", "items": {
                    "type": "object", "properties": {"id": {"type": "string"}, "key": secret},
                }},
                "with": {"type": "boolean"},
            },
            "if": {"properties": {"with": {"const": true}}, "required": ["with"]},
            "then": {"properties": {"extra": secret}},
        })
    }

    #[test]
    fn secrets_do_not_stay_among_the_values_however_deep() {
        let mut values = json!({
            "name": "a", "token": "geheim", "login": {"password": "pw"},
            "keys": [{"id": "1", "key": "k"}], "with": true, "extra": "e",
        });
        let taken = take_secrets(&schema(), &mut values);
        assert_eq!(
            Value::Object(taken),
            json!({"token": "geheim", "password": "pw", "key": "k", "extra": "e"})
        );
        let stars = json!({
            "name": "a", "token": "******", "login": {"password": "**"},
            "keys": [{"id": "1", "key": "*"}], "with": true, "extra": "*",
        });
        assert_eq!(values, stars);
        assert_eq!(
            without_secrets(&schema(), stars),
            json!({"name": "a", "login": {}, "keys": [{"id": "1"}], "with": true})
        );
    }

    #[test]
    fn a_condition_brings_a_secret() {
        let names = |values: Value| {
            let found = secrets(&schema(), &values).into_iter();
            found.map(|it| it.0).collect::<Vec<_>>()
        };
        assert_eq!(names(json!({})), ["token"]);
        assert_eq!(
            names(json!({"with": true, "login": {}})),
            ["token", "password", "extra"]
        );
        assert!(has_secret(&schema()));
        assert!(!has_secret(
            &json!({"properties": {"a": {"type": "string"}}})
        ));
    }
}
