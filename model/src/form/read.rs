//! From a JSON Schema to fields.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::{Alternative, Field, FieldKind, Hints, ListRules, NumberRules, Property, TextRules};

/// What changes the shape of a value depending on the value; no field can show that.
const SHAPES: [&str; 10] = [
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "patternProperties",
    "prefixItems",
];

/// The most fields of a form. Schemas come from strangers, and references that meet again
/// make few lines into very many fields.
const MAX_FIELDS: usize = 500;

type Schema = Map<String, Value>;

impl Field {
    /// The form of a schema. Every schema has one; see [`FieldKind::Json`].
    pub fn read(schema: &Value) -> Self {
        let reader = Reader {
            root: schema,
            fields: Cell::new(0),
        };
        reader.field(schema, true, &mut Vec::new())
    }
}

struct Reader<'a> {
    root: &'a Value,
    fields: Cell<usize>,
}

impl Reader<'_> {
    /// `via` are the references that lead here: one that comes again has no end.
    fn field(&self, schema: &Value, required: bool, via: &mut Vec<String>) -> Field {
        let depth = via.len();
        self.fields.set(self.fields.get() + 1);
        let read = match self.fields.get() {
            ..=MAX_FIELDS => self.plain(schema, via),
            _ => Err("the form would be too long".to_owned()),
        };
        let (schema, kind) = match read {
            Ok((mut schema, nullable)) => {
                let kind = self.kind(&mut schema, via);
                schema.insert("nullable".to_owned(), nullable.into());
                (schema, kind)
            }
            Err(why) => {
                let schema = schema.as_object().cloned();
                (schema.unwrap_or_default(), FieldKind::Json(why))
            }
        };
        via.truncate(depth);
        let text = |key: &str| schema.get(key)?.as_str().map(str::to_owned);
        Field {
            title: text("ui:title").or_else(|| text("title")),
            description: text("ui:description").or_else(|| text("description")),
            required,
            nullable: schema.get("nullable").is_some_and(|it| it == true),
            default: schema.get("default").cloned(),
            hints: Hints::read(&schema),
            kind,
        }
    }

    /// The schema without references and without `null`; whether there was `null`.
    fn plain(&self, schema: &Value, via: &mut Vec<String>) -> Result<(Schema, bool), String> {
        let mut schema = match schema {
            Value::Object(schema) => schema.clone(),
            Value::Bool(true) => return Err("anything is valid here".to_owned()),
            _ => return Err("nothing is valid here".to_owned()),
        };
        let mut nullable = false;
        loop {
            if let Some(reference) = schema.remove("$ref") {
                let target = self.follow(&reference, via)?;
                schema = merged(target, schema);
            } else if let Some(only) = only_member(&mut schema) {
                schema = merged(only, schema);
            } else if let Some(other) = without_null(&mut schema) {
                nullable = true;
                schema = merged(other, schema);
            } else {
                return Ok((schema, nullable));
            }
        }
    }

    fn follow(&self, reference: &Value, via: &mut Vec<String>) -> Result<Schema, String> {
        let reference = reference.as_str().unwrap_or_default();
        if via.iter().any(|it| it == reference) {
            return Err("it contains itself".to_owned());
        }
        via.push(reference.to_owned());
        let pointer = reference.strip_prefix('#');
        let target = pointer.and_then(|pointer| self.root.pointer(pointer));
        let target = target.and_then(Value::as_object).cloned();
        target.ok_or_else(|| format!("`{reference}` is not in the schema"))
    }

    fn kind(&self, schema: &mut Schema, via: &mut Vec<String>) -> FieldKind {
        if let Some(value) = schema.get("const") {
            return FieldKind::Constant(value.clone());
        }
        if let Some(choices) = choices(schema) {
            return FieldKind::Choice(choices);
        }
        if let Some(shape) = SHAPES.iter().find(|shape| schema.contains_key(**shape)) {
            return FieldKind::Json(format!("the schema uses `{shape}`"));
        }
        let kind = match schema.get("type").and_then(Value::as_str) {
            Some(kind) => kind,
            None if schema.contains_key("properties") => "object",
            None if schema.contains_key("items") => "array",
            None => return FieldKind::Json("values of more than one type are valid".to_owned()),
        };
        match kind {
            "string" => FieldKind::Text(text_rules(schema)),
            "integer" | "number" => FieldKind::Number(number_rules(schema, kind == "integer")),
            "boolean" => FieldKind::Flag,
            "object" => self.object(schema, via),
            "array" => self.list(schema, via),
            other => FieldKind::Json(format!("its type is `{other}`")),
        }
    }

    fn object(&self, schema: &Schema, via: &mut Vec<String>) -> FieldKind {
        let properties = schema.get("properties").and_then(Value::as_object);
        let Some(properties) = properties.filter(|it| !it.is_empty()) else {
            return match schema.get("additionalProperties") {
                Some(values @ Value::Object(_)) => {
                    FieldKind::Map(Box::new(self.field(values, true, via)))
                }
                _ => FieldKind::Json("any properties are valid".to_owned()),
            };
        };
        let names = |key: &str| {
            let names = schema.get(key).and_then(Value::as_array);
            let names = names.into_iter().flatten().filter_map(Value::as_str);
            names.collect::<Vec<_>>()
        };
        let (required, order) = (names("required"), names("ui:order"));
        let mut fields: Vec<Property> = properties
            .iter()
            .map(|(name, schema)| Property {
                field: self.field(schema, required.contains(&name.as_str()), via),
                name: name.clone(),
            })
            .collect();
        // `*` stands for all that are not named.
        let place = |name: &str| order.iter().position(|it| *it == name);
        let others = place("*").unwrap_or(order.len());
        fields.sort_by_key(|it| place(&it.name).unwrap_or(others));
        FieldKind::Object(fields)
    }

    fn list(&self, schema: &Schema, via: &mut Vec<String>) -> FieldKind {
        let Some(items) = schema.get("items").filter(|items| items.is_object()) else {
            return FieldKind::Json("its values can be anything".to_owned());
        };
        FieldKind::List(Box::new(ListRules {
            item: self.field(items, true, via),
            min_items: schema.get("minItems").and_then(Value::as_u64),
            max_items: schema.get("maxItems").and_then(Value::as_u64),
            unique: schema.get("uniqueItems").is_some_and(|it| it == true),
        }))
    }
}

/// `schema`, and of `base` what it does not say itself.
fn merged(base: Schema, schema: Schema) -> Schema {
    let mut all = base;
    all.extend(schema);
    all
}

/// What an `allOf`, `anyOf` or `oneOf` with one member says.
fn only_member(schema: &mut Schema) -> Option<Schema> {
    ["allOf", "anyOf", "oneOf"].into_iter().find_map(|key| {
        let [Value::Object(only)] = schema.get(key)?.as_array()?.as_slice() else {
            return None;
        };
        let only = only.clone();
        schema.remove(key);
        Some(only)
    })
}

/// What is valid besides `null`, where `null` is.
fn without_null(schema: &mut Schema) -> Option<Schema> {
    let is_null = |it: &Value| *it == "null" || it.get("type").is_some_and(|it| it == "null");
    for key in ["anyOf", "oneOf", "type"] {
        let Some(members) = schema.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        let before = members.len();
        members.retain(|member| !is_null(member));
        if members.len() == before {
            continue;
        }
        if let [Value::String(kind)] = members.as_slice() {
            let kind = kind.clone().into();
            schema.insert(key.to_owned(), kind);
        }
        // A single member of `anyOf` or `oneOf` is taken out in the next round.
        return Some(Schema::new());
    }
    None
}

/// The values of an `enum`, or of alternatives that are all constants.
fn choices(schema: &Schema) -> Option<Vec<Alternative>> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let names = ["enumNames", "ui:enumNames"];
        let names = names
            .into_iter()
            .find_map(|key| schema.get(key)?.as_array());
        let label = |at: usize, value: &Value| {
            let name = names.and_then(|names| names.get(at)?.as_str());
            name.map_or_else(|| shown(value), str::to_owned)
        };
        let values = values.iter().enumerate();
        let values = values.map(|(at, value)| Alternative {
            label: label(at, value),
            value: value.clone(),
        });
        return Some(values.collect());
    }
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    let constant = |member: &Value| {
        let value = member.get("const")?.clone();
        let text = |key: &str| member.get(key)?.as_str();
        let label = match (text("title"), text("description")) {
            (Some(title), _) => title.to_owned(),
            (None, Some(what)) => format!("{} — {}", shown(&value), what.trim_end_matches('.')),
            (None, None) => shown(&value),
        };
        Some(Alternative { value, label })
    };
    members.as_array()?.iter().map(constant).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn text_rules(schema: &Schema) -> TextRules {
    let text = |key: &str| schema.get(key)?.as_str().map(str::to_owned);
    TextRules {
        min_length: schema.get("minLength").and_then(Value::as_u64),
        max_length: schema.get("maxLength").and_then(Value::as_u64),
        pattern: text("pattern"),
        format: text("format"),
    }
}

fn number_rules(schema: &Schema, integer: bool) -> NumberRules {
    let number = |key: &str| schema.get(key)?.as_f64();
    NumberRules {
        integer,
        minimum: number("minimum"),
        maximum: number("maximum"),
        above: number("exclusiveMinimum"),
        below: number("exclusiveMaximum"),
        multiple_of: number("multipleOf"),
    }
}

#[cfg(test)]
mod tests;
