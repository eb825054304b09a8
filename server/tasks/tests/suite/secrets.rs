//! Secrets: in no row, at no time, and gone at the end.

use portico_store::Store;
use portico_tasks::{EventView, NewTask, Tasks, TasksError};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{ADMIN, Portal, ended, events, reached};

const SECRET: &str = "hunter2-and-more";

fn leaks() -> Value {
    json!({
        "secrets": {"schema": {"type": "object", "required": ["token"]}},
        "steps": [
            {"id": "write", "action": "fs:write",
             "input": {"path": "secret.txt", "content": "${{ secrets.token }}"}},
            {"id": "read", "action": "fs:read", "input": {"path": "secret.txt"}},
            {"id": "say", "action": "debug:log",
             "input": {"message": "it is ${{ steps.read.output.content }}"}},
            {"id": "wait", "action": "debug:wait", "input": {"minutes": 5}},
        ],
        "output": {"found": "${{ steps.read.output.content }}"},
    })
}

/// Waits until the step that was interrupted runs for the second time.
async fn reached_again(tasks: &Tasks, id: Uuid) {
    let mut follower = tasks.follow(&ADMIN, id, 0).await.unwrap();
    let mut begun = 0;
    while let Some(events) = follower.next().await.unwrap() {
        let wanted =
            |it: &&EventView| it.body["stepId"] == "wait" && it.body["status"] == "processing";
        begun += events.iter().filter(wanted).count();
        if begun == 2 {
            return;
        }
    }
    panic!("{id} ended before it was tried again");
}

/// Everything that the database holds of a task, as text.
async fn stored(store: &Store, id: Uuid) -> String {
    let row = store.task(id).await.unwrap().unwrap();
    let events = store.task_events(id, 0, 1000).await.unwrap();
    let secrets = store.task_secrets(id).await.unwrap();
    let files = store.task_workspace(id).await.unwrap();
    let text =
        |bytes: Option<Vec<u8>>| String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    format!("{row:?} {events:?} {} {}", text(secrets), text(files))
}

#[tokio::test]
async fn secrets_are_in_no_row_while_a_task_runs_nor_after() {
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), &[("leaks", leaks())]).await;
        let replica = portal.replica("a");
        let new = NewTask {
            template_ref: "leaks".to_owned(),
            secrets: json!({"token": SECRET}),
            ..NewTask::default()
        };
        let id = replica.tasks.create(&ADMIN, new).await.unwrap();
        reached(&replica.tasks, id, "wait", "processing").await;
        assert!(store.task_secrets(id).await.unwrap().is_some());
        assert!(store.task_workspace(id).await.unwrap().is_some());
        let held = stored(&store, id).await;
        assert!(!held.contains(SECRET), "{held}");
        let said = events(&replica.tasks, id).await;
        assert!(
            said.iter().any(|it| it.body["message"] == "it is ***"),
            "{said:?}"
        );

        replica.tasks.cancel(&ADMIN, id).await.unwrap();
        ended(&replica.tasks, id).await;
        assert_eq!(store.task_secrets(id).await.unwrap(), None, "wiped");
        let held = stored(&store, id).await;
        assert!(!held.contains(SECRET), "{held}");

        let without = replica
            .tasks
            .retry(&ADMIN, id, Value::Null)
            .await
            .unwrap_err();
        assert!(matches!(without, TasksError::Values(_)), "{without}");
        let asked = replica.tasks.get(&ADMIN, id).await.unwrap().secrets;
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].name.as_str(), asked[0].required), ("token", true));
        let again = json!({"token": "hunter3-and-more"});
        replica.tasks.retry(&ADMIN, id, again).await.unwrap();
        reached_again(&replica.tasks, id).await;
        let held = stored(&store, id).await;
        assert!(!held.contains("hunter3"), "{held}");
        replica.tasks.cancel(&ADMIN, id).await.unwrap();
        ended(&replica.tasks, id).await;
        assert_eq!(store.task_secrets(id).await.unwrap(), None, "wiped again");
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_output_of_a_template_does_not_tell_them() {
    let mut spec = leaks();
    spec["steps"].as_array_mut().unwrap().pop();
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), &[("leaks", spec.clone())]).await;
        let replica = portal.replica("a");
        let new = NewTask {
            template_ref: "leaks".to_owned(),
            secrets: json!({"token": SECRET}),
            ..NewTask::default()
        };
        let id = replica.tasks.create(&ADMIN, new).await.unwrap();
        let view = ended(&replica.tasks, id).await;
        assert_eq!(view.output.unwrap()["found"], "***");
        let held = stored(&store, id).await;
        assert!(!held.contains(SECRET), "{held}");
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn without_a_key_they_are_refused_and_with_another_they_cannot_be_read() {
    let mut spec = leaks();
    spec["steps"].as_array_mut().unwrap().pop();
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("leaks", spec.clone())]).await;
        let new = || NewTask {
            template_ref: "leaks".to_owned(),
            secrets: json!({"token": SECRET}),
            ..NewTask::default()
        };
        let mut options = portal.options("a");
        options.key = None;
        let refused = portal.tasks_with(options).create(&ADMIN, new()).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("scaffolder.secretsKey"), "{refused}");

        let id = portal.tasks().create(&ADMIN, new()).await.unwrap();
        let mut options = portal.options("b");
        options.key = portico_tasks::SecretsKey::from_text(&"o".repeat(40));
        let replica = crate::support::Replica::of(portal.tasks_with(options));
        let view = ended(&replica.tasks, id).await;
        assert_eq!(view.status, "failed");
        assert!(view.error.unwrap().contains("another key"));
        replica.stop().await;
    })
    .await;
}
