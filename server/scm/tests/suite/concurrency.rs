//! Several at once, in one process and in two.

use futures::future::join_all;
use portico_scm::{ChangeRequestState, RepositoryHost as _};
use portico_testkit::on_each_engine;

use crate::support::{Host, ORDERS, audit, is_conflict, proposal, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proposals_at_once_get_numbers_of_their_own() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let other = host.other_process();
        let proposals: Vec<_> = (0..8)
            .map(|at| proposal(&format!("b{at}"), vec![write("a.txt", format!("{at}"))]))
            .collect();
        let event = audit();
        let outcomes = join_all(proposals.iter().enumerate().map(|(at, one)| {
            let git = if at % 2 == 0 { &host.git } else { &other };
            git.propose(ORDERS, one, &event)
        }))
        .await;
        let mut numbers: Vec<_> = outcomes.into_iter().map(|it| it.unwrap().number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(host.git.branches(ORDERS).await.unwrap().len(), 9);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_branch_is_made_once() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let other = host.other_process();
        let proposals: Vec<_> = (0..6)
            .map(|at| proposal("same", vec![write("a.txt", format!("{}", at / 2))]))
            .collect();
        let event = audit();
        let outcomes = join_all(proposals.iter().enumerate().map(|(at, one)| {
            let git = if at % 2 == 0 { &host.git } else { &other };
            git.propose(ORDERS, one, &event)
        }))
        .await;
        let made: Vec<_> = outcomes.iter().filter_map(|it| it.as_ref().ok()).collect();
        assert_eq!(made.len(), 1);
        assert!(
            outcomes.iter().filter(|it| it.is_err()).all(is_conflict),
            "{outcomes:?}"
        );
        assert_eq!(host.by_hand(&["rev-parse", "same"]), made[0].head_commit);
        assert_eq!(host.events().await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merges_at_once_all_arrive() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let other = host.other_process();
        for name in ["a", "b", "c"] {
            let one = proposal(name, vec![write(name, name)]);
            host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        }
        let event = audit();
        let outcomes = join_all((1..=3).map(|number| {
            let git = if number % 2 == 0 { &host.git } else { &other };
            git.merge(ORDERS, number, &event)
        }))
        .await;
        for outcome in outcomes {
            assert_eq!(outcome.unwrap().state, ChangeRequestState::Merged);
        }
        let found = host.git.find(ORDERS, None, "?").await.unwrap();
        assert_eq!(found, ["a", "b", "c"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_change_request_is_settled_once() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let other = host.other_process();
        let one = proposal("a", vec![write("a", "a")]);
        host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        let event = audit();
        let (merged, again, closed) = futures::join!(
            host.git.merge(ORDERS, 1, &event),
            other.merge(ORDERS, 1, &event),
            other.close(ORDERS, 1, &event)
        );
        let outcomes = [merged, again, closed];
        assert_eq!(
            outcomes.iter().filter(|it| it.is_ok()).count(),
            1,
            "{outcomes:?}"
        );
        assert!(
            outcomes.iter().filter(|it| it.is_err()).all(is_conflict),
            "{outcomes:?}"
        );
        let now = host
            .git
            .change_request(ORDERS, 1)
            .await
            .unwrap()
            .change_request;
        let arrived = !host.git.find(ORDERS, None, "a").await.unwrap().is_empty();
        assert_eq!(arrived, now.state == ChangeRequestState::Merged);
        assert_eq!(host.events().await, 2);
    })
    .await;
}
