//! Replicas that go away, and what others make of their tasks.

use portico_store::{StoreError, TaskEnd};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{Portal, begun, create, ended, kinds, reached};

fn steps(milliseconds: u64) -> Value {
    json!({
        "steps": [
            {"id": "write", "action": "fs:write", "input": {"path": "a", "content": "kept"}},
            {"id": "wait", "action": "debug:wait", "input": {"milliseconds": milliseconds}},
            {"id": "read", "action": "fs:read", "input": {"path": "a"}},
        ],
        "output": {"found": "${{ steps.read.output.content }}"},
    })
}

#[tokio::test]
async fn a_killed_replicas_task_goes_on_elsewhere_from_its_checkpoint() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("slow", steps(1000))]).await;
        let killed = portal.replica("a");
        let tasks = portal.tasks();
        let id = create(&tasks, "slow", json!({})).await;
        reached(&killed.tasks, id, "wait", "processing").await;
        killed.kill().await;
        let other = portal.replica("b");
        let view = ended(&other.tasks, id).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        assert_eq!(
            view.output.unwrap()["found"],
            "kept",
            "the files came along"
        );
        assert_eq!(
            begun(&tasks, id, "write").await,
            1,
            "what was done is not done again"
        );
        assert_eq!(
            begun(&tasks, id, "wait").await,
            2,
            "what was interrupted is"
        );
        assert_eq!(kinds(&tasks, id).await, ["recovered", "completion"]);
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn who_lost_a_task_cannot_write_to_it() {
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), &[("quick", steps(1))]).await;
        let tasks = portal.tasks();
        let id = create(&tasks, "quick", json!({})).await;
        // It never says again that it is there.
        let ghost = store.claim_task("ghost", 0, 1).await.unwrap().unwrap();
        assert_eq!((ghost.id, ghost.recovered), (id, false));
        let replica = portal.replica("a");
        assert_eq!(ended(&tasks, id).await.status, "completed");
        assert_eq!(kinds(&tasks, id).await, ["recovered", "completion"]);

        let end = TaskEnd {
            status: "failed",
            state: "{}".to_owned(),
            events: Vec::new(),
            keep_workspace: false,
        };
        let written = store
            .save_task(id, ghost.token, 1, Some("{}"), None, &[])
            .await;
        assert!(
            matches!(written, Err(StoreError::LostTask { .. })),
            "{written:?}"
        );
        let written = store.end_task(id, ghost.token, 1, &end).await;
        assert!(
            matches!(written, Err(StoreError::LostTask { .. })),
            "{written:?}"
        );
        assert!(
            store
                .renew_task_leases("ghost", &[id], 1, 1)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(ended(&tasks, id).await.status, "completed");
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_stops_ends_its_step_and_gives_the_task_back() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("slow", steps(500))]).await;
        let tasks = portal.tasks();
        let id = create(&tasks, "slow", json!({})).await;
        let stopping = portal.replica("a");
        reached(&stopping.tasks, id, "wait", "processing").await;
        stopping.stop().await;
        assert!(
            !tasks
                .get(&crate::support::ADMIN, id)
                .await
                .unwrap()
                .has_ended()
        );
        let other = portal.replica("b");
        let view = ended(&tasks, id).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        assert_eq!(view.output.unwrap()["found"], "kept");
        for step in ["write", "wait", "read"] {
            assert_eq!(begun(&tasks, id, step).await, 1, "{step}");
        }
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_step_that_does_not_end_in_time_is_interrupted_and_begun_again_elsewhere() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("slow", steps(1500))]).await;
        let tasks = portal.tasks();
        let id = create(&tasks, "slow", json!({})).await;
        let mut options = portal.options("a");
        options.grace = std::time::Duration::from_millis(50);
        let stopping = crate::support::Replica::of(portal.tasks_with(options));
        reached(&stopping.tasks, id, "wait", "processing").await;
        stopping.stop().await;
        let other = portal.replica("b");
        assert_eq!(ended(&tasks, id).await.status, "completed");
        assert_eq!(begun(&tasks, id, "write").await, 1);
        assert_eq!(begun(&tasks, id, "wait").await, 2);
        other.stop().await;
    })
    .await;
}
