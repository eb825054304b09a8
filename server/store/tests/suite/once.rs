//! What only one may do.

use portico_testkit::on_each_engine;

#[tokio::test]
async fn the_first_may_and_others_wait_until_it_is_over() {
    on_each_engine(async |store| {
        assert!(store.claim_once("a", 1_000, 2_000).await.unwrap());
        assert!(!store.claim_once("a", 1_999, 3_000).await.unwrap());
        assert!(store.claim_once("b", 1_999, 3_000).await.unwrap());
        assert!(store.claim_once("a", 2_000, 3_000).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_is_the_first() {
    on_each_engine(async |store| {
        let claim = || store.claim_once("a", 1_000, 2_000);
        let (a, b, c) = tokio::join!(claim(), claim(), claim());
        let first = [a, b, c].into_iter().filter(|it| *it.as_ref().unwrap());
        assert_eq!(first.count(), 1);
    })
    .await;
}
