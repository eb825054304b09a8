//! What a form was told so far, for fields that depend on others.

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::super::FormState;

/// The answers to all pages of a form, by field. Provided by pages that show several.
#[derive(Clone, Copy, Debug)]
pub struct Answers(pub Signal<Value>);

/// The answers to the form that a field is in.
pub(super) fn answers(form: FormState) -> Signal<Value> {
    let all = use_context::<Answers>().map(|it| it.0);
    all.unwrap_or_else(|| Signal::derive(move || form.value()))
}

/// The fields that expressions in `source` name as `parameters.NAME`, each once.
pub(super) fn named_in(source: &Value) -> Vec<String> {
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
pub(super) fn needed(answers: &Value, names: &[String]) -> Result<Value, String> {
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
