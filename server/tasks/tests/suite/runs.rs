//! From a template to its end.

use std::time::Duration;

use portico_tasks::{StepStatus, TaskOrder, TaskQuery};
use portico_testkit::on_each_engine;
use serde_json::json;

use crate::support::{ADMIN, Portal, Replica, begun, create, ended, entries, events, kinds};

#[tokio::test]
async fn three_steps_to_the_end_and_every_word_of_it() {
    let spec = json!({
        "parameters": {"required": ["name"], "properties": {
            "name": {"type": "string"}, "tier": {"type": "string", "default": "b"}}},
        "steps": [
            {"id": "fetch", "name": "Render", "action": "fetch:template",
             "input": {"url": "./skeleton", "values": {"name": "${{ parameters.name }}"}}},
            {"id": "read", "action": "fs:read", "input": {"path": "README.md"}},
            {"id": "say", "action": "debug:log",
             "input": {"message": "${{ parameters.tier }} for ${{ user.ref }}"}},
        ],
        "output": {"text": [{"title": "It", "content": "${{ steps.read.output.content }}"}]},
    });
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("three", spec.clone())]).await;
        let replica = portal.replica("a");
        let view = replica.done("three", json!({"name": "orders"})).await;
        assert_eq!(
            (view.status.as_str(), view.error.as_deref()),
            ("completed", None)
        );
        assert_eq!(view.template_title, "Make three");
        assert_eq!(view.created_by, "local-admin");
        assert_eq!(view.parameters, json!({"name": "orders", "tier": "b"}));
        assert!(view.started_at >= Some(view.created_at) && view.ended_at >= view.started_at);
        assert!(
            view.steps
                .iter()
                .all(|it| it.status == Some(StepStatus::Completed))
        );
        assert_eq!(view.steps[0].name, "Render");
        assert_eq!(view.output.unwrap()["text"][0]["content"], "# orders\n");
        let events = events(&replica.tasks, view.id).await;
        let places: Vec<i64> = events.iter().map(|it| it.id).collect();
        assert_eq!(places, (1..=events.len() as i64).collect::<Vec<_>>());
        let said = |text: &str| events.iter().any(|it| it.body["message"] == text);
        for text in [
            "Beginning step Render",
            "Finished step Render",
            "b for local-admin",
        ] {
            assert!(said(text), "{text}: {events:?}");
        }
        let last = events.last().unwrap();
        assert_eq!(
            (last.kind.as_str(), &last.body["status"]),
            ("completion", &json!("completed"))
        );
        assert_eq!(last.body["output"]["text"][0]["title"], "It");
        let files = last.body["files"].as_array().unwrap();
        let readme = json!({"path": "README.md", "size": 9});
        assert!(files.contains(&readme), "{files:?}");
        assert_eq!(
            entries(&portal.folder.path().join("tasks/a")),
            0,
            "its folder is gone"
        );
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_hundred_tasks_on_two_replicas_end_once_each() {
    let spec = json!({"steps": [
        {"id": "one", "action": "fs:write", "input": {"path": "a", "content": "b"}},
        {"id": "two", "action": "fs:read", "input": {"path": "a"}},
    ]});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("small", spec.clone())]).await;
        let tasks = portal.tasks();
        let mut ids = Vec::new();
        for _ in 0..100 {
            ids.push(create(&tasks, "small", json!({})).await);
        }
        let replicas = [portal.replica("a"), portal.replica("b")];
        for id in ids {
            assert_eq!(ended(&tasks, id).await.status, "completed");
            assert_eq!(kinds(&tasks, id).await, ["completion"]);
            for step in ["one", "two"] {
                assert_eq!(begun(&tasks, id, step).await, 1, "{step} of {id}");
            }
        }
        for replica in replicas {
            replica.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_task_that_takes_too_long_fails_and_says_so() {
    let spec = json!({"steps": [{"id": "wait", "action": "debug:wait", "input": {"minutes": 5}}]});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("slow", spec.clone())]).await;
        let mut options = portal.options("a");
        options.timeout = Duration::from_millis(100);
        let replica = Replica::of(portal.tasks_with(options));
        let view = replica.done("slow", json!({})).await;
        assert_eq!(view.status, "failed");
        assert!(view.error.unwrap().contains("took longer than"));
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn tasks_are_found_by_what_they_are() {
    let good = json!({"steps": [{"action": "debug:log", "input": {"message": "hi"}}]});
    let bad = json!({"steps": [{"action": "fs:read", "input": {"path": "none"}}]});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("good", good.clone()), ("bad", bad.clone())]).await;
        let replica = portal.replica("a");
        let first = replica.done("good", json!({})).await.id;
        let failed = replica.done("bad", json!({})).await.id;
        let last = replica.done("good", json!({})).await.id;
        let find = async |query: TaskQuery| {
            let query = TaskQuery { limit: 10, ..query };
            let page = replica.tasks.list(&ADMIN, query).await.unwrap();
            let ids = page.tasks.iter().map(|it| it.id).collect::<Vec<_>>();
            assert_eq!(ids.len() as u64, page.total);
            ids
        };
        assert_eq!(find(TaskQuery::default()).await, [last, failed, first]);
        let query = TaskQuery {
            order: TaskOrder::OldestFirst,
            ..TaskQuery::default()
        };
        assert_eq!(find(query).await, [first, failed, last]);
        let query = TaskQuery {
            order: TaskOrder::StatusDown,
            ..TaskQuery::default()
        };
        assert_eq!(find(query).await, [failed, last, first]);
        let query = TaskQuery {
            statuses: vec!["failed".to_owned()],
            ..TaskQuery::default()
        };
        assert_eq!(find(query).await, [failed]);
        let query = TaskQuery {
            template_ref: Some("Template:default/good".to_owned()),
            ..TaskQuery::default()
        };
        assert_eq!(find(query).await, [last, first]);
        let query = TaskQuery {
            created_by: Some("user:default/x".to_owned()),
            ..TaskQuery::default()
        };
        assert!(find(query).await.is_empty());
        let page = TaskQuery {
            limit: 1,
            offset: 1,
            ..TaskQuery::default()
        };
        let page = replica.tasks.list(&ADMIN, page).await.unwrap();
        assert_eq!((page.tasks[0].id, page.total), (failed, 3));
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_janitor_removes_what_killed_processes_left_and_old_tasks() {
    let spec = json!({"steps": [{"action": "debug:log", "input": {"message": "hi"}}]});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("small", spec.clone())]).await;
        let replica = portal.replica("a");
        let id = replica.done("small", json!({})).await.id;
        replica.stop().await;
        let mut options = portal.options("a");
        options.retention = Duration::ZERO;
        let left = options.folder.join(format!("{id}_1_abc"));
        std::fs::create_dir_all(&left).unwrap();
        std::fs::create_dir_all(options.folder.join("not-ours")).unwrap();
        let keeping = portal.tasks_with(portal.options("a"));
        assert_eq!(keeping.clean_up().await.unwrap(), (1, 0));
        assert!(!left.exists() && options.folder.join("not-ours").exists());
        let forgetting = portal.tasks_with(options);
        assert_eq!(forgetting.clean_up().await.unwrap(), (0, 1));
        assert!(forgetting.get(&ADMIN, id).await.is_err());
    })
    .await;
}
