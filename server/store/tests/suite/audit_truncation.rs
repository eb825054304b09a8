//! The chain of audit events when somebody cuts off its beginning or its end.

use portico_store::{AuditMark, AuditVerification, Store};
use portico_testkit::{Database, on_each_database};

use crate::{
    audit_chain::{UNGUARD_DELETE, append, on_engine, run},
    fixture::{NOW, audit},
};

/// Moves the anchor to an event and removes it and those before: no trigger stands against it.
async fn cut_beginning(database: &Database, until: i64) {
    let anchor = format!(
        "update audit_anchor
         set position = {until}, hash = (select hash from audit where id = {until})"
    );
    run(database, &anchor).await.unwrap();
    let delete = format!("delete from audit where id <= {until}");
    run(database, &delete).await.unwrap();
}

/// Removes the events after one, and has the end of the log noted there.
async fn cut_end(database: &Database, kept: i64) {
    on_engine(database, UNGUARD_DELETE).await;
    let delete = format!("delete from audit where id > {kept}");
    run(database, &delete).await.unwrap();
    let head = format!(
        "update audit_head
         set position = {kept}, hash = (select hash from audit where id = {kept})"
    );
    run(database, &head).await.unwrap();
}

async fn verify(store: &Store, noted: Option<&AuditMark>) -> AuditVerification {
    store.verify_audit(noted).await.unwrap()
}

#[tokio::test]
async fn a_beginning_that_retention_did_not_remove_is_missed() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 6).await;
        cut_beginning(database, 4).await;
        let broken = verify(&store, None).await.broken.unwrap();
        assert_eq!(broken.position, 4, "{}", broken.what);
        append(&store, 1).await;
        assert!(verify(&store, None).await.broken.is_some(), "for good");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_beginning_that_was_cut_further_than_retention_went_is_missed() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 6).await;
        store.prune_audit(NOW + 2, &audit("any")).await.unwrap();
        assert_eq!(verify(&store, None).await.broken, None);
        cut_beginning(database, 4).await;
        let broken = verify(&store, None).await.broken.unwrap();
        assert_eq!(broken.position, 4, "{}", broken.what);
        // Retention on top of it would answer for all.
        let error = store.prune_audit(NOW + 5, &audit("any")).await.unwrap_err();
        assert!(error.to_string().contains("up to 4 are gone"), "{error}");
        assert!(verify(&store, None).await.broken.is_some());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn retention_that_removes_everything_answers_for_it() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 3).await;
        for expected in [3, 1] {
            let removed = store.prune_audit(i64::MAX, &audit("any")).await.unwrap();
            assert_eq!(removed, expected);
            let found = verify(&store, None).await;
            assert_eq!((found.broken, found.events), (None, 1));
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_end_that_was_cut_off_with_its_note_is_missed_by_who_kept_one() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 5).await;
        let noted = store.audit_head().await.unwrap();
        cut_end(database, 3).await;
        assert_eq!(verify(&store, None).await.broken, None, "as it must be");
        let broken = verify(&store, Some(&noted)).await.broken.unwrap();
        assert_eq!(
            (broken.position, &*broken.what),
            (5, "it was noted, and is missing")
        );
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_chain_is_begun_once() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 5).await;
        cut_end(database, 3).await;
        run(database, "update audit_head set position = 0, hash = ''")
            .await
            .unwrap();
        let error = store.append_audit(&audit("any")).await.unwrap_err();
        assert!(error.to_string().contains("audit_head"), "{error}");
        let error = store.migrate().await.unwrap_err();
        assert!(error.to_string().contains("audit_head"), "{error}");
        assert!(verify(&store, None).await.broken.is_some());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_note_of_the_last_event_that_retention_removed_still_counts() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 3).await;
        let noted = store.audit_head().await.unwrap();
        append(&store, 2).await;
        let removed = store.prune_audit(i64::MAX, &audit("any")).await.unwrap();
        assert_eq!(removed, 5);
        let earlier = verify(&store, Some(&noted)).await;
        assert_eq!(earlier.broken, None, "nothing is known of it any more");
        let last = AuditMark {
            hash: "0".repeat(64),
            ..earlier.anchor
        };
        assert_eq!(
            verify(&store, Some(&last)).await.broken.unwrap().position,
            5
        );
        store.close().await;
    })
    .await;
}
