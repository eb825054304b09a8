//! What is refused before anything is done, and to whom.

use portico_access::Principal;
use portico_model::EntityRef;
use portico_tasks::{DryRun, DryRunTemplate, NewTask, TasksError, TasksOptions};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal, create, ended, entity};

fn new(template: &str, values: Value) -> NewTask {
    NewTask {
        template_ref: template.to_owned(),
        values,
        ..NewTask::default()
    }
}

fn dry(template: DryRunTemplate, values: &Value) -> DryRun {
    DryRun {
        template,
        values: values.clone(),
        secrets: Value::Null,
        beside: None,
        directory_contents: Vec::new(),
    }
}

#[tokio::test]
async fn what_can_be_known_to_be_wrong_is_refused() {
    let form = json!({
        "parameters": {"required": ["name"], "properties": {
            "name": {"type": "string", "pattern": "^[a-z]+$"}}},
        "steps": [{"action": "debug:log"}],
    });
    let foreign = json!({"steps": [
        {"id": "publish", "action": "publish:elsewhere", "input": {"repoUrl": "x"}}]});
    let short = json!({"steps": [{"id": "fetch", "action": "fetch:plain"}]});
    on_each_engine(async |store| {
        let templates = [
            ("form", form.clone()),
            ("foreign", foreign.clone()),
            ("short", short.clone()),
        ];
        let tasks = Portal::new(store, &templates).await.tasks();
        let refused = async |template: &str, values: Value| {
            let refused = tasks.create(&ADMIN, new(template, values)).await;
            refused.unwrap_err().to_string()
        };
        let wrong = refused("form", json!({"name": "Orders"})).await;
        assert!(wrong.starts_with("name: "), "{wrong}");
        let wrong = refused("foreign", json!({})).await;
        assert!(
            wrong.contains("step \"publish\": there is no action \"publish:elsewhere\""),
            "{wrong}"
        );
        let wrong = refused("short", json!({})).await;
        assert!(wrong.contains("input.url is missing"), "{wrong}");
        let wrong = refused("none", json!({})).await;
        assert!(
            wrong.contains("template:default/none was not found"),
            "{wrong}"
        );
        let wrong = refused("user:ada", json!({})).await;
        assert!(wrong.contains("was not found"), "{wrong}");
        let foreign = EntityRef::new("template", "default", "foreign");
        let form = tasks.template_form(&ADMIN, &foreign).await.unwrap();
        let problem = form.problem.unwrap();
        assert!(problem.contains("publish:elsewhere"), "{problem}");
    })
    .await;
}

#[tokio::test]
async fn what_a_field_does_not_offer_is_refused() {
    let options = |filter: Value, value: &str| json!({"from": {"catalog": {"filter": filter, "value": value}}});
    let people = json!({"kind": "User", "relations.memberOf": "${{ parameters.group }}"});
    let form = json!({
        "parameters": {"properties": {
            "name": {"type": "string", "ui:field": "EntityNamePicker"},
            "own": {"type": "string", "ui:field": "EntityNamePicker",
                "ui:options": {"kind": "User", "unique": true}},
            "group": {"type": "string", "ui:field": "OptionsPicker",
                "ui:options": {"from": {"catalog": {"filter": {"kind": "Group"}}}}},
            "person": {"type": "string", "ui:field": "OptionsPicker",
                "ui:options": options(people, "metadata.name")},
            "several": {"type": "array", "items": {"type": "string"}, "ui:field": "OptionsPicker",
                "ui:options": options(json!({"kind": "User"}), "metadata.name")},
            "team": {"type": "object", "properties": {
                "lead": {"type": "string", "ui:field": "OptionsPicker",
                    "ui:options": options(json!({"kind": "User"}), "metadata.name")}}},
            "labels": {"type": "array", "items": {"type": "object", "properties": {
                "name": {"type": "string", "ui:field": "EntityNamePicker",
                    "ui:options": {"unique": true}},
                "by": {"type": "string", "ui:field": "OptionsPicker",
                    "ui:options": options(json!({"kind": "User"}), "metadata.name")}}}},
        }},
        "steps": [{"action": "debug:log"}],
    });
    on_each_engine(async |store| {
        let tasks = Portal::new(store, &[("form", form.clone())]).await.tasks();
        let bakers = "group:default/bakers";
        for (values, problem) in [
            (json!({}), ""),
            (
                json!({"name": "rye", "group": bakers, "person": "ada", "several": ["ada"]}),
                "",
            ),
            (json!({"group": bakers, "person": ""}), ""),
            (
                json!({"group": "group:default/brewers"}),
                "group: \"group:default/brewers\" is not",
            ),
            (
                json!({"group": "group:default/x", "person": "ada"}),
                "person: \"ada\" is not",
            ),
            (json!({"person": "ada"}), "person: \"ada\" is not"),
            (
                json!({"several": ["ada", "bob"]}),
                "several: \"bob\" is not",
            ),
            (json!({"name": "no name"}), "name: A name has"),
            (json!({"name": "ada", "own": "bakers"}), ""),
            (
                json!({"own": "Ada"}),
                "own: \"Ada\" is the name of user:default/ada already",
            ),
            (
                json!({"team": {"lead": "ada"}, "labels": [{"name": "rye", "by": "ada"}]}),
                "",
            ),
            (
                json!({"team": {"lead": "bob"}}),
                "team.lead: \"bob\" is not",
            ),
            (
                json!({"labels": [{"name": "rye"}, {"name": "ada"}]}),
                "labels.1.name: \"ada\" is the name of user:default/ada already",
            ),
            (
                json!({"labels": [{"by": "bob"}]}),
                "labels.0.by: \"bob\" is not",
            ),
        ] {
            let said = |refused: Option<TasksError>| {
                let told = refused.map_or_else(String::new, |it| it.to_string());
                let is_so = told.contains(problem) && told.is_empty() == problem.is_empty();
                assert!(is_so, "{values}: {told}");
            };
            said(
                tasks
                    .create(&ADMIN, new("form", values.clone()))
                    .await
                    .err(),
            );
            let registered = DryRunTemplate::Registered("form".to_owned());
            let draft = DryRunTemplate::Draft(entity("form", &form));
            for template in [registered, draft] {
                said(tasks.dry_run(&ADMIN, dry(template, &values)).await.err());
            }
        }
        let group = json!({"catalog": {"filter": {"kind": "Group"}}});
        let offered = tasks
            .field_choices(&ADMIN, &group, &json!({}))
            .await
            .unwrap();
        let offered: Vec<_> = offered.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(offered, [bakers]);
        let anonymous = tasks
            .field_choices(&Principal::Anonymous, &group, &json!({}))
            .await;
        assert!(
            matches!(anonymous, Err(TasksError::Denied(_))),
            "{anonymous:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_portal_that_keeps_no_secrets_says_so_in_a_dry_run_too() {
    let spec = json!({"secrets": {"schema": {"type": "object"}}, "steps": []});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("small", spec.clone())]).await;
        let tasks = portal.tasks_with(TasksOptions {
            key: None,
            ..portal.options("idle")
        });
        let secrets = json!({"token": "hunter2"});
        let task = NewTask {
            secrets: secrets.clone(),
            ..new("small", json!({}))
        };
        let registered = DryRunTemplate::Registered("small".to_owned());
        let dry = DryRun {
            secrets,
            ..dry(registered, &json!({}))
        };
        let created = tasks.create(&ADMIN, task).await.map(drop);
        let tried = tasks.dry_run(&ADMIN, dry).await.map(drop);
        for refused in [created, tried] {
            let told = refused.unwrap_err().to_string();
            assert!(told.contains("cannot keep secrets"), "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn people_change_their_own_tasks_and_run_them_as_themselves() {
    let spec = json!({
        "steps": [{"id": "wait", "action": "debug:wait", "input": {"milliseconds": 1}}],
        "output": {"by": "${{ user.ref }} ${{ user.entity.kind }}"},
    });
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), &[("small", spec.clone())]).await;
        let tasks = portal.tasks();
        let ada = portal
            .catalog
            .principal(&EntityRef::new("user", "default", "ada"))
            .unwrap();
        let bob = Principal::User {
            user_ref: "user:default/bob".into(),
            owns: ["user:default/bob".to_owned()].into(),
            roles: std::sync::Arc::default(),
        };
        let id = tasks.create(&ada, new("small", json!({}))).await.unwrap();
        for refused in [
            tasks.cancel(&bob, id).await,
            tasks.retry(&bob, id, Value::Null).await,
            tasks.cancel(&Principal::Anonymous, id).await,
        ] {
            assert!(matches!(refused, Err(TasksError::Denied(_))), "{refused:?}");
        }
        let view = tasks.get(&bob, id).await.unwrap();
        assert!(tasks.may_cancel(&ada, &view) && !tasks.may_cancel(&bob, &view));
        assert!(tasks.may_retry(&ada, &view) && !tasks.may_retry(&bob, &view));
        assert!(tasks.get(&Principal::Anonymous, id).await.is_err());
        assert!(
            tasks
                .create(&Principal::Anonymous, new("small", json!({})))
                .await
                .is_err()
        );
        assert!(tasks.actions(&Principal::Anonymous).await.is_err());

        // Somebody who is not in the catalog any more.
        let gone = tasks.create(&bob, new("small", json!({}))).await.unwrap();
        let replica = portal.replica("a");
        let view = ended(&tasks, id).await;
        assert_eq!(view.output.unwrap()["by"], "user:default/ada User");
        let view = ended(&tasks, gone).await;
        assert!(
            view.error
                .unwrap()
                .contains("user:default/bob created the task")
        );
        let written = store
            .audit_events(&portico_store::AuditFilter::default(), 0, 100)
            .await
            .unwrap()
            .0;
        let created = written
            .iter()
            .filter(|it| it.action == "scaffolder.task.create");
        assert_eq!(created.count(), 2);
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn two_who_retry_at_once_begin_it_once() {
    let spec = json!({"steps": [{"action": "fs:read", "input": {"path": "none"}}]});
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("fails", spec.clone())]).await;
        let replica = portal.replica("a");
        let id = create(&replica.tasks, "fails", json!({})).await;
        ended(&replica.tasks, id).await;
        replica.stop().await;
        let tasks = portal.tasks();
        let (one, two) = tokio::join!(
            tasks.retry(&ADMIN, id, Value::Null),
            tasks.retry(&ADMIN, id, Value::Null)
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    })
    .await;
}
