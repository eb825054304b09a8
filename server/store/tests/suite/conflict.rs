//! A ref belongs to the source that delivered it first.

use portico_store::ProblemFilter;
use portico_testkit::on_each_engine;

use crate::fixture::{
    NOW, audit, claim, commit, commit_now, deliver, document, due, failed, key, refs, roots,
};

const X: &str = "component:default/x";

#[tokio::test]
async fn the_first_source_wins_and_the_other_is_told() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        deliver(&store, "a", vec![document(X, "of a")]).await;
        let second = deliver(&store, "b", vec![document(X, "of b")]).await;
        assert_eq!(second.conflicts, [(X.to_owned(), "file:a".to_owned())]);
        assert_eq!((second.seq, second.added), (None, 0));
        assert_eq!(store.entity_by_ref(X).await.unwrap().unwrap().hash, "of a");
        let filter = ProblemFilter {
            source_id: Some(key("b").id()),
            ..ProblemFilter::default()
        };
        let (problems, _) = store.problems(&filter, 0, 10).await.unwrap();
        let (source, problem) = &problems[0];
        assert_eq!((source, problem.code.as_str()), (&key("b"), "conflict"));
        assert!(problem.message.contains("file:a"), "{}", problem.message);
        let both = [key("a").id(), key("b").id()];
        assert_eq!(
            store.sources_of_entity(X).await.unwrap(),
            both,
            "the holder first"
        );
    })
    .await;
}

#[tokio::test]
async fn the_loser_is_read_again_when_the_holder_lets_go() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        deliver(&store, "a", vec![document(X, "of a")]).await;
        deliver(&store, "b", vec![document(X, "of b")]).await;
        // A failed read must not forget that it waits.
        commit_now(&store, failed("b", "503")).await;
        assert!(due(&store).await.is_empty());

        deliver(&store, "a", vec![]).await;
        assert_eq!(due(&store).await, ["b"]);
        store
            .make_due(vec![key("b").id()], false, NOW)
            .await
            .unwrap();
        let b = claim(&store).await.pop().unwrap();
        assert_eq!((b.fingerprint, b.content_hash), (None, None), "in full");
        store
            .commit_source(commit("b", vec![document(X, "of b")]))
            .await
            .unwrap();
        assert_eq!(store.entity_by_ref(X).await.unwrap().unwrap().hash, "of b");
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
async fn deleting_the_entity_or_its_source_hands_over_too() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        deliver(&store, "a", vec![document(X, "of a")]).await;
        deliver(&store, "b", vec![document(X, "of b")]).await;
        let deleted = store
            .delete_entity(X, &audit("delete"), NOW)
            .await
            .unwrap()
            .unwrap();
        assert!(!deleted.edges_changed);
        assert_eq!(due(&store).await, ["b"]);

        deliver(&store, "a", vec![document(X, "of a")]).await;
        deliver(&store, "b", vec![document(X, "of b")]).await;
        roots(&store, &["b"]).await;
        assert_eq!(store.remove_unreachable(true, NOW).await.unwrap(), [X]);
        assert_eq!(due(&store).await, ["b"]);
    })
    .await;
}

#[tokio::test]
async fn a_ref_twice_in_one_source_or_batch_counts_once() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b"]).await;
        let mut again = document(X, "2");
        again.doc_index = 1;
        let summary = deliver(&store, "a", vec![document(X, "1"), again]).await;
        assert_eq!((summary.added, summary.conflicts.len()), (1, 1));
        let (problems, _) = store
            .problems(&ProblemFilter::default(), 0, 10)
            .await
            .unwrap();
        assert_eq!(problems[0].1.doc_index, Some(1));
        assert!(
            problems[0].1.message.contains("twice"),
            "{}",
            problems[0].1.message
        );

        store
            .make_due(vec![key("a").id(), key("b").id()], false, NOW)
            .await
            .unwrap();
        claim(&store).await;
        let y = "component:default/y";
        let commits = vec![
            commit("a", vec![document(y, "of a")]),
            commit("b", vec![document(y, "of b")]),
        ];
        let summaries = store.commit_sources(commits).await.unwrap();
        let b = summaries[1].as_ref().unwrap();
        assert_eq!(b.conflicts, [(y.to_owned(), "file:a".to_owned())]);
        assert_eq!(refs(&store).await, [y]);
    })
    .await;
}
