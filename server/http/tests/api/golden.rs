//! Answers recorded from a real Backstage, replayed.

use std::{fs, path::Path};

use axum::http::Method;
use serde_json::{Map, Value, json};

use crate::support::{Answer, Portal};

/// Annotations that depend on where the catalog file is.
const PLACES: [&str; 5] = [
    "backstage.io/managed-by-location",
    "backstage.io/managed-by-origin-location",
    "backstage.io/view-url",
    "backstage.io/edit-url",
    "backstage.io/source-location",
];

#[tokio::test]
async fn all_recorded_answers_are_equal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/api");
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let (Ok(cases), Ok(yaml)) = (read("golden.json"), read("tricky.yaml")) else {
        eprintln!("SKIPPED: the recorded answers are not on this machine");
        return;
    };
    let cases: Vec<Value> = serde_json::from_str(&cases).unwrap();
    portico_testkit::on_each_engine(async |store| {
        let portal = Portal::new(store, &yaml, "development").await;
        let mut wrong = Vec::new();
        for case in &cases {
            let method: Method = case["method"].as_str().unwrap().parse().unwrap();
            let mut call = portal.request(method, case["path"].as_str().unwrap());
            if !case["body"].is_null() {
                call = call.json(case["body"].clone());
            }
            let name = case["name"].as_str().unwrap();
            let got = normalised(name, &portal.send(call).await);
            let want = without_places(case["want"].clone());
            if got != want {
                wrong.push(format!("{name}\n  want {want}\n  got  {got}"));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} of {} differ:\n{}",
            wrong.len(),
            cases.len(),
            wrong.join("\n")
        );
    })
    .await;
}

/// The part of an answer that does not depend on the server it comes from.
fn normalised(name: &str, answer: &Answer) -> Value {
    let status = answer.status.as_u16();
    let body = if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()
    };
    if status >= 400 {
        return json!({"status": status, "error": body["error"]["name"]});
    }
    if name.starts_with("search/") {
        let results = body["results"].as_array().unwrap();
        let mut refs: Vec<&Value> = results
            .iter()
            .map(|it| &it["document"]["location"])
            .collect();
        refs.sort_by_key(ToString::to_string);
        return json!({"status": status, "refs": refs});
    }
    let mut body = cleaned(body);
    if let Value::Array(items) = &mut body
        && !name.contains("order")
        && !name.contains("paged")
    {
        items.sort_by_key(sorted_text);
    }
    without_places(json!({"status": status, "body": body}))
}

/// References to a root location hold a hash of where its file is.
fn without_places(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("location:default/generated-") => {
            json!("location:default/generated")
        }
        Value::Object(object) => object
            .into_iter()
            .map(|(key, value)| (key, without_places(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_places).collect(),
        other => other,
    }
}

fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("generated-") => json!("generated-location"),
        Value::Object(object) => cleaned_object(object),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        other => other,
    }
}

fn cleaned_object(object: Map<String, Value>) -> Value {
    if object.get("kind") == Some(&json!("Location")) {
        return json!({"kind": "Location"});
    }
    let drop = ["uid", "etag", "nextCursor", "prevCursor"];
    let mut object: Map<String, Value> = object
        .into_iter()
        .filter(|(key, _)| !drop.contains(&key.as_str()))
        .map(|(key, value)| (key, cleaned(value)))
        .collect();
    if let Some(Value::Object(annotations)) = object.get_mut("annotations") {
        annotations.retain(|key, _| !PLACES.contains(&key.as_str()));
    }
    if let Some(Value::Array(relations)) = object.get_mut("relations") {
        relations.sort_by_key(|it| (it["type"].to_string(), it["targetRef"].to_string()));
    }
    if let Some(Value::Object(facets)) = object.get_mut("facets") {
        for counts in facets.values_mut().filter_map(Value::as_array_mut) {
            counts.sort_by_key(|it| it["value"].to_string());
        }
    }
    Value::Object(object)
}

/// A text to sort by that does not depend on the order of keys.
fn sorted_text(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
