//! Templates that make repositories and propose changes to them.

use portico_model::EntityRef;
use portico_scm::{ChangeRequestState, FileDiff};
use portico_tasks::{DryRun, DryRunTemplate};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal};

fn service() -> Value {
    json!({
        "parameters": {"required": ["name"], "properties": {"name": {"type": "string"}}},
        "steps": [
            {"id": "fetch", "action": "fetch:template",
             "input": {"url": "./skeleton", "values": {"name": "${{ parameters.name }}"}}},
            {"id": "publish", "action": "publish:git",
             "input": {"repoUrl": "local?repo=${{ parameters.name }}",
                       "gitCommitMessage": "Make ${{ parameters.name }}"}},
            {"id": "register", "action": "catalog:register",
             "input": {"repoContentsUrl": "${{ steps.publish.output.repoContentsUrl }}"}},
        ],
        "output": {"links": [
            {"title": "Repository", "url": "${{ steps.publish.output.remoteUrl }}"},
            {"title": "Catalog", "entityRef": "${{ steps.register.output.entityRef }}"},
        ]},
    })
}

fn change() -> Value {
    json!({
        "parameters": {"required": ["repoUrl", "text"], "properties": {
            "repoUrl": {"type": "string"}, "text": {"type": "string"}}},
        "steps": [
            {"id": "fetch", "action": "fetch:plain",
             "input": {"url": "${{ parameters.repoUrl | replace('?repo=', ':') }}"}},
            {"id": "write", "action": "fs:write",
             "input": {"path": "NOTES.md", "content": "${{ parameters.text }}"}},
            {"id": "propose", "action": "publish:git:pull-request",
             "input": {"repoUrl": "${{ parameters.repoUrl }}", "branchName": "notes",
                       "title": "Add notes", "filesToDelete": ["README.md"]}},
        ],
        "output": {"url": "${{ steps.propose.output.remoteUrl }}"},
    })
}

#[tokio::test]
async fn a_template_becomes_a_repository_and_a_catalog_entry_and_is_changed_by_another() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("service", service()), ("change", change())]).await;
        let replica = portal.replica("a");
        let view = replica.done("service", json!({"name": "cakes"})).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        let output = view.output.unwrap();
        assert_eq!(output["links"][0]["url"], "/repositories/cakes");
        assert_eq!(output["links"][1]["entityRef"], "component:default/cakes");
        let readme = portal
            .scm
            .read_file(&ADMIN, "local:cakes", None, "README.md")
            .await;
        assert_eq!(readme.unwrap().unwrap(), b"# cakes\n");
        let branches = portal.scm.branches(&ADMIN, "local:cakes").await.unwrap();
        assert_eq!(
            (branches.len(), branches[0].tip.title.as_str()),
            (1, "Make cakes")
        );
        portal.ingest().await;
        let cakes = EntityRef::new("component", "default", "cakes");
        portal.catalog.entity(&ADMIN, &cakes).await.unwrap();
        let owners = portal.scm.owners(&ADMIN, "local:cakes").await.unwrap();
        assert_eq!(owners, ["group:default/bakers"]);

        let taken = replica.done("service", json!({"name": "cakes"})).await;
        let error = taken.error.unwrap();
        assert!(
            error.contains("there is a repository \"cakes\" already"),
            "{error}"
        );

        let values = json!({"repoUrl": "local?repo=cakes", "text": "Sugar."});
        let view = replica.done("change", values.clone()).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        let url = &view.output.unwrap()["url"];
        assert_eq!(url, "/repositories/cakes/change-requests/1");
        let detail = portal
            .scm
            .change_request(&ADMIN, "local:cakes", 1)
            .await
            .unwrap();
        assert_eq!(detail.change_request.state, ChangeRequestState::Open);
        let files: Vec<&str> = detail.diff.files.iter().map(FileDiff::path).collect();
        assert_eq!(
            files,
            ["NOTES.md", "README.md"],
            "and nothing that is as it was"
        );
        let again = replica.done("change", values).await.error.unwrap();
        assert!(
            again.contains("there is a branch \"notes\" already"),
            "{again}"
        );
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_of_a_change_puts_out_what_the_change_would() {
    let mut spec = change();
    spec["output"] = json!({"it": "${{ steps.propose.output }}"});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("change", spec.clone())]).await;
        let new = portico_scm::NewRepository {
            branch: "trunk".to_owned(),
            message: "Make cakes".to_owned(),
            files: vec![portico_scm::RepositoryFile {
                path: "README.md".to_owned(),
                content: b"# Cakes".to_vec(),
                is_executable: false,
            }],
            ..portico_scm::NewRepository::default()
        };
        let made = portal.scm.create(&ADMIN, "local:cakes", &new).await;
        made.unwrap();
        let dry = DryRun {
            template: DryRunTemplate::Registered("change".to_owned()),
            values: json!({"repoUrl": "local?repo=cakes", "text": "Sugar."}),
            secrets: Value::Null,
            beside: None,
            directory_contents: Vec::new(),
        };
        let result = portal.tasks().dry_run(&ADMIN, dry).await.unwrap();
        assert_eq!(result.error, None);
        assert_eq!(
            result.output["it"],
            json!({
                "remoteUrl": "/repositories/cakes/change-requests/1",
                "pullRequestNumber": 1, "targetBranchName": "trunk",
            })
        );
    })
    .await;
}

#[tokio::test]
async fn a_step_that_is_done_again_finds_what_it_made() {
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), &[("service", service())]).await;
        let tasks = portal.tasks();
        let id = crate::support::create(&tasks, "service", json!({"name": "bread"})).await;
        // A process made the repository and was killed before it wrote that down.
        let new = portico_scm::NewRepository {
            branch: "main".to_owned(),
            message: "Make bread".to_owned(),
            files: vec![portico_scm::RepositoryFile {
                path: "catalog-info.yaml".to_owned(),
                content: b"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: \
                    bread }\nspec: { type: service, lifecycle: production, owner: bakers }\n"
                    .to_vec(),
                is_executable: false,
            }],
            key: Some(format!("{id}/publish")),
            ..portico_scm::NewRepository::default()
        };
        let made = portal
            .scm
            .create(&ADMIN, "local:bread", &new)
            .await
            .unwrap();
        let replica = portal.replica("a");
        let view = crate::support::ended(&tasks, id).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        let row = store.task(id).await.unwrap().unwrap();
        assert!(row.state.contains(&made), "{}", row.state);
        replica.stop().await;
    })
    .await;
}
