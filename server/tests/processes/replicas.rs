//! Several portals on one database.

use std::{fs, time::Instant};

use portico_testkit::on_postgres;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    organisation::{entities, write},
    portal::Portal,
};

const FILES: usize = 300;

#[tokio::test]
async fn two_replicas_share_the_reading_and_both_serve_everything() {
    on_postgres(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let rules = "[{ allow: [Component, Location] }]";
        write(folder.path(), FILES, rules, Some(database.url()));
        let replicas = [Portal::start(folder.path()), Portal::start(folder.path())];

        let mut reads = 0;
        for replica in &replicas {
            replica.wait_for(entities(FILES)).await;
        }
        for replica in &replicas {
            assert_eq!(replica.entities().await, entities(FILES));
            for outcome in ["changed", "same", "unchanged", "failed"] {
                reads += replica.reads(outcome).await;
            }
        }
        assert_eq!(
            reads,
            FILES as u64 + 1,
            "each source is read by one of them"
        );
    })
    .await;
}

#[tokio::test]
async fn the_work_of_a_killed_replica_is_taken_over() {
    on_postgres(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let rules = "[{ allow: [Component, Location] }]";
        write(folder.path(), FILES, rules, Some(database.url()));
        let doomed = Portal::start(folder.path());
        let survivor = Portal::start(folder.path());
        doomed.wait_for(1).await;
        doomed.kill();
        survivor.wait_for(entities(FILES)).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_counts_on_both_and_so_does_a_new_policy_at_once() {
    on_postgres(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let rules = "[{ allow: [Component, Location, User] }]";
        write(folder.path(), 1, rules, Some(database.url()));
        let person = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ada }\n\
                      spec: { memberOf: [] }\n";
        fs::write(folder.path().join("catalog/people.yaml"), person).unwrap();
        let (one, other) = (Portal::start(folder.path()), Portal::start(folder.path()));
        for replica in [&one, &other] {
            replica.wait_for(entities(1) + 1).await;
        }

        let here = one.sign_in("user:default/ada").await;
        let there = here.on(&other);
        let component = "/api/catalog/entities/by-name/component/default/c-0-0";
        assert_eq!(there.ask(Method::GET, component, None).await.0, 200);

        let root = one.sign_in("local-admin").await;
        let (_, policies) = root.ask(Method::GET, "/api/policies", None).await;
        let policies: Value = serde_json::from_str(&policies).unwrap();
        let text = format!(
            "{}\n@id(\"hidden\") forbid (principal == User::\"user:default/ada\", \
             action == Action::\"catalog.entity.read\", resource);",
            policies["text"].as_str().unwrap()
        );
        let put = json!({"base": 0, "text": text, "note": "a test"});
        let (status, answer) = root.ask(Method::PUT, "/api/policies", Some(put)).await;
        assert_eq!(status, 200, "{answer}");
        let began = Instant::now();
        other
            .wait_until("the policy on the other replica", async || {
                let (status, _) = there.ask(Method::GET, component, None).await;
                (status == 403).then_some(())
            })
            .await;
        println!(
            "a policy held on the other replica after {:?}",
            began.elapsed()
        );

        let (status, _) = here.ask(Method::POST, "/auth/sign-out", None).await;
        assert_eq!(status, 303);
        other
            .wait_until("the end of the session on the other replica", async || {
                // They may not see it; whoever calls from this machine without a session may.
                let (status, _) = there.ask(Method::GET, component, None).await;
                (status != 403).then_some(())
            })
            .await;
    })
    .await;
}
