//! What would go is what goes.

use portico_store::Store;
use portico_testkit::on_each_engine;

use crate::fixture::{NOW, audit, deliver, document, key, location, roots};

const X: &str = "component:default/x";
const Y: &str = "component:default/y";
const NOTHING: [&str; 0] = [];

/// A registered location `list` with Location entities for `shared`, which the configuration
/// holds as well, and for `own`, which names itself and `list` again.
async fn registered(store: &Store) -> uuid::Uuid {
    let list = &key("list");
    let added = store.add_location(list, None, &audit("create"), NOW).await;
    roots(store, &["root"]).await;
    deliver(
        store,
        "root",
        vec![location("location:default/root", &["shared"])],
    )
    .await;
    let lists = [
        location("location:default/shared", &["shared"]),
        location("location:default/own", &["own"]),
    ];
    deliver(store, "list", lists.to_vec()).await;
    deliver(store, "shared", vec![document(X, "1")]).await;
    let own = [
        document(Y, "1"),
        location("location:default/cycle", &["own", "list"]),
    ];
    deliver(store, "own", own.to_vec()).await;
    added.unwrap().0.id
}

#[tokio::test]
async fn what_something_else_holds_does_not_go_with_a_location() {
    on_each_engine(|store| async move {
        let id = registered(&store).await;
        let would_go = store.brought_by_location(id).await.unwrap();
        assert_eq!(
            would_go,
            [
                Y,
                "location:default/cycle",
                "location:default/own",
                "location:default/shared"
            ]
        );
        store.remove_location(id, &audit("delete")).await.unwrap();
        let went = store.remove_unreachable(true, NOW).await.unwrap();
        assert_eq!(went, would_go);
        assert_eq!(store.brought_by_location(id).await.unwrap(), NOTHING);
    })
    .await;
}

#[tokio::test]
async fn a_location_that_the_configuration_holds_too_takes_nothing_along() {
    on_each_engine(|store| async move {
        let id = registered(&store).await;
        roots(&store, &["root", "list"]).await;
        assert_eq!(store.brought_by_location(id).await.unwrap(), NOTHING);
    })
    .await;
}

#[tokio::test]
async fn an_entity_takes_along_what_only_it_brings() {
    on_each_engine(|store| async move {
        registered(&store).await;
        for (name, brings) in [
            ("location:default/shared", vec![]),
            ("location:default/cycle", vec![]),
            ("location:default/own", vec![Y, "location:default/cycle"]),
            (X, vec![]),
            ("component:default/none", vec![]),
        ] {
            assert_eq!(
                store.brought_by_entity(name).await.unwrap(),
                brings,
                "{name}"
            );
        }
    })
    .await;
}
