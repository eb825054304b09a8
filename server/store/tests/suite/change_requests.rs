//! Change requests, and the step in git that belongs to each write.

use std::future::{Ready, ready};

use std::sync::atomic::{AtomicUsize, Ordering};

use portico_store::{
    AuditFilter, ChangeRequestState, NewChangeRequest, Settlement, Store, StoreError,
};
use portico_testkit::{on_each_engine, on_postgres};

use crate::fixture::{NOW, audit};

const ORDERS: &str = "local:orders";

fn new(repository: &str, branch: &str) -> NewChangeRequest {
    NewChangeRequest {
        repository: repository.to_owned(),
        title: "Add Redis".to_owned(),
        body: "Because.".to_owned(),
        base: "main".to_owned(),
        branch: branch.to_owned(),
        base_commit: "a".repeat(40),
        head_commit: "b".repeat(40),
        via: Some("plugin add-redis".to_owned()),
    }
}

fn done() -> Ready<Result<(), StoreError>> {
    ready(Ok(()))
}

fn broken() -> Ready<Result<(), StoreError>> {
    ready(Err(StoreError::Url("broken".to_owned())))
}

async fn events(store: &Store) -> u64 {
    let all = AuditFilter::default();
    store.audit_events(&all, 0, 1).await.unwrap().1
}

#[tokio::test]
async fn numbers_count_in_each_repository() {
    on_each_engine(async |store| {
        let add = async |repository: &str, branch: &str| {
            store
                .add_change_request(&new(repository, branch), &audit("propose"), done())
                .await
                .unwrap()
        };
        let first = add(ORDERS, "a").await.unwrap();
        assert_eq!((first.number, first.state), (1, ChangeRequestState::Open));
        assert_eq!(
            (first.author.as_str(), first.created_at),
            ("user:default/ada", NOW)
        );
        assert_eq!(add("local:other", "a").await.unwrap().number, 1);
        assert_eq!(add(ORDERS, "a").await, None, "the branch has one");
        assert_eq!(add(ORDERS, "b").await.unwrap().number, 2);
        assert_eq!(store.change_request(ORDERS, 1).await.unwrap(), Some(first));
        assert_eq!(store.change_request(ORDERS, 3).await.unwrap(), None);
        let (rows, total) = store.change_requests(ORDERS, None, 1, 1).await.unwrap();
        assert_eq!((rows[0].number, total), (1, 2));
        assert_eq!(events(&store).await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_end_comes_once() {
    on_each_engine(async |store| {
        store
            .add_change_request(&new(ORDERS, "a"), &audit("propose"), done())
            .await
            .unwrap();
        let merged = Settlement::Merged {
            commit: "c".repeat(40),
        };
        let settle = async |settlement: &Settlement| {
            store
                .settle_change_request(ORDERS, 1, settlement, &audit("merge"), done())
                .await
                .unwrap()
        };
        assert!(settle(&merged).await);
        assert!(!settle(&merged).await);
        assert!(!settle(&Settlement::Closed).await);
        let row = store.change_request(ORDERS, 1).await.unwrap().unwrap();
        assert_eq!(row.state, ChangeRequestState::Merged);
        assert_eq!(
            (row.settled_at, row.merge_commit),
            (Some(NOW), Some("c".repeat(40)))
        );
        let open = Some(ChangeRequestState::Open);
        assert_eq!(
            store.change_requests(ORDERS, open, 0, 9).await.unwrap().1,
            0
        );
        assert_eq!(events(&store).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_step_that_fails_takes_the_row_with_it_and_is_not_taken_in_vain() {
    on_each_engine(async |store| {
        let one = new(ORDERS, "a");
        let proposed = audit("propose");
        let failed = store.add_change_request(&one, &proposed, broken());
        assert!(matches!(failed.await, Err(StoreError::Url(_))));
        assert_eq!(store.change_request(ORDERS, 1).await.unwrap(), None);
        let steps = AtomicUsize::new(0);
        let step = async || {
            steps.fetch_add(1, Ordering::Relaxed);
            Ok::<(), StoreError>(())
        };
        for _ in 0..2 {
            let added = store.add_change_request(&one, &proposed, step());
            added.await.unwrap();
        }
        assert_eq!(steps.load(Ordering::Relaxed), 1, "none for the refused one");
        let closed = Settlement::Closed;
        let event = audit("close");
        let failed = store.settle_change_request(ORDERS, 1, &closed, &event, broken());
        assert!(failed.await.is_err());
        let row = store.change_request(ORDERS, 1).await.unwrap().unwrap();
        assert_eq!(row.state, ChangeRequestState::Open);
        assert_eq!(events(&store).await, 1);
    })
    .await;
}

/// A step in git that takes long holds up nobody who writes something else.
#[tokio::test]
async fn others_write_the_audit_log_while_a_step_runs() {
    on_postgres(async |database| {
        let store = database.store().await;
        let other = || async { store.append_audit(&audit("other")).await };
        let (one, proposed) = (new(ORDERS, "a"), audit("propose"));
        let added = store.add_change_request(&one, &proposed, other());
        added.await.unwrap().unwrap();
        let closed = Settlement::Closed;
        let event = audit("close");
        let settled = store.settle_change_request(ORDERS, 1, &closed, &event, other());
        assert!(settled.await.unwrap());
        assert_eq!(events(&store).await, 4);
        assert_eq!(store.verify_audit(None).await.unwrap().events, 4);
    })
    .await;
}
