//! What plugins remember.

use portico_store::{StateRefusal, Store};
use portico_testkit::on_each_engine;

const QUOTA: i64 = 100;

/// Writes `key` of a plugin that is called like the test's; panics when the database fails.
async fn set(
    store: &Store,
    key: &str,
    value: Option<&[u8]>,
    expected: Option<i64>,
) -> Result<i64, StateRefusal> {
    let written = store.set_plugin_state("team:it", key, value, expected, QUOTA);
    written.await.unwrap()
}

#[tokio::test]
async fn a_version_never_comes_back() {
    on_each_engine(|store| async move {
        let first = set(&store, "cursor", Some(b"a"), Some(0)).await.unwrap();
        assert_eq!(set(&store, "cursor", None, Some(first)).await, Ok(0));
        let second = set(&store, "cursor", Some(b"a"), Some(0)).await.unwrap();
        assert!(second > first, "{second} after {first}");
        // Whoever read the first value must not overwrite the second one.
        let stale = set(&store, "cursor", Some(b"b"), Some(first)).await;
        assert_eq!(stale, Err(StateRefusal::Conflict(second)));
        let gone = set(&store, "cursor", None, Some(first)).await;
        assert_eq!(gone, Err(StateRefusal::Conflict(second)));
        let there = store.plugin_state("team:it", "cursor").await.unwrap();
        assert_eq!(there.unwrap().value, b"a");
    })
    .await;
}

#[tokio::test]
async fn of_writers_that_saw_the_same_one_wins() {
    on_each_engine(|store| async move {
        let seen = set(&store, "lease", Some(b"-"), None).await.unwrap();
        let writers = (0..8).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { set(&store, "lease", Some(b"me"), Some(seen)).await })
        });
        let mut won = 0;
        for writer in writers.collect::<Vec<_>>() {
            match writer.await.unwrap() {
                Ok(_) => won += 1,
                Err(refusal) => assert_ne!(refusal, StateRefusal::Conflict(seen)),
            }
        }
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_plugin_keeps_is_bounded_and_its_own() {
    on_each_engine(|store| async move {
        set(&store, "a", Some(&[0; 60]), None).await.unwrap();
        let more = set(&store, "b", Some(&[0; 60]), None).await;
        assert_eq!(more, Err(StateRefusal::TooMuch));
        set(&store, "a", Some(&[0; 10]), None).await.unwrap();
        set(&store, "b", Some(&[0; 60]), None).await.unwrap();
        let other = store.set_plugin_state("team:other", "a", Some(&[1; 90]), Some(0), QUOTA);
        assert_eq!(other.await.unwrap(), Ok(1));
        assert_eq!(store.plugin_state("team:third", "a").await.unwrap(), None);
        let keys = store.plugin_state_keys("team:it", "", 10).await.unwrap();
        assert_eq!(keys, ["a", "b"]);
    })
    .await;
}
