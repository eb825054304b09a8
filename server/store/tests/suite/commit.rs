//! Committing what a source delivers: only differences are written.

use portico_store::{ProblemFilter, StoreError};
use portico_testkit::on_each_engine;

use crate::fixture::{
    LATER, claim, commit, commit_now, deliver, document, failed, key, location, problem, refs,
    roots,
};

const X: &str = "component:default/x";
const Y: &str = "component:default/y";

#[tokio::test]
async fn entities_are_added_changed_and_removed() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        let first = deliver(&store, "a", vec![document(X, "1"), document(Y, "1")]).await;
        assert_eq!((first.added, first.changed, first.removed), (2, 0, 0));
        assert_eq!(first.seq, Some(1));
        let x = store.entity_by_ref(X).await.unwrap().unwrap();
        assert_eq!(x.document, r#"{"text":"1"}"#);
        assert_eq!((x.seq, x.orphan, x.source_id), (1, false, key("a").id()));

        let second = deliver(&store, "a", vec![document(X, "2")]).await;
        assert_eq!((second.added, second.changed, second.removed), (0, 1, 1));
        let changed = store.entity_by_ref(X).await.unwrap().unwrap();
        assert_eq!(
            (changed.id, changed.hash.as_str(), changed.seq),
            (x.id, "2", 2)
        );
        assert_eq!(refs(&store).await, [X]);
    })
    .await;
}

#[tokio::test]
async fn equal_documents_are_not_written_but_their_place_is_kept() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        let mut moved = document(X, "1");
        moved.line = 7;
        moved.doc_index = 1;
        let summary = deliver(&store, "a", vec![moved]).await;
        assert_eq!((summary.seq, summary.changed), (None, 0));
        assert_eq!(store.current_seq().await.unwrap(), 1);
        let origin = store.origin(X).await.unwrap().unwrap();
        assert_eq!((origin.line, origin.doc_index), (7, 1));
    })
    .await;
}

#[tokio::test]
async fn a_failed_read_keeps_everything_and_tells() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        let summary = commit_now(&store, failed("a", "503")).await;
        assert_eq!((summary.seq, summary.removed), (None, 0));
        let status = store.source_by_key(&key("a")).await.unwrap().unwrap();
        assert_eq!(
            (status.failures, status.entities, status.problems),
            (1, 1, 1)
        );
        assert_eq!(status.next_read_at, LATER);
        commit_now(&store, failed("a", "504")).await;
        let (problems, total) = store
            .problems(&ProblemFilter::default(), 0, 10)
            .await
            .unwrap();
        assert_eq!(total, 1, "the earlier one is replaced");
        assert_eq!(problems[0].1.message, "504");
        let source = claim_one(&store, "a").await;
        assert_eq!(source.failures, 2);
        assert_eq!(source.fingerprint.as_deref(), Some("fingerprint"), "kept");
    })
    .await;
}

#[tokio::test]
async fn broken_documents_keep_their_entities_and_show_the_problem_on_them() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1"), document(Y, "1")]).await;
        let mut broken = commit("a", vec![document(Y, "1")]);
        broken.keep_refs = vec![X.to_owned()];
        broken.problems = vec![problem("validation", Some(X), "no owner")];
        let summary = commit_now(&store, broken.clone()).await;
        assert_eq!(
            (summary.seq, summary.changed, summary.removed),
            (Some(2), 1, 0)
        );
        let x = store.entity_by_ref(X).await.unwrap().unwrap();
        assert!(x.problems.unwrap().contains("no owner"));
        assert_eq!((x.hash.as_str(), x.seq), ("1", 2));
        let y = store.entity_by_ref(Y).await.unwrap().unwrap();
        assert_eq!((y.problems, y.seq), (None, 1), "untouched");

        assert_eq!(
            commit_now(&store, broken).await.seq,
            None,
            "the same again is no change"
        );
        let filter = ProblemFilter {
            entity_ref: Some(X.to_owned()),
            ..ProblemFilter::default()
        };
        assert_eq!(store.problems(&filter, 0, 10).await.unwrap().1, 1);

        let healed = deliver(&store, "a", vec![document(X, "1"), document(Y, "1")]).await;
        assert_eq!((healed.seq, healed.changed), (Some(3), 1));
        assert_eq!(
            store.entity_by_ref(X).await.unwrap().unwrap().problems,
            None
        );
        assert_eq!(
            store
                .problems(&ProblemFilter::default(), 0, 10)
                .await
                .unwrap()
                .1,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn an_unreadable_document_keeps_all_that_is_missing() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1"), document(Y, "1")]).await;
        let mut broken = commit("a", vec![document(X, "2")]);
        broken.keep_missing = true;
        // A broken document can hold anything; PostgreSQL has no nul.
        broken.problems = vec![problem("yaml", Some("component:default/\0"), "tab \0")];
        broken.refresh_keys = vec!["https://h/\0".to_owned()];
        let summary = commit_now(&store, broken).await;
        assert_eq!((summary.changed, summary.removed), (1, 0));
        assert_eq!(refs(&store).await, [X, Y]);
    })
    .await;
}

#[tokio::test]
async fn vanished_entities_stay_as_orphans_when_asked_to() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        let id = store.entity_by_ref(X).await.unwrap().unwrap().id;
        let mut keeping = commit("a", vec![]);
        keeping.delete_orphans = false;
        assert_eq!(commit_now(&store, keeping.clone()).await.changed, 1);
        assert!(store.entity_by_ref(X).await.unwrap().unwrap().orphan);
        assert_eq!(
            commit_now(&store, keeping).await.seq,
            None,
            "an orphan already"
        );

        // Another source may have it, as the same entity.
        let taken = deliver(&store, "b", vec![document(X, "1")]).await;
        assert_eq!((taken.conflicts.len(), taken.changed), (0, 1));
        let x = store.entity_by_ref(X).await.unwrap().unwrap();
        assert_eq!((x.id, x.orphan, x.source_id), (id, false, key("b").id()));
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_one_transaction_with_an_answer_for_each() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b", "c"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        store
            .make_due(vec![key("a").id()], false, crate::fixture::NOW)
            .await
            .unwrap();
        claim(&store).await;
        store
            .claim_due("other", crate::fixture::NOW + 40_000, 1, 1)
            .await
            .unwrap();
        let lost: Vec<_> = ["a", "b", "c"].into_iter().map(key).collect();
        let commits = vec![
            // The file was renamed: the entity moves with its id.
            commit("a", vec![]),
            commit("b", vec![document(X, "1")]),
            commit("c", vec![document(Y, "1")]),
        ];
        let summaries = store.commit_sources(commits).await.unwrap();
        let missing: Vec<_> = summaries
            .iter()
            .zip(lost)
            .filter(|(summary, _)| summary.is_none())
            .map(|(_, key)| key.target)
            .collect();
        assert_eq!(missing.len(), 1, "one was taken by the other: {missing:?}");
    })
    .await;
}

#[tokio::test]
async fn an_entity_that_moves_between_files_keeps_its_id() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        let id = store.entity_by_ref(X).await.unwrap().unwrap().id;
        store
            .make_due(vec![key("a").id(), key("b").id()], false, 0)
            .await
            .unwrap();
        claim(&store).await;
        // In whichever order the batch has them.
        let commits = vec![commit("b", vec![document(X, "1")]), commit("a", vec![])];
        let summaries = store.commit_sources(commits).await.unwrap();
        let (b, a) = (
            summaries[0].as_ref().unwrap(),
            summaries[1].as_ref().unwrap(),
        );
        assert_eq!(
            (b.changed, b.added, b.conflicts.len(), a.removed),
            (1, 0, 0, 0)
        );
        let x = store.entity_by_ref(X).await.unwrap().unwrap();
        assert_eq!((x.id, x.source_id), (id, key("b").id()));
        assert_eq!(store.changes_since(1, 10).await.unwrap().removed, []);
    })
    .await;
}

#[tokio::test]
async fn edges_follow_the_documents() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        let first = deliver(
            &store,
            "a",
            vec![location("location:default/l", &["b", "c"])],
        )
        .await;
        assert!(first.edges_changed);
        let b = claim_one(&store, "b").await;
        assert_eq!(b.origin, "file:a");
        let same = deliver(
            &store,
            "a",
            vec![location("location:default/l", &["b", "c"])],
        )
        .await;
        assert!(!same.edges_changed);
        let less = deliver(&store, "a", vec![location("location:default/l", &["b"])]).await;
        assert!(less.edges_changed, "though the document is the same");
        let gone = deliver(&store, "a", vec![]).await;
        assert!(gone.edges_changed);
    })
    .await;
}

#[tokio::test]
async fn a_commit_without_a_lease_leaves_nothing_behind() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        claim(&store).await;
        let mut bad = commit("a", vec![document(X, "1")]);
        bad.owner = "nobody".to_owned();
        let outcome = store.commit_source(bad).await;
        assert!(matches!(outcome, Err(StoreError::LostLease { .. })));
        assert_eq!(refs(&store).await, Vec::<String>::new());
        assert_eq!(store.current_seq().await.unwrap(), 0);
    })
    .await;
}

async fn claim_one(store: &portico_store::Store, target: &str) -> portico_store::ClaimedSource {
    store
        .make_due(vec![key(target).id()], false, 0)
        .await
        .unwrap();
    let claimed = claim(store).await;
    store.release_all(crate::fixture::ME).await.unwrap();
    claimed
        .into_iter()
        .find(|source| source.key == key(target))
        .unwrap()
}
