//! What templates would do.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_tasks::{DryRun, DryRunFile, DryRunTemplate, TaskQuery};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal, entity};

fn service() -> Value {
    json!({
        "parameters": {"required": ["name"], "properties": {"name": {"type": "string"}}},
        "steps": [
            {"id": "fetch", "action": "fetch:template",
             "input": {"url": "./skeleton", "values": {"name": "${{ parameters.name }}"}}},
            {"id": "publish", "action": "publish:git",
             "input": {"repoUrl": "local?repo=${{ parameters.name }}"}},
            {"id": "register", "action": "catalog:register",
             "input": {"repoContentsUrl": "${{ steps.publish.output.repoContentsUrl }}"}},
        ],
        "output": {"url": "${{ steps.publish.output.remoteUrl }}"},
    })
}

fn dry(template: DryRunTemplate) -> DryRun {
    DryRun {
        template,
        values: json!({"name": "cakes"}),
        secrets: Value::Null,
        beside: None,
        directory_contents: Vec::new(),
    }
}

#[tokio::test]
async fn everything_is_told_and_nothing_is_done() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("service", service())]).await;
        let tasks = portal.tasks();
        let registered = dry(DryRunTemplate::Registered("service".to_owned()));
        let result = tasks.dry_run(&ADMIN, registered).await.unwrap();
        assert_eq!(result.error, None);
        let readme = result
            .directory_contents
            .iter()
            .find(|it| it.path == "README.md");
        assert_eq!(
            STANDARD.decode(&readme.unwrap().base64_content).unwrap(),
            b"# cakes\n"
        );
        let effects: Vec<&str> = result
            .effects
            .iter()
            .map(|it| it.summary.as_str())
            .collect();
        assert_eq!(
            effects,
            [
                "make the repository local:cakes with 2 files",
                "register local:cakes#main:/catalog-info.yaml",
            ]
        );
        assert_eq!(result.output["url"], "/repositories/cakes");
        assert!(portal.scm.repositories(&ADMIN).await.unwrap().is_empty());
        let query = TaskQuery {
            limit: 1,
            ..TaskQuery::default()
        };
        assert_eq!(tasks.list(&ADMIN, query).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test]
async fn a_draft_brings_its_files_along() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[]).await;
        let tasks = portal.tasks();
        let mut draft = dry(DryRunTemplate::Draft(entity("draft", &service())));
        draft.directory_contents = vec![DryRunFile {
            path: "./skeleton/${{ values.name }}.txt".to_owned(),
            base64_content: STANDARD.encode("I am ${{ values.name }}"),
            executable: true,
        }];
        let result = tasks.dry_run(&ADMIN, draft).await.unwrap();
        assert_eq!(result.error, None);
        let files = &result.directory_contents;
        assert_eq!((files.len(), files[0].path.as_str()), (1, "cakes.txt"));
        assert_eq!(
            STANDARD.decode(&files[0].base64_content).unwrap(),
            b"I am cakes"
        );
        assert!(files[0].executable);

        let empty = dry(DryRunTemplate::Draft(entity("draft", &service())));
        let result = tasks.dry_run(&ADMIN, empty).await.unwrap();
        let error = result.error.unwrap();
        assert!(
            error.contains("no such folder beside the template"),
            "{error}"
        );

        let parsed: DryRun = serde_json::from_value(json!({
            "template": {"kind": "Template"}, "values": {}, "secrets": {}}))
        .unwrap();
        let wrong = tasks.dry_run(&ADMIN, parsed).await.unwrap_err().to_string();
        assert!(wrong.contains("apiVersion"), "{wrong}");
    })
    .await;
}

#[tokio::test]
async fn what_the_platform_team_set_is_there_and_its_secrets_are_not_shown() {
    let set = "scaffolder: { defaultEnvironment: { parameters: { region: westeurope }, \
               secrets: { KEY: not-to-be-seen } } }";
    let template = json!({"steps": [
        {"action": "fs:write", "input": {"path": "out.txt",
            "content": "${{ environment.parameters.region }} ${{ environment.secrets.KEY }}"}},
        {"action": "debug:log", "input": {"listWorkspace": "with-contents"}},
    ]});
    on_each_engine(async |store| {
        let portal = Portal::with_config(store, &[("set", template.clone())], set).await;
        let tasks = portal.tasks();
        let registered = DryRun {
            values: json!({}),
            ..dry(DryRunTemplate::Registered("set".to_owned()))
        };
        let result = tasks.dry_run(&ADMIN, registered).await.unwrap();
        assert_eq!(result.error, None);
        let file = &result.directory_contents[0];
        assert_eq!(
            STANDARD.decode(&file.base64_content).unwrap(),
            b"westeurope ********"
        );
        let replica = portal.replica("one");
        let done = replica.done("set", json!({})).await;
        assert_eq!(done.status, "completed");
        let told = tasks.events(&ADMIN, done.id, 0).await.unwrap();
        let told = format!("{told:?}");
        assert!(told.contains("westeurope ***"), "{told}");
        assert!(!told.contains("not-to-be-seen"), "{told}");
        replica.stop().await;
    })
    .await;
}
