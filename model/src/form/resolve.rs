//! What a schema asks for depends on what was entered: `dependencies`, `if` and their kin,
//! written out for one value, so that plain fields can show it.
//!
//! The rules are those of `retrieveSchema` in react-jsonschema-form, which template authors
//! know.

use serde_json::{Map, Value};

use super::holds::holds;

type Schema = Map<String, Value>;

/// How deep conditions are followed: schemas come from strangers.
const MAX_DEPTH: usize = 16;

/// Whether what a schema asks for can depend on what was entered.
pub(super) fn is_conditional(schema: &Value) -> bool {
    const SHAPES: [&str; 6] = [
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "if",
        "allOf",
        "oneOf",
    ];
    match schema {
        Value::Object(schema) => schema
            .iter()
            .any(|(key, value)| SHAPES.contains(&key.as_str()) || is_conditional(value)),
        Value::Array(all) => all.iter().any(is_conditional),
        _ => false,
    }
}

/// The schema that holds for `value`, without the conditions that were decided by it. What
/// cannot be decided stays.
pub fn resolve(schema: &Value, value: &Value) -> Value {
    let resolver = Resolver { root: schema };
    match schema {
        Value::Object(own) => Value::Object(resolver.object(own.clone(), value, 0)),
        other => other.clone(),
    }
}

struct Resolver<'a> {
    root: &'a Value,
}

impl Resolver<'_> {
    fn object(&self, mut schema: Schema, value: &Value, depth: usize) -> Schema {
        if depth > MAX_DEPTH || !is_object(&schema) {
            return schema;
        }
        self.members(&mut schema, value, depth);
        self.branches(&mut schema, value, depth);
        self.dependencies(&mut schema, value, depth);
        alternatives(&mut schema, value);
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for (name, property) in properties.iter_mut() {
                if let Value::Object(own) = property {
                    let inner = value.get(name.as_str()).unwrap_or(&Value::Null);
                    *own = self.object(std::mem::take(own), inner, depth + 1);
                }
            }
        }
        schema
    }

    /// `allOf`: all of its members hold.
    fn members(&self, schema: &mut Schema, value: &Value, depth: usize) {
        let Some(Value::Array(members)) = schema.remove("allOf") else {
            return;
        };
        for member in members {
            let member = self.part(&member, value, depth);
            merge(schema, member);
        }
    }

    /// `if`, `then` and `else`.
    fn branches(&self, schema: &mut Schema, value: &Value, depth: usize) {
        let (then, otherwise) = (schema.remove("then"), schema.remove("else"));
        let Some(condition) = schema.remove("if") else {
            return;
        };
        let branch = match holds(&condition, value) {
            true => then,
            false => otherwise,
        };
        if let Some(branch) = branch {
            let branch = self.part(&branch, value, depth);
            merge(schema, branch);
        }
    }

    /// `dependencies` and the names it has in later drafts: what holds once a property is there.
    fn dependencies(&self, schema: &mut Schema, value: &Value, depth: usize) {
        for key in ["dependencies", "dependentRequired", "dependentSchemas"] {
            let Some(Value::Object(dependencies)) = schema.remove(key) else {
                continue;
            };
            for (name, dependency) in dependencies {
                let there = value.get(&name).filter(|it| !it.is_null());
                match dependency {
                    Value::Array(names) if there.is_some() => require(schema, names),
                    Value::Object(mut dependency) if there.is_some() => {
                        let choice = dependency.remove("oneOf");
                        let more = self.part(&Value::Object(dependency), value, depth);
                        merge(schema, more);
                        if let Some(Value::Array(branches)) = choice {
                            self.choose(schema, &name, &branches, value, depth);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Of the branches of a dependency the one whose own schema of the property it depends on
    /// holds; that schema only chooses.
    fn choose(
        &self,
        schema: &mut Schema,
        name: &str,
        branches: &[Value],
        value: &Value,
        depth: usize,
    ) {
        let chosen = branches.iter().find_map(|branch| {
            let branch = self.part(branch, value, depth);
            let own = branch.get("properties")?.get(name)?;
            holds(own, value.get(name)?).then_some(branch)
        });
        if let Some(mut branch) = chosen {
            if let Some(Value::Object(properties)) = branch.get_mut("properties") {
                properties.shift_remove(name);
            }
            merge(schema, branch);
        }
    }

    /// A part of the schema, with its own conditions decided and its reference followed.
    fn part(&self, part: &Value, value: &Value, depth: usize) -> Schema {
        let followed = part
            .get("$ref")
            .and_then(|it| self.root.pointer(it.as_str()?.strip_prefix('#')?));
        match followed.unwrap_or(part) {
            Value::Object(schema) => {
                let mut schema = schema.clone();
                // Conditions may stand in a part that says nothing of its type.
                schema
                    .entry("type")
                    .or_insert_with(|| Value::from("object"));
                self.object(schema, value, depth + 1)
            }
            _ => Schema::new(),
        }
    }
}

/// `oneOf` whose members each give one property another constant: that property becomes a
/// choice, and the member chosen holds.
fn alternatives(schema: &mut Schema, value: &Value) {
    let Some(members) = schema.get("oneOf").and_then(Value::as_array) else {
        return;
    };
    let constant = |member: &Value, name: &str| -> Option<Value> {
        let property = member.get("properties")?.get(name)?;
        let only = property.get("enum").and_then(Value::as_array);
        let only = only
            .filter(|all| all.len() == 1)
            .and_then(|all| all.first());
        property.get("const").or(only).cloned()
    };
    let names = members
        .first()
        .and_then(|it| it.get("properties")?.as_object());
    let Some((name, choices)) = names.into_iter().flatten().find_map(|(name, _)| {
        let all = members.iter().map(|member| constant(member, name));
        Some((name.clone(), all.collect::<Option<Vec<_>>>()?))
    }) else {
        return;
    };
    let labels = members.iter().zip(&choices).map(|(member, choice)| {
        let title = member.get("title").cloned();
        title.unwrap_or_else(|| Value::from(choice.as_str().unwrap_or(&choice.to_string())))
    });
    let labels: Vec<Value> = labels.collect();
    let given = value.get(&name);
    let chosen = choices.iter().position(|choice| Some(choice) == given);
    let member = chosen.and_then(|at| members.get(at)?.as_object().cloned());
    let mut discriminator = Schema::new();
    discriminator.insert("enum".to_owned(), choices.into());
    discriminator.insert("enumNames".to_owned(), labels.into());
    schema.remove("oneOf");
    if let Some(mut member) = member {
        member.remove("title");
        if let Some(Value::Object(properties)) = member.get_mut("properties") {
            properties.shift_remove(&name);
        }
        merge(schema, member);
    }
    let mut chooser = Schema::new();
    let mut properties = Schema::new();
    properties.insert(name.clone(), Value::Object(discriminator));
    chooser.insert("properties".to_owned(), Value::Object(properties));
    merge(schema, chooser);
    require(schema, vec![Value::String(name)]);
}

fn is_object(schema: &Schema) -> bool {
    match schema.get("type") {
        Some(kind) => kind == "object",
        None => schema.contains_key("properties"),
    }
}

fn require(schema: &mut Schema, names: Vec<Value>) {
    let required = schema
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(required) = required {
        for name in names {
            if !required.contains(&name) {
                required.push(name);
            }
        }
    }
}

/// Adds to a schema what a part of it asks for.
fn merge(schema: &mut Schema, part: Schema) {
    for (key, value) in part {
        match (schema.get_mut(&key), value) {
            (_, Value::Array(names)) if key == "required" => require(schema, names),
            (Some(Value::Object(own)), Value::Object(more)) => merge(own, more),
            // The whole names itself; a condition in it does not name it again.
            (Some(_), _) if key == "title" || key == "description" || key == "type" => {}
            (_, value) => {
                schema.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(schema: &Value, value: Value) -> Vec<String> {
        let resolved = resolve(schema, &value);
        let properties = resolved["properties"].as_object().unwrap();
        properties.keys().cloned().collect()
    }

    #[test]
    fn a_dependency_brings_fields_once_its_property_is_there() {
        let schema = json!({
            "properties": {"card": {"type": "string"}},
            "dependencies": {"card": {
                "properties": {"address": {"type": "string"}}, "required": ["address"],
            }},
        });
        assert_eq!(names(&schema, json!({})), ["card"]);
        assert_eq!(names(&schema, json!({"card": "1"})), ["card", "address"]);
        let resolved = resolve(&schema, &json!({"card": "1"}));
        assert_eq!(resolved["required"], json!(["address"]));
        assert!(resolved.get("dependencies").is_none());
    }

    #[test]
    fn a_dependency_may_only_require() {
        let schema = json!({
            "type": "object", "properties": {"a": {}, "b": {}}, "required": ["a"],
            "dependencies": {"a": ["b"]},
        });
        assert_eq!(
            resolve(&schema, &json!({"a": 1}))["required"],
            json!(["a", "b"])
        );
        assert_eq!(resolve(&schema, &json!({}))["required"], json!(["a"]));
    }

    #[test]
    fn the_branch_of_a_dependency_is_chosen_by_its_property() {
        let schema = json!({
            "properties": {"trigger": {"enum": ["bus", "timer"]}},
            "dependencies": {"trigger": {"oneOf": [
                {"properties": {"trigger": {"enum": ["bus"]}, "queue": {"type": "string"}}},
                {"properties": {"trigger": {"const": "timer"}, "cron": {"type": "string"}}},
            ]}},
        });
        assert_eq!(
            names(&schema, json!({"trigger": "bus"})),
            ["trigger", "queue"]
        );
        assert_eq!(
            names(&schema, json!({"trigger": "timer"})),
            ["trigger", "cron"]
        );
        assert_eq!(names(&schema, json!({})), ["trigger"]);
        let resolved = resolve(&schema, &json!({"trigger": "bus"}));
        assert_eq!(
            resolved["properties"]["trigger"]["enum"],
            json!(["bus", "timer"])
        );
    }

    #[test]
    fn conditions_stand_alone_or_in_all_of() {
        let condition = json!({
            "if": {"properties": {"kind": {"const": "db"}}, "required": ["kind"]},
            "then": {"properties": {"size": {"type": "string"}}},
            "else": {"properties": {"note": {"type": "string"}}},
        });
        let mut alone = condition.clone();
        alone["properties"] = json!({"kind": {"type": "string"}});
        let listed = json!({"type": "object", "properties": {"kind": {"type": "string"}}, "allOf": [condition]});
        for schema in [alone, listed] {
            assert_eq!(names(&schema, json!({"kind": "db"})), ["kind", "size"]);
            assert_eq!(names(&schema, json!({"kind": "x"})), ["kind", "note"]);
        }
    }

    #[test]
    fn a_choice_of_objects_becomes_a_choice_and_its_fields() {
        let schema = json!({"type": "object", "oneOf": [
            {"title": "None", "properties": {"db": {"const": "none"}}},
            {"title": "SQL", "properties": {"db": {"const": "sql"}, "size": {"type": "string"}}, "required": ["size"]},
        ]});
        assert_eq!(names(&schema, json!({})), ["db"]);
        let chosen = resolve(&schema, &json!({"db": "sql"}));
        assert_eq!(
            chosen["properties"]["db"]["enumNames"],
            json!(["None", "SQL"])
        );
        assert_eq!(chosen["required"], json!(["size", "db"]));
    }

    #[test]
    fn objects_inside_are_resolved_by_their_own_value() {
        let inner = json!({"type": "object", "properties": {"a": {}}, "dependencies": {"a": {"properties": {"b": {}}}}});
        let schema = json!({"type": "object", "properties": {"in": inner}});
        let resolved = resolve(&schema, &json!({"in": {"a": 1}}));
        assert!(resolved["properties"]["in"]["properties"]["b"].is_object());
    }

    #[test]
    fn what_contains_itself_ends() {
        let schema = json!({"type": "object", "properties": {}, "allOf": [{"$ref": "#"}]});
        assert!(resolve(&schema, &json!({})).is_object());
    }
}
