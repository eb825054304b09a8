//! Templates that somebody is writing.

use portico_tasks::{DryRun, DryRunTemplate, ProposedDraft};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal};

const DRAFT: &str = "apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: bread
spec:
  type: service
  parameters:
    - title: Dough
      properties:
        name: { type: string }
  steps:
    - id: render
      action: fetch:template
      input:
        url: ./skeleton
        values: { name: \"${{ parameters.name }}\" }
";

fn rendering() -> Value {
    json!({"steps": [{"id": "a", "action": "debug:log", "input": {}}]})
}

#[tokio::test]
async fn a_draft_is_told_what_is_wrong_and_where() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[]).await;
        let tasks = portal.tasks();
        let check = async |text: &str| {
            let check = tasks.check_draft(&ADMIN, text).await.unwrap();
            let told = check.problems.into_iter();
            let told: Vec<_> = told.map(|it| (it.line.unwrap_or(0), it.message)).collect();
            (told, check.form.is_some())
        };
        assert_eq!(check(DRAFT).await, (vec![], true));
        let with = |from: &str, to: &str| DRAFT.replace(from, to);

        let (told, form) = check(&with("action: fetch:template", "action: fetch:templat")).await;
        assert!(
            form && told[0].0 == 13 && told[0].1.contains("did you mean"),
            "{told:?}"
        );
        let (told, form) = check(&with("url: ./skeleton", "uri: ./skeleton")).await;
        assert!(
            form && told[0].0 == 14 && told[0].1.contains("url is missing"),
            "{told:?}"
        );
        let (told, form) = check(&with("${{ parameters.name }}", "${{ parameters. }}")).await;
        assert!(form && told[0].0 == 16, "{told:?}");
        assert!(
            told[0].1.starts_with("spec.steps[0].input.values.name"),
            "{told:?}"
        );
        let (told, form) = check(&with("kind: Template", "kind: Templat")).await;
        assert!(!form && told[0].0 == 2, "{told:?}");
        let (told, form) = check(&with("  name: bread", "  name: [bread")).await;
        assert!(!form && told[0].0 > 3, "{told:?}");
        let (told, form) = check("").await;
        assert!(!form && !told.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_draft_uses_what_is_beside_the_template_it_is_made_from() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("bread", rendering())]).await;
        let tasks = portal.tasks();
        let bread = portico_model::EntityRef::new("template", "default", "bread");
        let source = tasks.template_source(&ADMIN, &bread).await.unwrap();
        assert!(source.text.contains("debug:log"), "{source:?}");
        assert_eq!(source.repository, None);
        let entity = tasks
            .check_draft(&ADMIN, DRAFT)
            .await
            .unwrap()
            .entity
            .unwrap();
        let dry = |beside: Option<&str>| DryRun {
            template: DryRunTemplate::Draft(entity.clone()),
            values: json!({"name": "rye"}),
            secrets: Value::Null,
            beside: beside.map(str::to_owned),
            directory_contents: Vec::new(),
        };
        let result = tasks.dry_run(&ADMIN, dry(Some("bread"))).await.unwrap();
        assert_eq!(result.error, None);
        let paths: Vec<_> = result
            .directory_contents
            .iter()
            .map(|it| &*it.path)
            .collect();
        assert!(paths.contains(&"README.md"), "{paths:?}");
        let result = tasks.dry_run(&ADMIN, dry(None)).await.unwrap();
        assert!(result.error.unwrap().contains("skeleton"));
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_proposed_to_a_repository() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[]).await;
        let tasks = portal.tasks();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("README.md"), "# Paths").unwrap();
        portal
            .local()
            .import("paths", folder.path(), 0)
            .await
            .unwrap();
        let draft = |text: &str| ProposedDraft {
            text: text.to_owned(),
            repository: "local:paths".to_owned(),
            path: "bread/template.yaml".to_owned(),
            title: "Bread".to_owned(),
            body: "It rises.".to_owned(),
        };
        let made = tasks.propose_draft(&ADMIN, draft(DRAFT)).await.unwrap();
        assert_eq!((made.number, made.base.as_str()), (1, "main"));
        let branch = Some(made.branch.as_str());
        let file = portal
            .scm
            .read_file(&ADMIN, "local:paths", branch, "bread/template.yaml");
        assert_eq!(file.await.unwrap().unwrap(), DRAFT.as_bytes());
        let refused = tasks.propose_draft(&ADMIN, draft("kind: Component")).await;
        assert!(refused.unwrap_err().to_string().contains("spec"));
    })
    .await;
}
