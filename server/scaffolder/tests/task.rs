//! Tasks from template to outcome, over a folder and an in-memory catalog.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made is a failed test"
)]

use std::{fs, sync::Arc};

use async_trait::async_trait;
use parking_lot::Mutex;
use portico_model::{EntityRef, template::Template};
use portico_scaffolder::{
    CatalogPort, Limits, LocalFolders, MemoryStore, Outcome, Recorder, Registry, StepStatus, Task,
    TaskEvent, TaskSpec, TaskState, TaskStatus, Workspace,
};
use portico_templating::{Engine, backstage::RepoHosts};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

#[derive(Default)]
struct Catalog(Mutex<Vec<String>>);

#[async_trait]
impl CatalogPort for Catalog {
    async fn entity(&self, entity_ref: &EntityRef) -> Result<Option<Value>, String> {
        let known = entity_ref.to_string() == "group:default/shop";
        Ok(known.then(|| json!({"metadata": {"name": "shop"}})))
    }

    async fn register(&self, url: &str) -> Result<Option<EntityRef>, String> {
        self.0.lock().push(url.to_owned());
        Ok(Some(EntityRef::new("component", "default", "orders")))
    }
}

struct Fixture {
    folder: TempDir,
    events: Arc<Mutex<Vec<TaskEvent>>>,
    catalog: Arc<Catalog>,
    task: Task,
}

fn fixture(steps: Value, output: Value) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in [
        (
            "template/skeleton/README.md",
            "# ${{ values.name | title }}\n",
        ),
        (
            "template/skeleton/src/${{ values.name }}.cs",
            "class ${{ values.name }} {}\n",
        ),
        (
            "template/skeleton/{% if values.docs %}docs.md{% endif %}",
            "docs",
        ),
        (
            "template/skeleton/ci/pipeline.yml",
            "run: ${{ github.ref }}\n",
        ),
        ("template/skeleton/logo.png", "\0${{ values.name }}"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    fs::write(folder.path().join("secret"), "s").unwrap();
    fs::create_dir(folder.path().join("work")).unwrap();
    let template = Template::parse(&json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "service"},
        "spec": {"type": "service", "steps": steps, "output": output},
    }))
    .unwrap();
    let events = Arc::new(Mutex::new(Vec::new()));
    let catalog = Arc::new(Catalog::default());
    let task = Task {
        spec: TaskSpec {
            id: "t1".to_owned(),
            template,
            base_url: Some(
                folder
                    .path()
                    .join("template/template.yaml")
                    .display()
                    .to_string(),
            ),
            parameters: json!({"name": "orders", "list": ["a", "b"], "empty": []}),
            secrets: json!({"token": "hunter2!"}),
            user: json!({"ref": "user:default/ada"}),
            environment: Value::Null,
        },
        registry: Registry::native(),
        engine: Engine::backstage(RepoHosts::any()),
        workspace: Workspace::open(&folder.path().join("work"), Limits::default()).unwrap(),
        fetch: Arc::new(LocalFolders::new([folder.path().join("template")])),
        catalog: catalog.clone(),
        store: Arc::new(MemoryStore::default()),
        events: events.clone(),
        cancelled: CancellationToken::new(),
        dry_run: None,
        decisions: portico_scaffolder::Decisions::default(),
    };
    Fixture {
        folder,
        events,
        catalog,
        task,
    }
}

impl Fixture {
    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join("work").join(path)).unwrap()
    }

    fn log(&self) -> String {
        let events = self.events.lock();
        let lines = events.iter().filter_map(|event| match event {
            TaskEvent::Log { message, .. } => Some(message.as_str()),
            _ => None,
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn statuses(outcome: &Outcome) -> Vec<StepStatus> {
    outcome.state.steps.iter().map(|step| step.status).collect()
}

fn problem(outcome: &Outcome) -> String {
    outcome
        .error
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[tokio::test]
async fn a_template_becomes_files_and_a_catalog_entry() {
    let it = fixture(
        json!([
            {"id": "fetch", "action": "fetch:template", "input": {
                "url": "./skeleton", "copyWithoutTemplating": ["ci/**"],
                "values": {"name": "${{ parameters.name }}"}}},
            {"id": "write", "action": "catalog:write", "input": {"entity": {
                "kind": "Component", "metadata": {"name": "${{ parameters.name }}"}}}},
            {"id": "owner", "action": "catalog:fetch", "input": {"entityRef": "group:shop"}},
            {"id": "register", "action": "catalog:register", "input": {
                "repoContentsUrl": "https://git.example.com/orders/"}},
        ]),
        json!({
            "links": [
                {"title": "Open", "entityRef": "${{ steps.register.output.entityRef }}"},
                {"title": "No", "url": "x", "if": "${{ parameters.empty }}"},
            ],
            "text": [{"content": "By ${{ steps.owner.output.entity.metadata.name }}"}],
        }),
    );
    let outcome = it.task.run().await;
    assert_eq!(problem(&outcome), "");
    assert_eq!(it.read("README.md"), "# Orders\n");
    assert_eq!(it.read("src/orders.cs"), "class orders {}\n");
    assert_eq!(it.read("ci/pipeline.yml"), "run: ${{ github.ref }}\n");
    assert_eq!(it.read("logo.png"), "\0${{ values.name }}");
    assert!(!it.folder.path().join("work/docs.md").exists());
    assert!(
        it.read("catalog-info.yaml")
            .contains("template:default/service")
    );
    assert_eq!(
        *it.catalog.0.lock(),
        ["https://git.example.com/orders/catalog-info.yaml"]
    );
    let output = outcome.state.output.unwrap();
    assert_eq!(output["links"].as_array().unwrap().len(), 1);
    assert_eq!(output["links"][0]["entityRef"], "component:default/orders");
    assert_eq!(output["text"][0]["content"], "By shop");
    assert!(matches!(
        it.events.lock().last(),
        Some(TaskEvent::Completed { .. })
    ));
}

#[tokio::test]
async fn conditions_items_and_failures() {
    use StepStatus::{Completed, Failed, Skipped};

    let it = fixture(
        json!([
            {"id": "each", "action": "fs:write", "each": "${{ parameters.list }}",
             "input": {"path": "${{ each.value }}.txt", "content": "${{ each.key }}"}},
            {"id": "never", "if": "${{ parameters.empty }}", "action": "debug:log"},
            {"id": "breaks", "action": "fs:read", "input": {"path": "none"}},
            {"id": "after", "action": "debug:log"},
            {"id": "fixed", "if": true, "action": "debug:log"},
            {"id": "clean", "if": "${{ always() }}", "action": "debug:log"},
            {"id": "rescue", "if": "${{ failure() }}", "action": "debug:log"},
        ]),
        json!({}),
    );
    let outcome = it.task.run().await;
    assert_eq!(
        statuses(&outcome),
        [
            Completed, Skipped, Failed, Skipped, Skipped, Completed, Completed
        ]
    );
    assert_eq!(
        outcome.state.steps[0].output["path"],
        json!(["a.txt", "b.txt"])
    );
    assert_eq!(it.read("b.txt"), "1");
    assert_eq!(
        problem(&outcome),
        "step \"breaks\": there is no none in the workspace"
    );
    assert_eq!(outcome.state.status, TaskStatus::Failed);
}

#[tokio::test]
async fn without_a_failure_only_failure_is_left_out() {
    let it = fixture(
        json!([
            {"if": "${{ failure() }}", "action": "debug:log"},
            {"if": "${{ always() }}", "action": "debug:log"},
        ]),
        json!({}),
    );
    let outcome = it.task.run().await;
    assert_eq!(
        statuses(&outcome),
        [StepStatus::Skipped, StepStatus::Completed]
    );
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let run = async |steps: Value| problem(&fixture(steps, json!({})).task.run().await);
    assert_eq!(
        run(json!([{"id": "a", "action": "fetch:tempalte"}])).await,
        "step \"a\": there is no action \"fetch:tempalte\"; did you mean \"fetch:template\"?"
    );
    assert_eq!(
        run(json!([{"id": "a", "action": "fetch:plain"}])).await,
        "step \"a\": input.url is missing"
    );
    let wrong = run(json!([{"id": "a", "action": "debug:log", "input": {"message": ["x"]}}])).await;
    assert!(
        wrong.starts_with("step \"a\": input.message is wrong"),
        "{wrong}"
    );
    let wrong =
        run(json!([{"id": "a", "action": "debug:log", "input": {"message": "${{ 1 | uper }}"}}]))
            .await;
    assert_eq!(
        wrong,
        "step \"a\": input.message, line 1: there is no filter \"uper\"; did you mean \"upper\"?"
    );
    let outside =
        run(json!([{"id": "a", "action": "fetch:plain", "input": {"url": "../secret"}}])).await;
    assert!(outside.contains("outside of the folders"), "{outside}");
    let outside =
        run(json!([{"id": "a", "action": "fs:write", "input": {"path": "../x", "content": ""}}]))
            .await;
    assert!(
        outside.contains("is not a path in the workspace"),
        "{outside}"
    );
}

#[tokio::test]
async fn secrets_are_seen_by_input_alone_and_never_told() {
    let it = fixture(
        json!([
            {"id": "a", "action": "debug:log", "input": {"message": "key ${{ secrets.token }}"}},
            {"id": "b", "if": "${{ secrets.token }}", "action": "debug:log"},
            {"id": "c", "action": "debug:wait", "input": {"seconds": "${{ secrets.token }}"}},
        ]),
        json!({}),
    );
    let outcome = it.task.run().await;
    assert_eq!(statuses(&outcome)[1], StepStatus::Skipped);
    let told = format!("{:?}", it.events.lock());
    assert!(
        told.contains("key ***") && !told.contains("hunter2!"),
        "{told}"
    );
}

#[tokio::test]
async fn a_task_goes_on_where_it_was() {
    let it = fixture(
        json!([
            {"id": "first", "action": "fs:write", "input": {"path": "a", "content": "again"}},
            {"id": "second", "action": "debug:log",
             "input": {"message": "saw ${{ steps.first.output.path }}"}},
        ]),
        json!({}),
    );
    let done = portico_scaffolder::StepState {
        id: "first".to_owned(),
        status: StepStatus::Completed,
        output: json!({"path": "kept"}).as_object().unwrap().clone(),
    };
    let state = TaskState {
        steps: vec![done],
        ..TaskState::default()
    };
    it.task.store.save("t1", &state).await.unwrap();
    assert_eq!(problem(&it.task.run().await), "");
    assert_eq!(it.log(), "saw kept");
    assert!(!it.folder.path().join("work/a").exists());
}

#[tokio::test]
async fn what_is_kept_has_no_secrets_though_later_steps_see_them() {
    let it = fixture(
        json!([
            {"id": "a", "action": "fs:write",
             "input": {"path": "s", "content": "${{ secrets.token }}"}},
            {"id": "b", "action": "fs:read", "input": {"path": "s"}},
            {"id": "c", "action": "fs:write",
             "input": {"path": "t", "content": "${{ steps.b.output.content }}"}},
        ]),
        json!({"found": "${{ steps.b.output.content }}"}),
    );
    let outcome = it.task.run().await;
    assert_eq!(problem(&outcome), "");
    assert_eq!(it.read("t"), "hunter2!");
    let kept = it.task.store.load("t1").await.unwrap().unwrap();
    for state in [outcome.state, kept] {
        assert_eq!(state.steps[1].output["content"], "***");
        assert_eq!(state.output.unwrap()["found"], "***");
    }
}

#[tokio::test]
async fn a_task_that_was_interrupted_after_a_failure_still_has_failed() {
    let it = fixture(
        json!([
            {"id": "breaks", "action": "fs:read", "input": {"path": "none"}},
            {"id": "never", "action": "debug:log", "input": {"message": "no"}},
            {"id": "clean", "if": "${{ always() }}", "action": "debug:log",
             "input": {"message": "cleaned"}},
        ]),
        json!({}),
    );
    it.task.run().await;
    let mut state = it.task.store.load("t1").await.unwrap().unwrap();
    let why = state.error.clone().unwrap();
    assert!(why.starts_with("step \"breaks\""), "{why}");
    state.steps.truncate(1);
    it.task.store.save("t1", &state).await.unwrap();
    it.events.lock().clear();
    let outcome = it.task.run().await;
    assert_eq!(
        statuses(&outcome),
        [
            StepStatus::Failed,
            StepStatus::Skipped,
            StepStatus::Completed
        ]
    );
    assert_eq!(
        (outcome.state.status, problem(&outcome)),
        (TaskStatus::Failed, why)
    );
    assert_eq!(it.log(), "cleaned");
    let again = outcome.state.before_failure();
    assert!(again.steps.is_empty() && again.error.is_none());
}

#[tokio::test]
async fn cancelling_reaches_a_step_that_waits() {
    let it = fixture(
        json!([{"action": "debug:wait", "input": {"minutes": 5}}, {"action": "debug:log"}]),
        json!({}),
    );
    let running = it.task.clone();
    let running = tokio::spawn(async move { running.run().await });
    while it.events.lock().is_empty() {
        tokio::task::yield_now().await;
    }
    it.task.cancelled.cancel();
    let outcome = running.await.unwrap();
    assert_eq!(statuses(&outcome), [StepStatus::Cancelled]);
    assert_eq!(outcome.state.status, TaskStatus::Cancelled);
}

#[tokio::test]
async fn a_dry_run_changes_nothing_outside() {
    let mut it = fixture(
        json!([
            {"action": "debug:wait", "input": {"minutes": 5}},
            {"id": "r", "action": "catalog:register", "input": {"catalogInfoUrl": "https://x.example/c.yaml"}},
            {"action": "fs:write", "input": {"path": "a", "content": "${{ steps.r.output.catalogInfoUrl }}"}},
        ]),
        json!({}),
    );
    let recorder = Recorder::default();
    it.task.dry_run = Some(recorder.clone());
    assert_eq!(problem(&it.task.run().await), "");
    assert!(it.catalog.0.lock().is_empty());
    assert_eq!(
        recorder.effects()[0].summary,
        "register https://x.example/c.yaml"
    );
    assert_eq!(it.read("a"), "https://x.example/c.yaml");
    assert!(it.log().contains("left out of dry runs"));
}

#[test]
fn every_action_is_documented() {
    for action in Registry::native().iter() {
        assert!(!action.description().is_empty(), "{}", action.id());
        assert!(!action.examples().is_empty(), "{}", action.id());
        let schema = action.input();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for example in action.examples() {
            // Expressions stand where other types will be.
            let text = example.input.to_string();
            assert!(
                text.contains("${{") || validator.is_valid(&example.input),
                "{}",
                action.id()
            );
        }
    }
}
