//! Settings and shared secrets.

use portico_testkit::on_each_engine;
use serde_json::json;

use crate::fixture::audit;

#[tokio::test]
async fn settings_are_per_user_and_bucket() {
    on_each_engine(|store| async move {
        let (ada, bob) = ("user:default/ada", "user:default/bob");
        store
            .put_setting(ada, "starred", "b", &json!(["x"]), &audit("set"))
            .await
            .unwrap();
        store
            .put_setting(ada, "starred", "a", &json!(1), &audit("set"))
            .await
            .unwrap();
        store
            .put_setting(ada, "starred", "a", &json!(2), &audit("set"))
            .await
            .unwrap();
        store
            .put_setting(ada, "theme", "mode", &json!("dark"), &audit("set"))
            .await
            .unwrap();
        store
            .put_setting(bob, "starred", "a", &json!(null), &audit("set"))
            .await
            .unwrap();
        let starred = store.get_settings(ada, "starred").await.unwrap();
        assert_eq!(
            starred,
            [("a".to_owned(), json!(2)), ("b".to_owned(), json!(["x"]))]
        );
        store
            .delete_setting(ada, "starred", "a", &audit("set"))
            .await
            .unwrap();
        store
            .delete_setting(ada, "starred", "none", &audit("set"))
            .await
            .unwrap();
        assert_eq!(store.get_settings(ada, "starred").await.unwrap().len(), 1);
        assert_eq!(store.get_settings(bob, "starred").await.unwrap().len(), 1);
        let all = portico_store::AuditFilter::default();
        let (_, events) = store.audit_events(&all, 0, 1).await.unwrap();
        assert_eq!(events, 6, "none for what was not there");
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_generated_once() {
    on_each_engine(|store| async move {
        assert_eq!(
            store.secret("session", || vec![1, 2]).await.unwrap(),
            [1, 2]
        );
        assert_eq!(store.secret("session", || vec![3]).await.unwrap(), [1, 2]);
        assert_eq!(store.secret("other", || vec![3]).await.unwrap(), [3]);
    })
    .await;
}
