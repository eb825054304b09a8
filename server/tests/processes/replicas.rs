//! Several portals on one database.

use portico_testkit::on_postgres;

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
