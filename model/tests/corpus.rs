//! Verdicts on real-world catalog files, compared with recorded ones.
//!
//! The files are not part of the repository; without them the test says so and
//! passes.

#![expect(
    clippy::unwrap_used,
    reason = "a recorded line of another form is a failed test"
)]

use std::{collections::BTreeMap, fs, path::PathBuf};

use portico_model::{
    KnownKinds, validate_entity,
    yaml::{Limits, parse_documents},
};
use serde_json::{Value, json};

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/catalog")
}

/// The verdict on each document of a file, in the recorded form.
fn verdicts(text: &str) -> BTreeMap<u64, Value> {
    parse_documents(text, &Limits::default())
        .into_iter()
        .map(|document| {
            let verdict = match document.outcome {
                Err(error) => json!({"verdict": "yaml-error", "line": error.line}),
                Ok(value) => {
                    let kind = value["kind"].clone();
                    match validate_entity(value, &KnownKinds::default()) {
                        Ok(entity) => {
                            json!({"verdict": "valid", "ref": entity.entity_ref().to_string()})
                        }
                        Err(violations) => json!({
                            "verdict": "invalid",
                            "kind": kind,
                            "pointer": violations[0].pointer,
                        }),
                    }
                }
            };
            (document.index as u64, verdict)
        })
        .collect()
}

/// The part of a recorded line that can be compared.
fn expected(recorded: &Value) -> Value {
    let error = recorded["error"].as_str().unwrap_or_default();
    match recorded["verdict"].as_str().unwrap() {
        "valid" => json!({"verdict": "valid", "ref": recorded["ref"]}),
        "yaml-error" => {
            let (_, place) = error.rsplit_once("at line ").unwrap();
            let line: u64 = place.split(',').next().unwrap().parse().unwrap();
            json!({"verdict": "yaml-error", "line": line})
        }
        verdict => {
            let pointer = if let Some(rest) = error.strip_prefix('"') {
                format!("/{}", rest.split('"').next().unwrap().replace('.', "/"))
            } else if let Some((at, field)) = error.split_once(" must have required property '") {
                format!("{at}/{}", field.split('\'').next().unwrap())
            } else if error.starts_with('/') {
                error.split(' ').next().unwrap().to_owned()
            } else {
                "/apiVersion".to_owned()
            };
            json!({"verdict": verdict, "kind": recorded["kind"], "pointer": pointer})
        }
    }
}

#[test]
fn every_recorded_verdict_is_ours() {
    let folder = corpus();
    let Ok(recorded) = fs::read_to_string(folder.join("verdicts.jsonl")) else {
        eprintln!("SKIPPED: no corpus at {}", folder.display());
        return;
    };
    let mut files: BTreeMap<String, BTreeMap<u64, Value>> = BTreeMap::new();
    for line in recorded.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let file = line["file"].as_str().unwrap().to_owned();
        files
            .entry(file)
            .or_default()
            .insert(line["doc"].as_u64().unwrap(), expected(&line));
    }
    let mut compared = 0;
    for (file, wanted) in files {
        let text = fs::read_to_string(folder.join(&file)).unwrap();
        assert_eq!(verdicts(&text), wanted, "{file}");
        compared += wanted.len();
    }
    assert!(compared > 200, "only {compared} verdicts were compared");
}
