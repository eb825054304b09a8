//! The `roadiehq:utils:*` actions, as steps of templates.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made is a failed test"
)]

use std::{fs, io::Read as _, sync::Arc, time::Duration};

use async_trait::async_trait;
use parking_lot::Mutex;
use portico_model::{EntityRef, template::Template};
use portico_scaffolder::{
    CatalogPort, Limits, LocalFolders, MemoryStore, Recorder, Registry, Task, TaskSpec, TaskStatus,
    Workspace,
};
use portico_templating::{Engine, backstage::RepoHosts};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

struct NoCatalog;

#[async_trait]
impl CatalogPort for NoCatalog {
    async fn entity(&self, _: &EntityRef) -> Result<Option<Value>, String> {
        Ok(None)
    }

    async fn register(&self, _: &str) -> Result<Option<EntityRef>, String> {
        Ok(None)
    }
}

/// A task of these steps over a folder with these files.
fn task(files: &[(&str, &str)], steps: Value, output: Value) -> (TempDir, Task) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let template = Template::parse(&json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "service"},
        "spec": {"type": "service", "steps": steps, "output": output},
    }));
    let task = Task {
        spec: TaskSpec {
            id: "t1".to_owned(),
            template: template.unwrap(),
            base_url: None,
            parameters: json!({}),
            secrets: json!({}),
            user: json!({}),
            environment: Value::Null,
        },
        registry: Registry::native(),
        engine: Engine::backstage(RepoHosts::any()),
        workspace: Workspace::open(folder.path(), Limits::default()).unwrap(),
        fetch: Arc::new(LocalFolders::new(Vec::<std::path::PathBuf>::new())),
        catalog: Arc::new(NoCatalog),
        store: Arc::new(MemoryStore::default()),
        events: Arc::new(Mutex::new(Vec::new())),
        cancelled: CancellationToken::new(),
        dry_run: None,
        decisions: portico_scaffolder::Decisions::default(),
    };
    (folder, task)
}

/// Runs one step; its output, and a reader of the files there are then.
async fn step(
    files: &[(&str, &str)],
    action: &str,
    input: Value,
) -> Result<(Value, impl Fn(&str) -> String), String> {
    let steps = json!([{"id": "it", "action": format!("roadiehq:utils:{action}"), "input": input}]);
    let (folder, task) = task(files, steps, json!({"it": "${{ steps.it.output }}"}));
    let outcome = task.run().await;
    if outcome.state.status != TaskStatus::Completed {
        return Err(outcome.error.map(|it| it.to_string()).unwrap_or_default());
    }
    let read = move |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    Ok((outcome.state.output.unwrap()["it"].clone(), read))
}

#[tokio::test]
async fn files_are_written_appended_and_parsed() {
    let (output, read) = step(
        &[("a.txt", "one\n")],
        "fs:append",
        json!({"path": "a.txt", "content": "two\n"}),
    )
    .await
    .unwrap();
    assert_eq!(
        (output["path"].as_str(), read("a.txt").as_str()),
        (Some("a.txt"), "one\ntwo\n")
    );
    let (_, read) = step(&[], "fs:append", json!({"path": "b.txt", "content": "x"}))
        .await
        .unwrap();
    assert_eq!(read("b.txt"), "x");
    let (_, read) = step(
        &[],
        "fs:write",
        json!({"path": "d/c.json", "content": "{\"a\":1}"}),
    )
    .await
    .unwrap();
    assert_eq!(read("d/c.json"), "{\n  \"a\": 1\n}\n");
    let as_is = json!({"path": "c.json", "content": "{\"a\":1}", "preserveFormatting": true});
    let (_, read) = step(&[], "fs:write", as_is).await.unwrap();
    assert_eq!(read("c.json"), "{\"a\":1}");

    let files = [
        ("a.yaml", "a: 1\n---\nb: 2\n"),
        ("one.yaml", "a: [x]"),
        ("a.json", "{\"a\": 1}"),
    ];
    for (path, parser, content) in [
        ("a.yaml", json!("multiyaml"), json!([{"a": 1}, {"b": 2}])),
        ("one.yaml", json!("yaml"), json!({"a": ["x"]})),
        ("a.json", json!("json"), json!({"a": 1})),
    ] {
        let (output, _) = step(&files, "fs:parse", json!({"path": path, "parser": parser}))
            .await
            .unwrap();
        assert_eq!(output["content"], content);
    }
    let error = step(
        &files,
        "fs:parse",
        json!({"path": "a.yaml", "parser": "yaml"}),
    )
    .await;
    let error = error.err().unwrap();
    assert!(error.contains("a.yaml holds 2 documents"), "{error}");
}

#[tokio::test]
async fn text_is_replaced_in_files() {
    let files = [
        ("src/a.cs", "$NAME NAME.NAME"),
        ("src/.b.cs", "NAME"),
        ("c.md", "v1 v2"),
    ];
    let input = json!({"files": [
        {"file": "src/*.cs", "find": "NAME", "replaceWith": "$1"},
        {"file": "c.md", "find": "v(\\d)", "matchRegex": true, "replaceWith": "version $1"},
    ]});
    let (_, read) = step(&files, "fs:replace", input).await.unwrap();
    assert_eq!(read("src/a.cs"), "$$1 $1.$1");
    assert_eq!(read("src/.b.cs"), "NAME", "dot files only when asked for");
    assert_eq!(read("c.md"), "version 1 version 2");
    let dots = json!({"files": [{"file": "**/*.cs", "find": "NAME", "replaceWith": "x",
        "includeDotFiles": true}]});
    let (_, read) = step(&files, "fs:replace", dots).await.unwrap();
    assert_eq!(read("src/.b.cs"), "x");
    for (file, find, said) in [
        ("no.md", "x", "there is no no.md"),
        ("c.md", "(", "is no expression"),
    ] {
        let input = json!({"files": [
            {"file": file, "find": find, "matchRegex": true, "replaceWith": ""}]});
        let error = step(&files, "fs:replace", input).await.err().unwrap();
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn jsonata_reads_data_and_files() {
    let data = json!({"data": {"items": [{"price": 1.5}, {"price": 2.5}]}, "expression": "$sum(items.price)"});
    let (output, _) = step(&[], "jsonata", data).await.unwrap();
    assert_eq!(output["result"], 4);
    let (output, _) = step(&[], "jsonata", json!({"data": {}, "expression": "nothing"}))
        .await
        .unwrap();
    assert_eq!(output["result"], Value::Null);
    let files = [
        ("a.json", "{\"a\": {\"b\": [1, 2]}}"),
        ("a.yaml", "a: {b: 1}\n---\na: {b: 2}\n"),
    ];
    let text = json!({"path": "a.json", "expression": "a", "space": 1});
    let (output, _) = step(&files, "jsonata:json:transform", text).await.unwrap();
    assert_eq!(output["result"], "{\n \"b\": [\n  1,\n  2\n ]\n}");
    let yaml = json!({"path": "a.yaml", "expression": "a.b", "loadAll": true, "as": "object"});
    let (output, _) = step(&files, "jsonata:yaml:transform", yaml).await.unwrap();
    assert_eq!(output["result"], json!([1, 2]));
}

#[tokio::test]
async fn jsonata_is_bounded() {
    let deep = "($f := function($n) { 1 + $f($n + 1) }; $f(0))";
    let error = step(&[], "jsonata", json!({"data": {}, "expression": deep}))
        .await
        .err()
        .unwrap();
    assert!(error.contains("D1011"), "{error}");
    let error = step(&[], "jsonata", json!({"data": {}, "expression": "$sum("}))
        .await
        .err()
        .unwrap();
    assert!(error.contains("input.expression: "), "{error}");
    // One that never ends, stopped with its task.
    let endless = json!([{"id": "it", "action": "roadiehq:utils:jsonata",
        "input": {"data": {}, "expression": "($f := function() { $f() }; $f())"}}]);
    let (_folder, task) = task(&[], endless, json!({}));
    let cancelled = task.cancelled.clone();
    let run = tokio::spawn(async move { task.run().await });
    cancelled.cancel();
    let outcome = tokio::time::timeout(Duration::from_secs(4), run)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(outcome.state.status, TaskStatus::Cancelled);
}

#[tokio::test]
async fn data_is_merged_into_files() {
    let yaml = "# one\nkind: A\nlist: [1]\n---\n# two\nkind: B # b\nname: x\n";
    let files = [("a.yaml", yaml), ("a.json", "{\"a\": [1], \"b\": 1}")];
    let input = json!({"path": "a.yaml", "content": {"name": "new"}, "preserveYamlComments": true,
        "useDocumentIncludingField": {"key": "kind", "value": "B"}});
    let (_, read) = step(&files, "merge", input).await.unwrap();
    assert_eq!(read("a.yaml"), yaml.replace("name: x", "name: new"));
    let unsaid = step(&files, "merge", json!({"path": "a.yaml", "content": {}}))
        .await
        .err()
        .unwrap();
    assert!(
        unsaid.contains("say which with input.useDocumentIncludingField"),
        "{unsaid}"
    );
    let plain = json!({"path": "b.yml", "content": "name: new"});
    let (_, read) = step(&[("b.yml", "name: x # why\nid: 1\n")], "merge", plain)
        .await
        .unwrap();
    assert_eq!(read("b.yml"), "name: new\nid: 1\n");
    for action in ["merge", "json:merge"] {
        let input = json!({"path": "a.json", "content": {"a": [2]}, "mergeArrays": true});
        let (_, read) = step(&files, action, input).await.unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&read("a.json")).unwrap(),
            json!({"a": [1, 2], "b": 1})
        );
    }
    let (output, _) = step(
        &[],
        "serialize:json",
        json!({"content": {"a": 1, "b": {"a": 2}}, "replacer": ["a"]}),
    )
    .await
    .unwrap();
    assert_eq!(output["serialized"], "{\"a\":1}");
    let (output, _) = step(&[], "serialize:yaml", json!({"content": {"a": [1]}}))
        .await
        .unwrap();
    assert_eq!(output["serialized"], "a:\n  - 1\n");
}

#[tokio::test]
async fn folders_become_archives() {
    let files = [("d/a.txt", "a"), ("d/e/b.txt", "bb"), ("other.txt", "c")];
    let steps = json!([{"action": "roadiehq:utils:zip",
        "input": {"path": "d", "outputPath": "out/d.zip"}}]);
    let (folder, task) = task(&files, steps, json!({}));
    assert_eq!(task.run().await.state.status, TaskStatus::Completed);
    let archive = fs::File::open(folder.path().join("out/d.zip")).unwrap();
    let mut archive = zip::ZipArchive::new(archive).unwrap();
    let names: Vec<String> = archive
        .file_names()
        .map(|it| it.unwrap().into_owned())
        .collect();
    assert_eq!(names, ["a.txt", "e/b.txt"]);
    let mut content = String::new();
    archive
        .by_name("e/b.txt")
        .unwrap()
        .read_to_string(&mut content)
        .unwrap();
    assert_eq!(content, "bb");
}

#[tokio::test]
async fn a_dry_run_does_not_sleep() {
    let steps = json!([{"action": "roadiehq:utils:sleep", "input": {"amount": 500}}]);
    let (_folder, mut task) = task(&[], steps, json!({}));
    let recorder = Recorder::default();
    task.dry_run = Some(recorder.clone());
    assert_eq!(task.run().await.state.status, TaskStatus::Completed);
    assert_eq!(recorder.effects()[0].summary, "wait for 500 s");
}
