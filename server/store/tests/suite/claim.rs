//! Leases: who reads which source, and when.

use std::collections::HashSet;

use portico_store::{StoreError, UnchangedSource};
use portico_testkit::{on_each_engine, on_postgres};

use crate::fixture::{
    LATER, ME, NOW, claim, commit, commit_now, deliver, document, due, failed, key, location,
    roots, unchanged,
};

#[tokio::test]
async fn roots_are_due_at_once_and_leased_once() {
    on_each_engine(|store| async move {
        assert!(roots(&store, &["a", "b"]).await);
        assert!(!roots(&store, &["b", "a", "a"]).await, "nothing changed");
        let claimed = claim(&store).await;
        assert_eq!(claimed.len(), 2);
        let a = claimed
            .iter()
            .find(|source| source.key == key("a"))
            .unwrap();
        assert_eq!(a.id, key("a").id());
        assert_eq!(a.origin, "file:a");
        assert_eq!(
            (a.failures, a.optional, a.fingerprint.as_ref()),
            (0, false, None)
        );
        assert!(claim(&store).await.is_empty(), "both are leased");
        assert_eq!(
            store.next_due(NOW).await.unwrap(),
            Some(NOW + 30_001),
            "the leases' end"
        );
        assert_eq!(store.renew_leases(ME, NOW + 90_000).await.unwrap(), 2);
        let stolen = store.claim_due("other", NOW + 60_000, 1, 10).await.unwrap();
        assert!(stolen.is_empty(), "the leases were renewed");
        assert_eq!(store.release_all(ME).await.unwrap(), 2);
        assert_eq!(claim(&store).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_expired_lease_passes_to_another_and_the_late_commit_is_refused() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        claim(&store).await;
        let taken = store
            .claim_due("other", NOW + 30_001, 30_000, 10)
            .await
            .unwrap();
        assert_eq!(taken.len(), 1);
        let late = store.commit_source(commit("a", vec![document("component:default/x", "1")]));
        match late.await {
            Err(StoreError::LostLease { source_id }) => assert_eq!(source_id, key("a").id()),
            other => panic!("expected a lost lease, got {other:?}"),
        }
        assert_eq!(
            store
                .entity_by_ref("component:default/x")
                .await
                .unwrap()
                .map(|e| e.hash),
            None
        );
        store
            .touch_unchanged(vec![unchanged("a", LATER)], ME, NOW)
            .await
            .unwrap();
        assert!(
            due(&store).await.is_empty(),
            "touching does not end the other's lease"
        );
    })
    .await;
}

#[tokio::test]
async fn touching_plans_the_next_read_and_writes_no_entity() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        commit_now(&store, failed("a", "gone")).await;
        deliver(&store, "b", vec![document("component:default/x", "1")]).await;
        let seq = store.current_seq().await.unwrap();

        store
            .make_due(vec![key("a").id(), key("b").id()], false, NOW)
            .await
            .unwrap();
        let claimed = claim(&store).await;
        let a = claimed
            .iter()
            .find(|source| source.key == key("a"))
            .unwrap();
        let b = claimed
            .iter()
            .find(|source| source.key == key("b"))
            .unwrap();
        assert_eq!((a.failures, b.failures), (1, 0));
        assert_eq!(b.fingerprint.as_deref(), Some("fingerprint"));
        assert_eq!(b.content_hash.as_deref(), Some("content"));
        let with_fingerprint = UnchangedSource {
            fingerprint: Some("newer".to_owned()),
            ..unchanged("b", LATER + 1)
        };
        let touched = vec![unchanged("a", LATER), with_fingerprint];
        store.touch_unchanged(touched, ME, NOW).await.unwrap();

        assert_eq!(store.next_due(NOW).await.unwrap(), Some(LATER));
        assert_eq!(store.current_seq().await.unwrap(), seq);
        let a = store.source_by_key(&key("a")).await.unwrap().unwrap();
        assert_eq!((a.failures, a.read_at), (0, Some(NOW)));
        assert!(claim(&store).await.is_empty());
        let later = store.claim_due(ME, LATER + 2, 1, 10).await.unwrap();
        for (target, fingerprint) in [("a", None), ("b", Some("newer"))] {
            let source = later.iter().find(|source| source.key == key(target));
            assert_eq!(source.unwrap().fingerprint.as_deref(), fingerprint);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refresh_during_a_read_is_not_lost() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        claim(&store).await;
        let ids = vec![key("a").id(), key("b").id()];
        assert_eq!(store.make_due(ids.clone(), true, NOW).await.unwrap(), 2);
        store.commit_source(commit("a", vec![])).await.unwrap();
        store
            .touch_unchanged(vec![unchanged("b", LATER)], ME, NOW)
            .await
            .unwrap();
        let again = claim(&store).await;
        assert_eq!(again.len(), 2, "both are read again");
        assert!(
            again.iter().all(|source| source.fingerprint.is_none()),
            "and in full"
        );

        store.commit_source(commit("a", vec![])).await.unwrap();
        store
            .touch_unchanged(vec![unchanged("b", LATER)], ME, NOW)
            .await
            .unwrap();
        assert!(due(&store).await.is_empty(), "once");
    })
    .await;
}

#[tokio::test]
async fn sources_are_woken_by_refresh_key_and_by_prefix() {
    on_each_engine(|store| async move {
        roots(&store, &["/x/a", "/x/b", "/y/100%"]).await;
        let mut a = commit("/x/a", vec![]);
        a.refresh_keys = vec!["https://h/openapi.yaml".to_owned(); 2];
        commit_now(&store, a).await;
        deliver(&store, "/x/b", vec![]).await;
        deliver(&store, "/y/100%", vec![]).await;
        assert!(due(&store).await.is_empty());

        let urls = vec![
            "https://h/openapi.yaml".to_owned(),
            "https://h/other".to_owned(),
        ];
        assert_eq!(store.make_due_by_refresh_key(urls, NOW).await.unwrap(), 1);
        assert_eq!(due(&store).await, ["/x/a"]);
        let woken = store
            .make_due_by_target_prefix("file", "/x/", false, NOW)
            .await
            .unwrap();
        assert_eq!(woken, 2);
        assert_eq!(due(&store).await, ["/x/a", "/x/b"]);
        assert_eq!(
            store
                .make_due_by_target_prefix("url", "/x/", true, NOW)
                .await
                .unwrap(),
            0
        );
        assert_eq!(
            store
                .make_due_by_target_prefix("file", "/y/1__%", true, NOW)
                .await
                .unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_child_is_optional_while_every_parent_says_so() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        let mut maybe = location("location:default/a", &[]);
        maybe.children = vec![(key("child"), true)];
        deliver(&store, "a", vec![maybe]).await;
        let child = |sources: Vec<portico_store::ClaimedSource>| {
            sources
                .into_iter()
                .find(|source| source.key == key("child"))
                .unwrap()
        };
        let claimed = child(claim(&store).await);
        assert!(claimed.optional);
        assert_eq!(claimed.origin, "file:a");
        store.release_all(ME).await.unwrap();
        deliver(
            &store,
            "b",
            vec![location("location:default/b", &["child"])],
        )
        .await;
        assert!(!child(claim(&store).await).optional);
    })
    .await;
}

#[tokio::test]
async fn only_sqlite_takes_leases_of_the_dead() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        claim(&store).await;
        let released = store.release_abandoned().await.unwrap();
        assert_eq!(released, u64::from(store.engine_name() == "sqlite"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn claimers_side_by_side_never_get_the_same_source() {
    on_postgres(async |database| {
        let store = database.store().await;
        let targets: Vec<_> = (0..400).map(|n| key(&format!("s{n}"))).collect();
        store.sync_roots(targets, NOW).await.unwrap();
        let mut claimers = Vec::new();
        for owner in 0..4 {
            // Each a replica with connections of its own.
            let replica = database.connect().await;
            claimers.push(tokio::spawn(async move {
                let owner = format!("replica-{owner}");
                let mut mine = Vec::new();
                loop {
                    let claimed = replica.claim_due(&owner, NOW, 1_000, 7).await.unwrap();
                    if claimed.is_empty() {
                        replica.close().await;
                        return mine;
                    }
                    mine.extend(claimed.into_iter().map(|source| source.id));
                }
            }));
        }
        let mut all = Vec::new();
        for claimer in claimers {
            all.extend(claimer.await.unwrap());
        }
        // A claimer stops early when others hold the rows just then; the rest is still due.
        all.extend(claim(&store).await.into_iter().map(|source| source.id));
        assert_eq!(all.len(), 400);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 400);
        store.close().await;
    })
    .await;
}
