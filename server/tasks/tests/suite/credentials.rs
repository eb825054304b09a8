//! A task does no more than the credential allowed that created it.

use std::sync::Arc;

use portico_access::{Action, Grounds, Policies, Principal, Resource, Restriction};
use portico_catalog::Catalog;
use portico_model::EntityRef;
use portico_store::TokenRow;
use portico_tasks::{NewTask, Tasks};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Portal, ended};

const FOR_EVER: i64 = 1 << 52;

fn publish() -> Value {
    json!({
        "parameters": {"properties": {"name": {"type": "string"}}},
        "steps": [
            {"id": "fetch", "action": "fetch:plain", "input": {"url": "./skeleton"}},
            {"id": "publish", "action": "publish:git",
             "input": {"repoUrl": "local?repo=${{ parameters.name }}"}},
        ],
    })
}

fn limited_to(plugins: &[&str]) -> Arc<[Restriction]> {
    let all_of = |&plugin: &&str| Restriction {
        plugin: plugin.to_owned(),
        permissions: Vec::new(),
        verbs: Vec::new(),
    };
    plugins.iter().map(all_of).collect()
}

/// A personal token of Ada's, in the database.
async fn token(portal: &Portal, plugins: &[&str], expires_at: i64) -> (Uuid, Principal) {
    let ada = EntityRef::new("user", "default", "ada");
    let holder = portal.catalog.principal(&ada).unwrap();
    let (id, restrictions) = (Uuid::now_v7(), limited_to(plugins));
    let row = TokenRow {
        id,
        kind: "personal".to_owned(),
        owner: holder.label(),
        name: "a token".to_owned(),
        digest: id.as_bytes().to_vec(),
        prefix: "portico_pat_".to_owned(),
        restrictions: json!(*restrictions).to_string(),
        created_by: holder.label(),
        created_at: 1,
        expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    let event = audit(&holder);
    portal
        .catalog
        .store()
        .insert_token(&row, &event)
        .await
        .unwrap();
    let who = Principal::Token {
        holder: Arc::new(holder),
        id: id.simple().to_string().into(),
        restrictions,
    };
    (id, who)
}

fn audit(who: &Principal) -> portico_store::AuditEvent {
    let grounds = Grounds::rule("a test");
    Catalog::audit(
        who,
        Action::TokenManageOwn,
        &Resource::Any,
        grounds,
        json!({}),
    )
}

async fn create(tasks: &Tasks, who: &Principal, name: &str) -> Uuid {
    let new = NewTask {
        template_ref: "publish".to_owned(),
        values: json!({"name": name}),
        ..NewTask::default()
    };
    tasks.create(who, new).await.unwrap()
}

#[tokio::test]
async fn a_task_of_a_limited_token_does_not_have_all_rights_of_its_holder() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, &[("publish", publish())]).await;
        let tasks = portal.tasks();
        let (_, limited) = token(&portal, &["scaffolder", "catalog"], FOR_EVER).await;
        let (_, wider) = token(&portal, &["scaffolder", "catalog", "scm"], FOR_EVER).await;
        let (_, unlimited) = token(&portal, &[], FOR_EVER).await;
        let limited = create(&tasks, &limited, "one").await;
        let wider = create(&tasks, &wider, "two").await;
        let unlimited = create(&tasks, &unlimited, "three").await;
        let replica = portal.replica("a");
        let view = ended(&tasks, limited).await;
        let error = view.error.unwrap();
        assert!(error.contains("scopes do not include it"), "{error}");
        assert_eq!(view.created_by, "user:default/ada");
        for id in [wider, unlimited] {
            let view = ended(&tasks, id).await;
            assert_eq!((view.status.as_str(), view.error), ("completed", None));
        }
        let repository = portal.scm.repository(&Principal::LocalAdmin, "local:one");
        assert!(repository.await.is_err());
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_task_of_a_token_that_is_revoked_or_expired_fails_and_says_so() {
    on_each_engine(async |store| {
        let portal = Portal::new(store.clone(), &[("publish", publish())]).await;
        let tasks = portal.tasks();
        let (id, revoked) = token(&portal, &["scaffolder", "catalog", "scm"], FOR_EVER).await;
        let (_, expired) = token(&portal, &[], 2).await;
        let created = [
            create(&tasks, &revoked, "one").await,
            create(&tasks, &expired, "two").await,
        ];
        store.revoke_token(id, 2, &audit(&revoked)).await.unwrap();
        let replica = portal.replica("a");
        for task in created {
            let view = ended(&tasks, task).await;
            assert_eq!(view.status, "failed");
            let error = view.error.unwrap();
            assert!(error.contains("was revoked or has expired"), "{error}");
        }
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_task_of_a_limited_service_does_not_become_one_of_its_other_tokens() {
    // Two tokens of one service: looked up by name alone, the first would be it.
    let services = "backend:\n  auth:\n    externalAccess:\n      - type: static\n        options: { \
                    token: a-token-of-thirty-two-letters-or-so, subject: ci }\n      - type: static\n        \
                    options: { token: another-token-of-thirty-two-letters, subject: ci }\n        \
                    accessRestrictions: [{ plugin: scaffolder }, { plugin: catalog }]\n";
    on_each_engine(async |store| {
        let portal = Portal::with_config(store, &[("publish", publish())], services).await;
        let tasks = portal.tasks();
        let service = |restrictions| Principal::Service {
            subject: "ci".into(),
            restrictions,
        };
        let limited = service(limited_to(&["scaffolder", "catalog"]));
        let limited = create(&tasks, &limited, "one").await;
        let unlimited = create(&tasks, &service(Arc::default()), "two").await;
        let replica = portal.replica("a");
        let error = ended(&tasks, limited).await.error.unwrap();
        assert!(error.contains("scopes do not include it"), "{error}");
        let view = ended(&tasks, unlimited).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        replica.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_workload_runs_with_the_roles_of_its_token_while_its_provider_is_there() {
    let provider = "auth:\n  providers:\n    oidc: { development: { clientId: a, metadataUrl: \
                    'https://id.test/x' } }\n";
    let policies = Policies::parse(
        "@id(\"robots\") permit (principal in Role::\"Robot\", action, resource);
         @id(\"administrators\") permit (principal in Role::\"administrator\", action, resource);",
    )
    .unwrap();
    on_each_engine(async |store| {
        let portal = Portal::with_config(store, &[("publish", publish())], provider).await;
        portal.catalog.authorizer().put_in_force(policies.clone());
        let workload = |provider: &str| Principal::Workload {
            subject: format!("{provider}/7f3c").into(),
            roles: Arc::new(["Robot".to_owned()]),
        };
        let tasks = portal.tasks();
        let known = create(&tasks, &workload("oidc"), "one").await;
        let gone = create(&tasks, &workload("microsoft"), "two").await;
        let replica = portal.replica("a");
        let view = ended(&tasks, known).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        assert_eq!(view.created_by, "workload:oidc/7f3c");
        let view = ended(&tasks, gone).await;
        let error = view.error.unwrap();
        assert!(error.contains("no provider microsoft"), "{error}");
        replica.stop().await;
    })
    .await;
}
