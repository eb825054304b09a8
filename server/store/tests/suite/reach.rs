//! What the roots hold, in chains and cycles.

use portico_testkit::on_each_engine;

use crate::fixture::{NOW, audit, claim, deliver, document, due, key, location, refs, roots};

const X: &str = "component:default/x";

/// root → middle → leaf; the leaf delivers X.
async fn chain(store: &portico_store::Store, root: &str) {
    deliver(
        store,
        root,
        vec![location("location:default/root", &["middle"])],
    )
    .await;
    deliver(
        store,
        "middle",
        vec![location("location:default/middle", &["leaf"])],
    )
    .await;
    deliver(store, "leaf", vec![document(X, "1")]).await;
}

#[tokio::test]
async fn a_chain_goes_with_its_root() {
    on_each_engine(|store| async move {
        roots(&store, &["root"]).await;
        chain(&store, "root").await;
        assert_eq!(
            store.remove_unreachable(true, NOW).await.unwrap(),
            Vec::<String>::new()
        );
        assert!(roots(&store, &[]).await);
        let removed = store.remove_unreachable(true, NOW).await.unwrap();
        assert_eq!(
            removed,
            [X, "location:default/middle", "location:default/root"]
        );
        assert_eq!(store.source_statuses(0, 10).await.unwrap().1, 0);
        let changes = store.changes_since(0, 100).await.unwrap();
        assert_eq!((changes.removed.len(), changes.upserted.len()), (3, 0));
    })
    .await;
}

#[tokio::test]
async fn a_cycle_does_not_hold_itself() {
    on_each_engine(|store| async move {
        roots(&store, &["root"]).await;
        chain(&store, "root").await;
        // The leaf names the middle again, and itself.
        let cycle = vec![
            document(X, "1"),
            location("location:default/leaf", &["middle", "leaf"]),
        ];
        deliver(&store, "leaf", cycle).await;
        let cut = deliver(&store, "root", vec![location("location:default/root", &[])]).await;
        assert!(cut.edges_changed);
        let removed = store.remove_unreachable(true, NOW).await.unwrap();
        assert_eq!(
            removed,
            [X, "location:default/leaf", "location:default/middle"]
        );
        assert_eq!(refs(&store).await, ["location:default/root"]);
    })
    .await;
}

#[tokio::test]
async fn a_second_holder_keeps_a_source_and_becomes_its_origin() {
    on_each_engine(|store| async move {
        roots(&store, &["root", "other"]).await;
        chain(&store, "root").await;
        deliver(
            &store,
            "other",
            vec![location("location:default/other", &["leaf"])],
        )
        .await;
        assert!(due(&store).await.is_empty());
        roots(&store, &["other"]).await;
        let removed = store.remove_unreachable(true, NOW).await.unwrap();
        assert_eq!(
            removed,
            ["location:default/middle", "location:default/root"]
        );
        let leaf = claim(&store).await.pop().unwrap();
        assert_eq!(
            (leaf.key, leaf.origin.as_str()),
            (key("leaf"), "file:other")
        );
        assert_eq!(
            leaf.fingerprint, None,
            "its entities name the origin: read in full"
        );
        let parents = store.parents(X).await.unwrap();
        assert_eq!(parents.len(), 1);
        assert_eq!(
            parents[0].entity_ref.as_deref(),
            Some("location:default/other")
        );
    })
    .await;
}

#[tokio::test]
async fn an_origin_that_still_reaches_a_source_stays() {
    on_each_engine(|store| async move {
        // `a` sorts before `root`, and reaches the leaf over a shorter way.
        roots(&store, &["root", "a"]).await;
        chain(&store, "root").await;
        deliver(&store, "a", vec![location("location:default/a", &["leaf"])]).await;
        store.remove_unreachable(true, NOW).await.unwrap();
        assert!(due(&store).await.is_empty(), "nothing is read again");
        roots(&store, &["root"]).await;
        assert_eq!(
            store.remove_unreachable(true, NOW).await.unwrap(),
            ["location:default/a"]
        );
        assert!(due(&store).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn orphans_are_kept_when_asked_and_come_back() {
    on_each_engine(|store| async move {
        roots(&store, &["root"]).await;
        chain(&store, "root").await;
        roots(&store, &[]).await;
        let orphaned = store.remove_unreachable(false, NOW).await.unwrap();
        assert_eq!(orphaned.len(), 3);
        assert!(store.entity_by_ref(X).await.unwrap().unwrap().orphan);
        assert_eq!(
            store.remove_unreachable(false, NOW).await.unwrap(),
            Vec::<String>::new()
        );
        assert!(due(&store).await.is_empty(), "nobody reads them");
        assert_eq!(store.next_due(NOW).await.unwrap(), None);
        let id = store.entity_by_ref(X).await.unwrap().unwrap().id;

        roots(&store, &["leaf"]).await;
        assert_eq!(due(&store).await, ["leaf"]);
        let back = deliver(&store, "leaf", vec![document(X, "1")]).await;
        assert_eq!(back.changed, 1);
        let x = store.entity_by_ref(X).await.unwrap().unwrap();
        assert_eq!((x.orphan, x.id), (false, id));

        let removed = store.remove_unreachable(true, NOW).await.unwrap();
        assert_eq!(
            removed,
            ["location:default/middle", "location:default/root"]
        );
    })
    .await;
}

#[tokio::test]
async fn deleting_a_location_entity_lets_its_children_go() {
    on_each_engine(|store| async move {
        roots(&store, &["root"]).await;
        chain(&store, "root").await;
        let middle = "location:default/middle";
        let deleted = store
            .delete_entity(middle, &audit("delete"), NOW)
            .await
            .unwrap()
            .unwrap();
        assert!(deleted.edges_changed);
        assert_eq!(store.remove_unreachable(true, NOW).await.unwrap(), [X]);
        assert_eq!(
            store
                .delete_entity(middle, &audit("delete"), NOW)
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            store
                .source_by_key(&key("leaf"))
                .await
                .unwrap()
                .map(|s| s.key),
            None
        );
    })
    .await;
}
