//! Stopping tasks and letting them try again.

use std::fs;

use portico_tasks::{StepStatus, TasksError};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal, begun, create, ended, events, kinds, reached};

fn waits() -> Value {
    json!({"steps": [
        {"id": "write", "action": "fs:write", "input": {"path": "a", "content": "b"}},
        {"id": "wait", "action": "debug:wait", "input": {"minutes": 5}},
        {"id": "after", "action": "debug:log"},
    ]})
}

#[tokio::test]
async fn cancelling_reaches_a_running_step_on_this_replica_and_on_another() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("waits", waits())]).await;
        let replica = portal.replica("a");
        for other in [replica.tasks.clone(), portal.tasks()] {
            let id = create(&replica.tasks, "waits", json!({})).await;
            reached(&replica.tasks, id, "wait", "processing").await;
            other.cancel(&ADMIN, id).await.unwrap();
            let view = ended(&replica.tasks, id).await;
            assert_eq!(view.status, "cancelled");
            assert_eq!(view.steps[1].status, Some(StepStatus::Cancelled));
            assert_eq!(view.steps[2].status, None);
            assert_eq!(kinds(&replica.tasks, id).await, ["cancelled", "completion"]);
            let again = other.cancel(&ADMIN, id).await;
            assert!(matches!(again, Err(TasksError::Conflict(_))), "{again:?}");
        }
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_task_that_nobody_began_with_is_cancelled_at_once_and_can_be_tried() {
    let spec = json!({"steps": [{"id": "say", "action": "debug:log"}]});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("small", spec.clone())]).await;
        let tasks = portal.tasks();
        let id = create(&tasks, "small", json!({})).await;
        tasks.cancel(&ADMIN, id).await.unwrap();
        let replica = portal.replica("a");
        assert_eq!(ended(&tasks, id).await.status, "cancelled");
        assert_eq!(begun(&tasks, id, "say").await, 0);
        replica.tasks.retry(&ADMIN, id, Value::Null).await.unwrap();
        assert_eq!(ended(&tasks, id).await.status, "completed");
        let again = tasks.retry(&ADMIN, id, Value::Null).await.unwrap_err();
        assert!(again.to_string().contains("create another one"), "{again}");
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_retry_begins_at_the_step_that_failed_with_the_files_before_it() {
    let spec = json!({
        "steps": [
            {"id": "write", "action": "fs:write", "input": {"path": "a", "content": "kept"}},
            {"id": "fetch", "action": "fetch:plain:file",
             "input": {"url": "./later.txt", "targetPath": "b"}},
            {"id": "read", "action": "fs:read", "input": {"path": "a"}},
            {"id": "clean", "if": "${{ failure() }}", "action": "debug:log",
             "input": {"message": "cleaning up"}},
        ],
        "output": {"found": "${{ steps.read.output.content }}"},
    });
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("later", spec.clone())]).await;
        let first = portal.replica("a");
        let view = first.done("later", json!({})).await;
        assert_eq!(view.status, "failed");
        assert!(
            view.error.as_ref().unwrap().starts_with("step \"fetch\""),
            "{view:?}"
        );
        assert_eq!(view.steps[2].status, Some(StepStatus::Skipped));
        assert_eq!(view.steps[3].status, Some(StepStatus::Completed));
        first.stop().await;

        fs::write(portal.beside("later", "later.txt"), "now").unwrap();
        let other = portal.replica("b");
        other
            .tasks
            .retry(&ADMIN, view.id, Value::Null)
            .await
            .unwrap();
        let view = ended(&other.tasks, view.id).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        assert_eq!(view.output.unwrap()["found"], "kept");
        assert_eq!(begun(&other.tasks, view.id, "write").await, 1);
        assert_eq!(begun(&other.tasks, view.id, "fetch").await, 2);
        let all = events(&other.tasks, view.id).await;
        let recovered = all.iter().find(|it| it.kind == "recovered").unwrap();
        assert_eq!(recovered.body["stepId"], "fetch");
        other.stop().await;
    })
    .await;
}
