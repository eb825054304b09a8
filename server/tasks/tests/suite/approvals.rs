//! Tasks that wait for people.

use portico_access::Principal;
use portico_tasks::{NewTask, TaskView, Tasks, TasksError, Verdict};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{ADMIN, Portal, begun, ended, events};

/// One step before the question, one that it is about, one for failures.
fn spec() -> Value {
    json!({
        "parameters": {"properties": {"team": {"type": "string"}}},
        "steps": [
            {"id": "before", "action": "fs:write", "input": {"path": "a", "content": "before"}},
            {"id": "deploy", "name": "Deploy", "action": "fs:read", "input": {"path": "a"},
             "approval": {"by": "${{ parameters.team }}", "reason": "Deploy for ${{ user.ref }}?",
                          "expiresAfter": "2d"}},
            {"id": "undo", "action": "debug:log", "if": "${{ failure() }}",
             "input": {"message": "undone"}},
        ],
        "output": {"text": [{"content": "${{ steps.deploy.output.content }}"}]},
    })
}

fn user(name: &str, groups: &[&str]) -> Principal {
    let user_ref = format!("user:default/{name}");
    let mut owns = vec![user_ref.clone()];
    owns.extend(groups.iter().map(|it| (*it).to_owned()));
    Principal::User {
        user_ref: user_ref.into(),
        owns: owns.into(),
        roles: std::sync::Arc::default(),
    }
}

fn verdict(approve: bool, comment: &str) -> Verdict {
    Verdict {
        approve,
        comment: Some(comment.to_owned()),
    }
}

async fn created_by_ada(tasks: &Tasks, template: &str) -> Uuid {
    let new = NewTask {
        template_ref: template.to_owned(),
        values: json!({"team": "group:default/security"}),
        ..NewTask::default()
    };
    let ada = user("ada", &["group:default/bakers"]);
    tasks.create(&ada, new).await.unwrap()
}

/// Waits until a task waits.
async fn waiting(tasks: &Tasks, id: Uuid) -> TaskView {
    let mut follower = tasks.follow(&ADMIN, id, 0).await.unwrap();
    loop {
        let view = tasks.get(&ADMIN, id).await.unwrap();
        if view.waits {
            return view;
        }
        assert!(follower.next().await.unwrap().is_some(), "{view:?}");
    }
}

#[tokio::test]
async fn a_step_waits_until_somebody_else_of_the_group_agrees() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("deploy", spec())]).await;
        let replica = portal.replica("a");
        let id = created_by_ada(&replica.tasks, "deploy").await;
        let view = waiting(&replica.tasks, id).await;
        assert_eq!(view.status, "open");
        replica.stop().await;

        // Another process goes on with it, and only after the answer.
        let replica = portal.replica("b");
        let ada = user("ada", &["group:default/security"]);
        let eve = user("eve", &["group:default/bakers"]);
        let sam = user("sam", &["group:default/security"]);
        let tasks = &replica.tasks;
        assert_eq!(tasks.count_approvals_for(&eve).await.unwrap(), 0);
        assert_eq!(tasks.count_approvals_for(&ada).await.unwrap(), 0);
        let mine = tasks.approvals_for(&sam).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert_eq!(mine[0].step.as_deref(), Some("Deploy"));
        assert_eq!(
            mine[0].reason.as_deref(),
            Some("Deploy for user:default/ada?")
        );
        assert_eq!(
            mine[0].expires_at - mine[0].asked_at,
            2 * 24 * 60 * 60 * 1000
        );
        for (who, why) in [(&ada, "somebody else"), (&eve, "no policy permits it")] {
            let refused = tasks.decide(who, id, verdict(true, "")).await.unwrap_err();
            assert!(matches!(refused, TasksError::Denied(_)), "{refused:?}");
            assert!(refused.to_string().contains(why), "{refused}");
        }
        assert_eq!(begun(tasks, id, "deploy").await, 0);
        tasks.decide(&sam, id, verdict(true, "go")).await.unwrap();
        let again = tasks.decide(&sam, id, verdict(false, "")).await;
        assert!(matches!(again, Err(TasksError::Conflict(_))), "{again:?}");

        let view = ended(tasks, id).await;
        assert_eq!(view.status, "completed", "{view:?}");
        assert_eq!(view.output.unwrap()["text"][0]["content"], "before");
        assert_eq!(begun(tasks, id, "before").await, 1);
        let said = events(tasks, id).await;
        let said = |text: &str| said.iter().any(|it| it.body["message"] == text);
        assert!(said("Waiting until group:default/security agrees"));
        assert!(said("Approved by user:default/sam: go"));
        let decided = tasks.decided_approvals(&eve).await.unwrap();
        assert_eq!(decided[0].comment.as_deref(), Some("go"));
        let asked = portico_store::AuditFilter {
            action: Some("scaffolder.task.approve".to_owned()),
            ..Default::default()
        };
        let store = portal.catalog.store();
        let (audited, _) = store.audit_events(&asked, 0, 10).await.unwrap();
        assert_eq!(audited[0].principal, "user:default/sam");
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_fails_and_is_asked_again_when_tried_again() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("deploy", spec())]).await;
        let replica = portal.replica("a");
        let tasks = &replica.tasks;
        let id = created_by_ada(tasks, "deploy").await;
        waiting(tasks, id).await;
        tasks
            .decide(&ADMIN, id, verdict(false, "not today"))
            .await
            .unwrap();
        let view = ended(tasks, id).await;
        assert_eq!(view.status, "failed");
        let error = view.error.unwrap();
        assert_eq!(
            error,
            "step \"deploy\": local-admin did not agree: not today"
        );
        assert_eq!(begun(tasks, id, "deploy").await, 0);
        assert_eq!(begun(tasks, id, "undo").await, 1);

        tasks.retry(&ADMIN, id, json!({})).await.unwrap();
        waiting(tasks, id).await;
        tasks.decide(&ADMIN, id, verdict(true, "")).await.unwrap();
        assert_eq!(ended(tasks, id).await.status, "completed");
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_in_time_or_who_asked_gives_up() {
    let mut short = spec();
    short["steps"][1]["approval"]["expiresAfter"] = json!("1m");
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("deploy", short.clone())]).await;
        let replica = portal.replica("a");
        let tasks = &replica.tasks;
        let (late, given_up) = (
            created_by_ada(tasks, "deploy").await,
            created_by_ada(tasks, "deploy").await,
        );
        waiting(tasks, late).await;
        waiting(tasks, given_up).await;
        let asked_at = tasks.approvals_of(&ADMIN, late).await.unwrap()[0].asked_at;
        assert_eq!(tasks.expire_approvals(asked_at).await.unwrap(), 0);
        let ada = user("ada", &[]);
        tasks.cancel(&ada, given_up).await.unwrap();
        assert_eq!(ended(tasks, given_up).await.status, "cancelled");
        let too_late = tasks.decide(&ADMIN, given_up, verdict(true, "")).await;
        assert!(matches!(too_late, Err(TasksError::Conflict(_))));

        let in_a_minute = asked_at + 60_000;
        assert_eq!(tasks.expire_approvals(in_a_minute).await.unwrap(), 1);
        let view = ended(tasks, late).await;
        assert_eq!(
            view.error.unwrap(),
            "step \"deploy\": nobody agreed in time"
        );
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_template_asks_before_its_first_step_and_says_so_in_a_dry_run() {
    let whole = json!({
        "approval": {"by": ["group:default/security", "user:default/ada"], "fourEyes": false},
        "steps": [{"id": "say", "action": "debug:log", "input": {"message": "x"}}],
    });
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("whole", whole.clone())]).await;
        let replica = portal.replica("a");
        let tasks = &replica.tasks;
        let dry = serde_json::from_value(json!({"templateRef": "whole", "values": {}})).unwrap();
        let dry = tasks.dry_run(&ADMIN, dry).await.unwrap();
        assert_eq!(
            dry.effects[0].summary,
            "wait until group:default/security or user:default/ada agrees"
        );
        let id = created_by_ada(tasks, "whole").await;
        waiting(tasks, id).await;
        assert_eq!(begun(tasks, id, "say").await, 0);
        tasks
            .decide(&user("ada", &[]), id, verdict(true, ""))
            .await
            .unwrap();
        assert_eq!(ended(tasks, id).await.status, "completed");
        replica.stop().await;
    })
    .await;
}
