//! Locations that people register.

use portico_store::{AuditFilter, SourceParent};
use portico_testkit::on_each_engine;
use uuid::Uuid;

use crate::fixture::{NOW, audit, deliver, document, due, key, location, refs, roots};

const X: &str = "component:default/x";

#[tokio::test]
async fn a_registered_location_is_read_and_forgotten() {
    on_each_engine(|store| async move {
        let ada = Some("user:default/ada");
        let (row, existed) = store
            .add_location(&key("a"), ada, &audit("create"), NOW)
            .await
            .unwrap();
        assert!(!existed);
        let (again, existed) = store
            .add_location(&key("a"), None, &audit("create"), NOW)
            .await
            .unwrap();
        assert!(existed);
        assert_eq!((again.id, again.created_by.as_deref()), (row.id, ada));
        assert_eq!(due(&store).await, ["a"]);
        deliver(&store, "a", vec![document(X, "1")]).await;

        let parents = store.parents(X).await.unwrap();
        assert_eq!(parents.len(), 1);
        assert_eq!(parents[0].parent, SourceParent::Location(row.id));
        assert_eq!(
            (parents[0].entity_ref.as_ref(), &parents[0].key),
            (None, &key("a"))
        );

        assert_eq!(store.list_locations().await.unwrap().len(), 1);
        assert_eq!(
            store.get_location(row.id).await.unwrap().unwrap().key,
            key("a")
        );
        assert_eq!(
            store.location_by_key(&key("a")).await.unwrap().unwrap().id,
            row.id
        );
        assert!(store.location_by_key(&key("b")).await.unwrap().is_none());

        assert!(
            store
                .remove_location(row.id, &audit("delete"))
                .await
                .unwrap()
        );
        assert!(
            !store
                .remove_location(row.id, &audit("delete"))
                .await
                .unwrap()
        );
        assert_eq!(store.remove_unreachable(true, NOW).await.unwrap(), [X]);
        let (events, total) = store
            .audit_events(&AuditFilter::default(), 0, 10)
            .await
            .unwrap();
        assert_eq!(total, 2, "one for each mutation that happened");
        assert_eq!(events[0].action, "delete");
    })
    .await;
}

#[tokio::test]
async fn what_the_configuration_holds_too_stays() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        let (row, _) = store
            .add_location(&key("a"), None, &audit("create"), NOW)
            .await
            .unwrap();
        deliver(&store, "a", vec![document(X, "1")]).await;
        let kinds: Vec<_> = store
            .parents(X)
            .await
            .unwrap()
            .into_iter()
            .map(|parent| parent.parent)
            .collect();
        assert_eq!(
            kinds,
            [SourceParent::Config, SourceParent::Location(row.id)]
        );
        store
            .remove_location(row.id, &audit("delete"))
            .await
            .unwrap();
        assert_eq!(
            store.remove_unreachable(true, NOW).await.unwrap(),
            Vec::<String>::new()
        );
        assert_eq!(refs(&store).await, [X]);
    })
    .await;
}

#[tokio::test]
async fn ancestry_names_the_location_entity() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![location("location:default/l", &["b"])]).await;
        deliver(&store, "b", vec![document(X, "1")]).await;
        let id = store
            .entity_by_ref("location:default/l")
            .await
            .unwrap()
            .unwrap()
            .id;
        let parents = store.parents(X).await.unwrap();
        assert_eq!(parents[0].parent, SourceParent::Entity(id));
        assert_eq!(parents[0].entity_ref.as_deref(), Some("location:default/l"));
        assert_eq!(store.parents("component:default/none").await.unwrap(), []);
        assert!(store.get_location(Uuid::nil()).await.unwrap().is_none());
    })
    .await;
}
