//! JSON Schemas in manifests.

use serde_json::Value;

/// The most bytes a schema has.
const LIMIT: usize = 64 * 1024;

/// What is wrong with a schema of an object, if anything.
pub(crate) fn problem(schema: &Value) -> Option<String> {
    if !schema.is_object() {
        return Some("is not a JSON object".to_owned());
    }
    if schema.to_string().len() > LIMIT {
        return Some(format!("has more than {LIMIT} bytes"));
    }
    if let Err(error) = jsonschema::meta::validate(schema) {
        let at = error.instance_path().to_string();
        return Some(format!("is not a JSON Schema: {error} (at `{at}`)"));
    }
    // Nothing is fetched: a reference to another document is an error here.
    jsonschema::validator_for(schema)
        .err()
        .map(|error| format!("cannot be used: {error}"))
}

/// What is wrong with a value under a schema, if anything; the schema is a good one.
pub(crate) fn mismatch(schema: &Value, value: &Value) -> Option<String> {
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => return Some(error.to_string()),
    };
    let error = validator.validate(value).err()?;
    Some(format!("{error} (at `{}`)", error.instance_path()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_checked() {
        assert_eq!(
            problem(&json!({"type": "object", "properties": {"a": {"type": "string"}}})),
            None
        );
        assert_eq!(problem(&json!({})), None);
        for schema in [
            json!(true),
            json!({"type": "objekt"}),
            json!({"properties": []}),
            json!({"$ref": "https://schemas.example/a.json"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"$ref": "#/definitions/missing"}),
            json!({"description": "x".repeat(LIMIT)}),
        ] {
            assert!(problem(&schema).is_some(), "{schema}");
        }
    }

    #[test]
    fn values_are_checked() {
        let schema = json!({"required": ["a"]});
        assert_eq!(mismatch(&schema, &json!({"a": 1})), None);
        assert!(mismatch(&schema, &json!({})).is_some());
    }
}
