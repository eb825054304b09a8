//! Where entities come from, with the content they were read from.

use portico_store::{ProblemFilter, SourceCommit};
use portico_testkit::on_each_engine;

use crate::fixture::{NOW, commit, commit_now, deliver, document, failed, key, problem, roots};

const X: &str = "component:default/x";

#[tokio::test]
async fn the_content_is_kept_until_there_is_another() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        let yaml = "kind: Component # ü\n".repeat(300);
        let with_content = SourceCommit {
            content: Some(yaml.clone()),
            ..commit("a", vec![document(X, "1")])
        };
        commit_now(&store, with_content.clone()).await;
        let origin = store.origin(X).await.unwrap().unwrap();
        assert_eq!(
            (origin.key, origin.read_at, origin.content),
            (key("a"), Some(NOW), Some(yaml))
        );
        commit_now(&store, failed("a", "gone")).await;
        assert!(store.origin(X).await.unwrap().unwrap().content.is_some());
        let other = SourceCommit {
            content: Some("new".to_owned()),
            ..with_content
        };
        commit_now(&store, other).await;
        let content = store.origin(X).await.unwrap().unwrap().content;
        assert_eq!(content.as_deref(), Some("new"));
        assert!(
            store
                .origin("component:default/none")
                .await
                .unwrap()
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn sources_are_listed_with_their_counts() {
    on_each_engine(|store| async move {
        roots(&store, &["a", "b", "c"]).await;
        deliver(&store, "b", vec![document(X, "1")]).await;
        let mut broken = commit("c", vec![]);
        broken.problems = vec![problem("yaml", None, "1"), problem("yaml", None, "2")];
        commit_now(&store, broken).await;
        let (page, total) = store.source_statuses(1, 10).await.unwrap();
        assert_eq!(total, 3);
        let counts: Vec<_> = page
            .iter()
            .map(|source| (source.key.target.as_str(), source.entities, source.problems))
            .collect();
        assert_eq!(counts, [("b", 1, 0), ("c", 0, 2)]);
        let (problems, total) = store
            .problems(&ProblemFilter::default(), 1, 10)
            .await
            .unwrap();
        assert_eq!((problems.len(), total), (1, 2));
        assert_eq!(problems[0].1.message, "2");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_entity_comes_back_with_its_source() {
    on_each_engine(|store| async move {
        roots(&store, &["a"]).await;
        deliver(&store, "a", vec![document(X, "1")]).await;
        store
            .delete_entity(X, &crate::fixture::audit("delete"), NOW)
            .await
            .unwrap()
            .unwrap();
        assert!(store.entity_by_ref(X).await.unwrap().is_none());
        store
            .make_due(vec![key("a").id()], false, NOW)
            .await
            .unwrap();
        let source = crate::fixture::claim(&store).await.pop().unwrap();
        assert_eq!(source.fingerprint, None, "or it would seem unchanged");
    })
    .await;
}
