//! Every value of a form, with the schema of its own.

use serde_json::Value;

use super::resolve::resolve;

/// How deep values are looked at: schemas come from strangers.
const MAX_DEPTH: usize = 16;

/// Shows `visit` each value that `schema` speaks of, in objects and lists too: its path (`name`,
/// `labels.0.name`; empty for the whole), the schema that holds for it, and the value.
pub fn each_value(schema: &Value, values: &Value, visit: &mut dyn FnMut(&str, &Value, &Value)) {
    let mut walk = Walk {
        root: schema,
        visit,
    };
    walk.at(schema, values, "", 0);
}

struct Walk<'a> {
    root: &'a Value,
    visit: &'a mut dyn FnMut(&str, &Value, &Value),
}

impl Walk<'_> {
    fn at(&mut self, schema: &Value, value: &Value, path: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(target) = self.followed(schema) {
            return self.at(&target, value, path, depth + 1);
        }
        (self.visit)(path, schema, value);
        match value {
            Value::Array(items) => {
                let Some(schema) = schema.get("items") else {
                    return;
                };
                for (at, item) in items.iter().enumerate() {
                    self.at(schema, item, &inside(path, &at.to_string()), depth + 1);
                }
            }
            Value::Object(fields) => {
                let resolved = resolve(schema, value);
                let properties = resolved.get("properties").and_then(Value::as_object);
                for (name, value) in fields {
                    let own = properties.and_then(|all| all.get(name));
                    if let Some(schema) = own.or_else(|| resolved.get("additionalProperties")) {
                        self.at(schema, value, &inside(path, name), depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// What a schema refers to, with what it says beside that.
    fn followed(&self, schema: &Value) -> Option<Value> {
        let reference = schema.get("$ref")?.as_str()?;
        let mut target = self.root.pointer(reference.strip_prefix('#')?)?.clone();
        let beside = schema.as_object().into_iter().flatten();
        for (key, value) in beside.filter(|(key, _)| *key != "$ref") {
            target.as_object_mut()?.insert(key.clone(), value.clone());
        }
        Some(target)
    }
}

/// The path of something in what is at `path`.
pub(super) fn inside(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn marked(schema: &Value, values: &Value) -> Vec<String> {
        let mut found = Vec::new();
        each_value(schema, values, &mut |path, schema, _| {
            if schema.get("ui:field").is_some() {
                found.push(path.to_owned());
            }
        });
        found
    }

    #[test]
    fn values_are_found_in_lists_in_groups_under_any_name_and_behind_references() {
        let name = json!({"type": "string", "ui:field": "EntityNamePicker"});
        let schema = json!({
            "definitions": {"team": {"properties": {"lead": name}}},
            "properties": {
                "name": name,
                "labels": {"items": {"properties": {"name": name}}},
                "free": {"additionalProperties": name},
                "team": {"$ref": "#/definitions/team"},
                "kind": {"enum": ["a", "b"]},
                "left": name,
            },
            "if": {"properties": {"kind": {"const": "a"}}},
            "then": {"properties": {"only": name}},
        });
        let values = json!({
            "name": "a", "labels": [{"name": "b"}, {}, {"name": "c", "other": 1}],
            "free": {"x": "d"}, "team": {"lead": "e"}, "kind": "b", "only": "f",
        });
        assert_eq!(
            marked(&schema, &values),
            [
                "name",
                "labels.0.name",
                "labels.2.name",
                "free.x",
                "team.lead"
            ]
        );
    }

    #[test]
    fn what_has_no_end_is_left() {
        let schema = json!({"$ref": "#"});
        assert_eq!(marked(&schema, &json!({})), Vec::<String>::new());
        let schema = json!({"ui:field": "x", "properties": {"in": {"$ref": "#"}}});
        let mut values = json!({});
        for _ in 0..100 {
            values = json!({"in": values});
        }
        assert!(marked(&schema, &values).len() <= MAX_DEPTH);
    }
}
