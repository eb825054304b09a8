//! The defaults of a schema, those of what holds only for some values too.

use serde_json::{Map, Value};

use super::resolve::resolve;

/// A default may decide about fields that have defaults, but not without end.
const MAX_ROUNDS: usize = 8;
/// How deep values are completed: schemas come from strangers.
const MAX_DEPTH: usize = 16;

/// Adds to `value` what a form would have filled in: the defaults, and what can only be one
/// value, of properties that are left out. An object that is left out is made when it is
/// required. What is there stays, `null` as well.
pub fn complete(schema: &Value, value: &mut Value) {
    complete_to(schema, value, 0);
}

fn complete_to(schema: &Value, value: &mut Value, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Object(_) => {
            for _ in 0..MAX_ROUNDS {
                let before = value.clone();
                let resolved = resolve(schema, value);
                if let Value::Object(fields) = value {
                    fill(&resolved, fields, depth);
                }
                if *value == before {
                    break;
                }
            }
        }
        Value::Array(items) => {
            if let Some(item) = schema.get("items").filter(|it| it.is_object()) {
                for value in items {
                    complete_to(item, value, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn fill(schema: &Value, fields: &mut Map<String, Value>, depth: usize) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    for (name, property) in properties.into_iter().flatten() {
        if !fields.contains_key(name) {
            let given = property.get("default").filter(|it| !it.is_null());
            let is_required = required.is_some_and(|it| it.iter().any(|it| it == name));
            let made = (is_required && is_object(property)).then(|| Value::Object(Map::new()));
            let filled = given.or_else(|| property.get("const")).cloned().or(made);
            if let Some(value) = filled {
                fields.insert(name.clone(), value);
            }
        }
        if let Some(value) = fields.get_mut(name) {
            complete_to(property, value, depth + 1);
        }
    }
}

fn is_object(schema: &Value) -> bool {
    match schema.get("type") {
        Some(kind) => kind == "object",
        None => schema.get("properties").is_some(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::form::{Shape, check};

    /// What a schema makes of a value here, and what the form makes of it in the browser.
    fn both(schema: &Value, value: &Value) -> (Value, Value) {
        let mut completed = value.clone();
        complete(schema, &mut completed);
        let (shape, draft) = Shape::new(schema, value);
        let shown = check(shape.field(), &draft, &|_, _| true);
        (completed, shown.value.unwrap_or_default())
    }

    fn trigger() -> Value {
        json!({
            "properties": {"trigger": {"enum": ["bus", "timer"], "default": "bus"}},
            "dependencies": {"trigger": {"oneOf": [
                {"properties": {"trigger": {"enum": ["bus"]},
                    "queue": {"type": "string", "default": "orders"}}},
                {"properties": {"trigger": {"const": "timer"},
                    "cron": {"type": "string", "default": "@daily"}}},
            ]}},
        })
    }

    #[test]
    fn defaults_of_branches_are_those_of_the_form() {
        let alternatives = json!({"type": "object", "oneOf": [
            {"properties": {"db": {"const": "none"}}},
            {"properties": {"db": {"const": "sql"}, "size": {"type": "string", "default": "S"}}},
        ]});
        let conditions = json!({
            "properties": {"tier": {"type": "string", "default": "gold"}},
            "allOf": [
                {"if": {"properties": {"tier": {"const": "gold"}}, "required": ["tier"]},
                 "then": {"properties": {"replicas": {"type": "integer", "default": 3}}}},
                {"if": {"properties": {"replicas": {"minimum": 2}}, "required": ["replicas"]},
                 "then": {"properties": {"region": {"type": "string", "default": "west"}}}},
            ],
        });
        let inside = json!({
            "required": ["network"],
            "properties": {
                "network": {"type": "object", "properties": {
                    "port": {"type": "integer", "default": 8080},
                    "protocol": {"const": "http"}}},
                "backup": {"type": "object", "properties": {"days": {"type": "integer", "default": 7}}},
                "rules": {"type": "array", "items": {"type": "object", "properties": {
                    "name": {"type": "string"}, "action": {"type": "string", "default": "allow"}}}},
            },
        });
        for (schema, value, expected) in [
            (
                trigger(),
                json!({}),
                json!({"trigger": "bus", "queue": "orders"}),
            ),
            (
                trigger(),
                json!({"trigger": "timer"}),
                json!({"trigger": "timer", "cron": "@daily"}),
            ),
            (
                trigger(),
                json!({"trigger": "bus", "queue": "mine"}),
                json!({"trigger": "bus", "queue": "mine"}),
            ),
            (
                alternatives.clone(),
                json!({"db": "sql"}),
                json!({"db": "sql", "size": "S"}),
            ),
            (
                alternatives.clone(),
                json!({"db": "none"}),
                json!({"db": "none"}),
            ),
            (
                conditions.clone(),
                json!({}),
                json!({"tier": "gold", "replicas": 3, "region": "west"}),
            ),
            (
                conditions.clone(),
                json!({"tier": "x"}),
                json!({"tier": "x"}),
            ),
            (
                inside.clone(),
                json!({"rules": [{"name": "a"}, {"name": "b", "action": "deny"}]}),
                json!({
                    "network": {"port": 8080, "protocol": "http"},
                    "rules": [{"name": "a", "action": "allow"}, {"name": "b", "action": "deny"}],
                }),
            ),
            (
                inside.clone(),
                json!({"backup": {}, "network": {"port": 1}}),
                json!({"backup": {"days": 7}, "network": {"port": 1, "protocol": "http"}}),
            ),
        ] {
            let (here, browser) = both(&schema, &value);
            assert_eq!(here, expected, "{schema} {value}");
            assert_eq!(browser, expected, "in the form: {schema} {value}");
        }
    }

    #[test]
    fn what_is_there_stays() {
        let mut value = json!({"trigger": null, "more": 1});
        complete(&trigger(), &mut value);
        assert_eq!(value, json!({"trigger": null, "more": 1}));
        let mut text = json!("text");
        complete(&trigger(), &mut text);
        assert_eq!(text, "text");
    }

    #[test]
    fn what_contains_itself_ends() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "object", "properties": {}}}, "allOf": [{"$ref": "#"}]});
        let mut value = json!({});
        complete(&schema, &mut value);
        assert_eq!(value, json!({"a": {}}));
    }
}
