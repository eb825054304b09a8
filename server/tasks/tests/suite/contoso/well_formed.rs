//! What files have to be, whatever they are for.

use std::collections::BTreeSet;

use portico_model::{
    KnownKinds, validate_entity,
    yaml::{Limits, parse_documents},
};
use serde_json::Value;

use super::{files::File, words::bicep_problems, yaml};

/// Fails with the first file that a tool would not take.
#[track_caller]
pub(super) fn assert_well_formed(files: &[File]) {
    assert!(!files.is_empty());
    for file in files {
        let File { path, text, .. } = file;
        let name = path.rsplit('/').next().unwrap();
        let is_pipeline = path.starts_with(".github/")
            || path.starts_with("pipelines/")
            || name == "azure-pipelines.yml";
        assert_rendered(path, text, is_pipeline);
        match name.rsplit('.').next().unwrap() {
            "json" | "ipynb" => {
                serde_json::from_str::<Value>(text)
                    .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
            }
            "csproj" | "props" | "slnx" => {
                roxmltree::Document::parse(text)
                    .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
            }
            "bicep" => assert_eq!(
                bicep_problems(text),
                Vec::<String>::new(),
                "{path}:\n{text}"
            ),
            "sh" => assert!(file.executable && text.starts_with("#!/bin/sh\n"), "{path}"),
            _ => {}
        }
        if path.starts_with(".github/workflows/") {
            assert_workflow(files, &yaml(text), path);
        } else if is_pipeline {
            let direct = run_directly(&yaml(text));
            assert!(direct.is_empty(), "{path} runs {direct:?}: write sh FILE");
        }
        match path.as_str() {
            "catalog-info.yaml" => assert_catalog(files, text),
            "azure-pipelines.yml" => assert_pipeline(files, &yaml(text)),
            "azure.yaml" => assert_azd(files, &yaml(text)),
            _ if matches!(name.rsplit('.').next(), Some("yml" | "yaml")) => {
                assert!(yaml(text).is_object(), "{path}");
            }
            _ => {}
        }
    }
}

/// No mark of the template language is left, and nothing that it leaves behind by accident.
#[track_caller]
fn assert_rendered(path: &str, text: &str, is_pipeline: bool) {
    for left in ["{%", "%}", "{#", "undefined", "[object"] {
        assert!(!text.contains(left), "{left} in {path}:\n{text}");
    }
    assert!(is_pipeline || !text.contains("${{"), "{path}:\n{text}");
    assert!(!path.contains("{{") && !path.contains("{%"), "{path}");
    let ends = text.ends_with('\n') && !text.ends_with("\n\n");
    assert!(ends && !text.starts_with('\n'), "{path}:\n{text}");
    let blank = text.lines().find(|line| line.ends_with([' ', '\t']));
    assert_eq!(blank, None, "{path}");
}

fn there(files: &[File], path: &str) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    path == "."
        || files
            .iter()
            .any(|it| it.path == path || it.path.starts_with(&format!("{path}/")))
}

/// Entities are valid, name each other right, and embed what is there.
#[track_caller]
fn assert_catalog(files: &[File], text: &str) {
    let documents = parse_documents(text, &Limits::default());
    let mut names = BTreeSet::new();
    let mut named = Vec::new();
    for document in documents {
        let mut value = document.outcome.unwrap();
        for reference in value["spec"]["dependsOn"].as_array().into_iter().flatten() {
            named.push(reference.as_str().unwrap().to_owned());
        }
        if let Some(embedded) = value["spec"]["definition"]["$text"].as_str() {
            assert!(there(files, embedded), "{embedded}");
            value["spec"]["definition"] = "x".into();
        }
        let entity = validate_entity(value, &KnownKinds::default()).unwrap();
        assert!(
            names.insert(entity.entity_ref().to_string()),
            "twice in\n{text}"
        );
    }
    for reference in named {
        assert!(names.contains(&reference), "{reference} in\n{text}");
    }
}

/// Jobs have steps or call a workflow that is there, and need jobs that are there.
#[track_caller]
fn assert_workflow(files: &[File], workflow: &Value, path: &str) {
    assert!(
        workflow["name"].is_string() && workflow.get("on").is_some(),
        "{path}"
    );
    assert_eq!(workflow["permissions"]["contents"], "read", "{path}");
    let jobs = workflow["jobs"].as_object().unwrap();
    for (name, job) in jobs {
        let needs = match &job["needs"] {
            Value::Array(names) => names.clone(),
            Value::Null => Vec::new(),
            name => vec![name.clone()],
        };
        for needed in needs {
            assert!(
                jobs.contains_key(needed.as_str().unwrap()),
                "{path}: {needed}"
            );
        }
        if let Some(called) = job["uses"].as_str() {
            assert!(there(files, called), "{path}: {called}");
            continue;
        }
        assert!(
            job["runs-on"].is_string() && job["timeout-minutes"].is_u64(),
            "{path}: {name}"
        );
        for step in job["steps"].as_array().unwrap() {
            let does =
                step["run"].is_string() || step["uses"].as_str().is_some_and(|it| it.contains('@'));
            assert!(does, "{path}: {step}");
        }
    }
}

/// Stages or jobs have steps, and templates are there.
#[track_caller]
fn assert_pipeline(files: &[File], pipeline: &Value) {
    assert_eq!(pipeline["trigger"]["branches"]["include"][0], "main");
    let stages = pipeline["stages"].as_array().into_iter().flatten();
    let mut jobs: Vec<&Value> = pipeline["jobs"].as_array().into_iter().flatten().collect();
    for stage in stages {
        match stage["template"].as_str() {
            Some(template) => assert!(there(files, template), "{template}"),
            None => jobs.extend(stage["jobs"].as_array().unwrap()),
        }
    }
    assert!(!jobs.is_empty());
    for step in jobs.iter().flat_map(|job| job["steps"].as_array().unwrap()) {
        let task = step["task"].as_str().is_some_and(|it| it.contains('@'));
        assert!(task || step["script"].is_string(), "{step}");
    }
}

/// Files that scripts of an Azure pipeline run as programs: its host may not know that they are.
fn run_directly(pipeline: &Value) -> Vec<String> {
    let mut found = Vec::new();
    match pipeline {
        Value::Array(all) => found.extend(all.iter().flat_map(run_directly)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value.as_str()) {
                    ("script" | "bash" | "inlineScript", Some(text)) => {
                        let commands = text.split(['\n', '&', '|', ';', '(', ')']);
                        let programs = commands.filter_map(|it| {
                            let mut words = it.split_whitespace();
                            words.find(|word| *word != "!" && *word != "exec")
                        });
                        let files = programs.filter(|it| it.contains('/') && !it.starts_with('/'));
                        found.extend(files.map(str::to_owned));
                    }
                    _ => found.extend(run_directly(value)),
                }
            }
        }
        _ => {}
    }
    found
}

#[test]
fn files_that_are_run_directly_are_found() {
    let of = |script: &str| run_directly(&serde_json::json!({"steps": [{"script": script}]}));
    for fine in [
        "sh ./a.sh \"$(B)\"",
        "train --to ./runs\npytest",
        "a | tee b.txt",
    ] {
        assert!(of(fine).is_empty(), "{fine}");
    }
    for wrong in [
        "./a.sh",
        "set -e\n  ./gradlew build",
        "a && deploy/a.sh",
        "! ./a",
    ] {
        assert_eq!(of(wrong).len(), 1, "{wrong}");
    }
}

/// What it provisions and builds from is there.
#[track_caller]
fn assert_azd(files: &[File], azd: &Value) {
    assert!(azd["name"].is_string());
    let (path, module) = (
        azd["infra"]["path"].as_str(),
        azd["infra"]["module"].as_str(),
    );
    let module = format!("{}/{}.bicep", path.unwrap(), module.unwrap());
    assert!(there(files, &module), "{module}");
    for service in azd["services"]
        .as_object()
        .into_iter()
        .flat_map(|it| it.values())
    {
        assert_eq!(service["host"], "containerapp");
        assert!(there(files, service["project"].as_str().unwrap()));
        assert!(there(files, service["docker"]["path"].as_str().unwrap()));
    }
}
