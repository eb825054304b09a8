//! A portal that is killed goes on where it was.

use portico_testkit::on_each_database;

use crate::{
    organisation::{configure, entities, write},
    portal::Portal,
};

const FILES: usize = 400;
/// Sources read side by side, and as many again whose commit was under way.
const IN_FLIGHT: u64 = 2 * 16;
/// The glob itself is a source too.
const SOURCES: u64 = FILES as u64 + 1;

#[tokio::test]
async fn killed_at_any_moment_it_loses_nothing_and_repeats_at_most_what_was_in_flight() {
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let postgres = database
            .url()
            .starts_with("postgres")
            .then(|| database.url());
        write(
            folder.path(),
            FILES,
            "[{ allow: [Component, Location] }]",
            postgres,
        );

        let mut safe = 0;
        for part in [1, entities(FILES) / 4, entities(FILES) / 2] {
            let portal = Portal::start(folder.path());
            portal.wait_for(safe.max(part)).await;
            safe = portal.entities().await;
            portal.kill();
        }

        let portal = Portal::start(folder.path());
        portal.ready().await;
        assert!(
            portal.entities().await >= safe,
            "what was listed is still there"
        );
        portal.wait_for(entities(FILES)).await;
        let read = portal.reads("changed").await;
        let left = SOURCES - safe / crate::organisation::DOCUMENTS as u64;
        assert!(
            read <= left + IN_FLIGHT,
            "read {read} sources where {left} were left"
        );
        let missing = portal
            .get("/api/catalog/entities/by-name/component/default/c-399-4")
            .await;
        assert!(missing.contains("component:default/c-199-0"), "{missing}");
    })
    .await;
}

#[tokio::test]
async fn other_rules_apply_to_sources_that_did_not_change() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 3, "[{ allow: [Location] }]", None);
    let portal = Portal::start(folder.path());
    while portal.reads("changed").await < 4 {
        tokio::task::yield_now().await;
    }
    assert!(portal.entities().await < entities(3));
    portal.kill();

    configure(folder.path(), "[{ allow: [Component, Location] }]", None);
    Portal::start(folder.path()).wait_for(entities(3)).await;
}
