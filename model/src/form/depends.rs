//! Fields whose choices depend on the answers to others.

use serde_json::{Map, Value};

/// The fields that expressions in `source` name as `parameters.NAME`, each once.
pub fn named_in(source: &Value) -> Vec<String> {
    let text = source.to_string();
    let mut names: Vec<String> = Vec::new();
    for rest in text.split("parameters.").skip(1) {
        let is_part = |char: &char| char.is_ascii_alphanumeric() || *char == '_';
        let name: String = rest.chars().take_while(is_part).collect();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Of all answers those that are named; or the first name that has none yet.
///
/// # Errors
///
/// The name of a field without an answer: there is nothing to choose among before.
pub fn needed(answers: &Value, names: &[String]) -> Result<Value, String> {
    let mut found = Map::new();
    for name in names {
        match answers.get(name) {
            None | Some(Value::Null) => return Err(name.clone()),
            Some(Value::String(text)) if text.is_empty() => return Err(name.clone()),
            Some(value) => found.insert(name.clone(), value.clone()),
        };
    }
    Ok(Value::Object(found))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_source_names_the_fields_it_depends_on() {
        let source = json!({"catalog": {"filter": {
            "spec.type": "region", "relations.partOf": "${{ parameters.subscription }}",
            "x": "${{ parameters.sku_2 | lower }} of ${{ parameters.subscription }}",
        }}});
        let names = named_in(&source);
        assert_eq!(names, ["subscription", "sku_2"]);
        let answers = json!({"subscription": "s", "sku_2": "", "other": 1});
        assert_eq!(needed(&answers, &names), Err("sku_2".to_owned()));
        assert_eq!(
            needed(&answers, &names[..1]),
            Ok(json!({"subscription": "s"}))
        );
    }
}
