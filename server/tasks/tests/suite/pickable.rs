//! Fields that pick entities: what they offer is what they take, over the API too.

use std::sync::Arc;

use portico_access::Principal;
use portico_model::EntityRef;
use portico_tasks::{NewTask, TasksError};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal};

fn spec() -> Value {
    let pick = |field: &str, options: Value| json!({"type": "string", "ui:field": field, "ui:options": options});
    json!({
            "parameters": [{"properties": {
                "mine": pick("OwnedEntityPicker", json!({"catalogFilter": {"kind": "Group"}})),
                "team": pick("OwnerPicker", json!({})),
                "person": pick("EntityPicker", json!({"allowedKinds": ["User"], "defaultKind": "User"})),
                "free": pick("EntityPicker", json!({"allowArbitraryValues": true})),
                "several": {"type": "array", "items": {"type": "string"}, "ui:field": "MultiEntityPicker"},
            }}],
            "steps": [{"id": "say", "action": "debug:log", "input": {"message": "done"}}],
    })
}

fn somebody(name: &str, owns: &[&str]) -> Principal {
    Principal::User {
        user_ref: Arc::from(format!("user:default/{name}")),
        owns: owns.iter().map(|it| (*it).to_owned()).collect(),
        roles: Arc::default(),
    }
}

#[tokio::test]
async fn a_field_takes_the_entities_that_it_offers_and_no_others() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("change", spec())]).await;
        let tasks = portal.tasks();
        let ada = somebody("ada", &["user:default/ada", "group:default/bakers"]);
        let stranger = somebody("bob", &["user:default/bob"]);
        for (who, field, value, expected) in [
            (&ada, "mine", json!("group:default/bakers"), None),
            (
                &stranger,
                "mine",
                json!("group:default/bakers"),
                Some("neither you nor"),
            ),
            (&ADMIN, "mine", json!("group:default/bakers"), None),
            (
                &ada,
                "mine",
                json!("user:default/ada"),
                Some("not one that this field offers"),
            ),
            (&ada, "team", json!("bakers"), None),
            (&stranger, "team", json!("group:default/bakers"), None),
            (
                &ada,
                "team",
                json!("group:default/nobody"),
                Some("no group:default/nobody"),
            ),
            (
                &ada,
                "team",
                json!("template:default/change"),
                Some("not one that this field"),
            ),
            (&ada, "several", json!(["nobody"]), Some("not a reference")),
            (&ada, "person", json!("ada"), None),
            (
                &ada,
                "person",
                json!("group:bakers"),
                Some("not one that this field offers"),
            ),
            (&ada, "person", json!(""), None),
            (&ada, "free", json!("whatever they like"), None),
            (
                &ada,
                "several",
                json!(["user:ada", "group:nobody"]),
                Some("group:default/nobody"),
            ),
        ] {
            let new = NewTask {
                template_ref: "template:default/change".to_owned(),
                values: json!({field: value}),
                ..NewTask::default()
            };
            let outcome = tasks.create(who, new).await;
            match (outcome, expected) {
                (Ok(_), None) => {}
                (Err(TasksError::Values(problems)), Some(expected)) => {
                    assert_eq!(problems.len(), 1, "{problems:?}");
                    assert!(problems[0].message.contains(expected), "{problems:?}");
                    assert!(problems[0].field.starts_with(field), "{problems:?}");
                }
                (outcome, expected) => panic!("{field} {value}: {outcome:?}, not {expected:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_has_to_be_theirs_is_offered_to_owners_and_administrators() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("change", spec())]).await;
        let tasks = portal.tasks();
        let bakers = EntityRef::new("group", "default", "bakers");
        let ada = somebody("ada", &["user:default/ada", "group:default/bakers"]);
        let stranger = somebody("bob", &["user:default/bob"]);
        for (who, offered) in [(&ada, 1), (&stranger, 0), (&ADMIN, 1)] {
            let fitting = tasks.fitting(who, &bakers).await.unwrap();
            assert_eq!(fitting.len(), offered, "{}", who.label());
        }
    })
    .await;
}
