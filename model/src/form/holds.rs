//! Whether a value satisfies the condition of a form.
//!
//! Conditions of forms compare a few properties. This is the part of JSON Schema they use; the
//! server checks whole values with a whole validator. What is not known here does not decide.

use serde_json::Value;

/// Whether `value` satisfies `schema`.
pub(super) fn holds(schema: &Value, value: &Value) -> bool {
    let schema = match schema {
        Value::Bool(always) => return *always,
        Value::Object(schema) => schema,
        _ => return true,
    };
    let all = |key: &str| schema.get(key).and_then(Value::as_array);
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    let held = |it: &Value| holds(it, value);
    schema.get("const").is_none_or(|it| it == value)
        && all("enum").is_none_or(|it| it.contains(value))
        && schema.get("type").is_none_or(|it| is_of_type(it, value))
        && all("allOf").is_none_or(|it| it.iter().all(held))
        && all("anyOf").is_none_or(|it| it.iter().any(held))
        && all("oneOf").is_none_or(|it| it.iter().filter(|it| held(it)).count() == 1)
        && schema.get("not").is_none_or(|it| !held(it))
        && all("required").is_none_or(|names| {
            let mut names = names.iter().filter_map(Value::as_str);
            !value.is_object() || names.all(|name| value.get(name).is_some())
        })
        && schema
            .get("properties")
            .and_then(Value::as_object)
            .is_none_or(|properties| {
                let mut properties = properties.iter();
                properties.all(|(name, it)| value.get(name).is_none_or(|value| holds(it, value)))
            })
        && schema.get("contains").is_none_or(|it| {
            value
                .as_array()
                .is_none_or(|values| values.iter().any(|value| holds(it, value)))
        })
        && value.as_f64().is_none_or(|value| {
            number("minimum").is_none_or(|least| value >= least)
                && number("maximum").is_none_or(|most| value <= most)
        })
        && value.as_str().is_none_or(|text| {
            let length = text.chars().count() as f64;
            number("minLength").is_none_or(|least| length >= least)
                && number("maxLength").is_none_or(|most| length <= most)
        })
}

fn is_of_type(kind: &Value, value: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str() {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("null") => value.is_null(),
        Some("number") => value.is_number(),
        Some("integer") => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => true,
    };
    match kind {
        Value::Array(kinds) => kinds.iter().any(is),
        kind => is(kind),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_of_forms_are_decided() {
        let value = json!({"kind": "db", "size": 3, "tags": ["a"]});
        for (schema, expected) in [
            (json!(true), true),
            (json!({"properties": {"kind": {"const": "db"}}}), true),
            (json!({"properties": {"kind": {"enum": ["a", "b"]}}}), false),
            // What is not there is not wrong, unless it is required.
            (json!({"properties": {"none": {"const": 1}}}), true),
            (json!({"required": ["none"]}), false),
            (json!({"not": {"required": ["kind"]}}), false),
            (json!({"properties": {"size": {"minimum": 4}}}), false),
            (
                json!({"properties": {"size": {"type": ["string", "integer"]}}}),
                true,
            ),
            (
                json!({"properties": {"tags": {"contains": {"const": "b"}}}}),
                false,
            ),
            (
                json!({"anyOf": [{"required": ["none"]}, {"required": ["kind"]}]}),
                true,
            ),
            (json!({"oneOf": [{}, {"required": ["kind"]}]}), false),
            (json!({"properties": {"kind": {"minLength": 3}}}), false),
        ] {
            assert_eq!(holds(&schema, &value), expected, "{schema}");
        }
    }
}
