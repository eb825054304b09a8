//! The change feed: nothing is missed, nothing comes too late.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use portico_store::{Millis, Seq, Store};
use portico_testkit::{on_each_database, on_each_engine, on_postgres};

use crate::fixture::{LATER, ME, NOW, commit, deliver, document, key, refs, roots};

const X: &str = "component:default/x";
const Y: &str = "component:default/y";

#[tokio::test]
async fn changes_come_in_order_and_end() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1"), document(Y, "1")]).await;
        deliver(&store, "a", vec![document(X, "2"), document(Y, "1")]).await;
        deliver(&store, "a", vec![document(X, "2")]).await;
        let changes = store.changes_since(0, 100).await.unwrap();
        assert_eq!((changes.seq, changes.reload), (3, false));
        assert_eq!(changes.upserted.len(), 1);
        assert_eq!(
            (changes.upserted[0].hash.as_str(), changes.upserted[0].seq),
            ("2", 2)
        );
        assert_eq!(changes.removed.len(), 1);
        assert_eq!(changes.removed[0].1, Y);
        let end = store.changes_since(3, 100).await.unwrap();
        assert_eq!((end.seq, end.upserted.len(), end.removed.len()), (3, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_page_never_splits_a_transaction() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        let many = |kind: &str| -> Vec<_> {
            (0..5)
                .map(|n| document(&format!("{kind}:default/{n}"), "1"))
                .collect()
        };
        deliver(&store, "a", many("component")).await;
        deliver(&store, "b", many("api")).await;
        deliver(&store, "a", vec![]).await;
        let mut pages = Vec::new();
        let mut seq = 0;
        loop {
            let page = store.changes_since(seq, 2).await.unwrap();
            if page.seq == seq {
                break;
            }
            seq = page.seq;
            pages.push((page.upserted.len(), page.removed.len()));
        }
        assert_eq!(pages, [(5, 0), (0, 5)]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_too_far_behind_reloads() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        deliver(&store, "a", vec![document(Y, "1")]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        assert_eq!(store.prune_tombstones(1).await.unwrap(), 1);
        assert!(store.changes_since(0, 10).await.unwrap().reload);
        assert!(store.changes_since(1, 10).await.unwrap().reload);
        let changes = store.changes_since(2, 10).await.unwrap();
        assert_eq!((changes.reload, changes.removed.len()), (false, 1));
        assert!(
            store.changes_since(4, 10).await.unwrap().reload,
            "another database"
        );
        assert_eq!(store.prune_tombstones(100).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn everything_is_loaded_in_chunks_by_id() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        let many = (0..2_345)
            .map(|n| document(&format!("api:default/{n}"), "1"))
            .collect();
        deliver(&store, "a", many).await;
        let mut ids = Vec::new();
        let mut chunks = 0;
        let seq = store
            .load_all(|chunk| {
                chunks += 1;
                ids.extend(chunk.into_iter().map(|entity| entity.id));
            })
            .await
            .unwrap();
        assert_eq!((seq, chunks, ids.len()), (1, 10, 2_345));
        assert!(ids.is_sorted());
        let documents = store.documents(&ids).await.unwrap();
        assert_eq!(documents.len(), 2_345);
        assert_eq!(documents[&ids[7]], r#"{"text":"1"}"#);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_told_to_those_who_listen() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        let mut listener = store.listen().await.unwrap();
        let seq = deliver(&store, "a", vec![document(X, "1")])
            .await
            .seq
            .unwrap();
        assert_eq!(listener.recv().await.unwrap(), seq);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_hear_of_each_other() {
    on_postgres(async |database| {
        let (one, two) = (database.store().await, database.connect().await);
        roots(&one, &["a"]).await;
        let mut listener = two.listen().await.unwrap();
        deliver(&one, "a", vec![document(X, "1")]).await;
        let seq = listener.recv().await.unwrap();
        assert_eq!(
            two.changes_since(seq - 1, 10).await.unwrap().upserted.len(),
            1
        );
        drop(listener);
        one.close().await;
        two.close().await;
    })
    .await;
}

/// Writers on several connections, and a reader that follows them all the while: what it
/// pieced together must be what is there in the end, and no position may go backwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_misses_nothing_while_writers_compete() {
    on_each_database(async |database| {
        const WRITERS: usize = 4;
        const ROUNDS: usize = 25;
        let store = database.store().await;
        let targets: Vec<String> = (0..WRITERS).map(|n| format!("w{n}")).collect();
        store
            .sync_roots(targets.iter().map(|t| key(t)).collect(), NOW)
            .await
            .unwrap();

        let done = Arc::new(AtomicBool::new(false));
        let reader = tokio::spawn(follow(store.clone(), Arc::clone(&done)));
        let mut writers = Vec::new();
        for target in targets {
            let store = if store.engine_name() == "postgres" {
                database.connect().await
            } else {
                store.clone()
            };
            writers.push(tokio::spawn(async move {
                for round in 0..ROUNDS {
                    let next = if round + 1 < ROUNDS { NOW } else { LATER };
                    write_round(&store, &target, round, next).await;
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        done.store(true, Ordering::Release);
        let mut seen: Vec<String> = reader.await.unwrap().into_keys().collect();
        seen.sort();
        assert_eq!(seen, refs(&store).await);
        assert_eq!(
            store.current_seq().await.unwrap(),
            (WRITERS * ROUNDS) as Seq
        );
    })
    .await;
}

/// Each round replaces one of the writer's entities. Reads are due all the while, so writers
/// also compete for leases; whoever gets those of others gives them back.
async fn write_round(store: &Store, target: &str, round: usize, next_read_at: Millis) {
    let id = key(target).id();
    let owner = format!("{ME}-{target}");
    loop {
        let claimed = store.claim_due(&owner, NOW, 1_000, 100).await.unwrap();
        if claimed.iter().any(|source| source.id == id) {
            break;
        }
        store.release_all(&owner).await.unwrap();
    }
    let documents = (round..round + 3)
        .map(|n| document(&format!("api:{target}/{n}"), "1"))
        .collect();
    let mut commit = commit(target, documents);
    commit.owner.clone_from(&owner);
    commit.next_read_at = next_read_at;
    store.commit_source(commit).await.unwrap();
    store.release_all(&owner).await.unwrap();
}

async fn follow(store: Store, done: Arc<AtomicBool>) -> HashMap<String, uuid::Uuid> {
    let mut seen = HashMap::new();
    let mut seq = 0;
    loop {
        let last_round = done.load(Ordering::Acquire);
        let changes = store.changes_since(seq, 3).await.unwrap();
        assert!(!changes.reload);
        assert!(changes.seq >= seq);
        for (id, entity_ref) in changes.removed {
            if seen.get(&entity_ref) == Some(&id) {
                seen.remove(&entity_ref);
            }
        }
        for entity in changes.upserted {
            assert!(entity.seq > seq && entity.seq <= changes.seq);
            seen.insert(entity.entity_ref, entity.id);
        }
        if last_round && changes.seq == seq {
            return seen;
        }
        seq = changes.seq;
        tokio::task::yield_now().await;
    }
}
