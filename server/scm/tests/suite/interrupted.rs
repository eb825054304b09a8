//! What a process that was killed half-way leaves behind, and that it does no harm.

use std::{
    fs::{self, File},
    time::{Duration, SystemTime},
};

use portico_scm::{ChangeRequestState, RepositoryHost as _, ScmError};
use portico_store::StoreError;
use portico_testkit::on_each_engine;

use crate::support::{Host, ORDERS, audit, is_conflict, proposal, write};

/// Killed between the branch and the row: the same proposal goes through, another does not.
#[tokio::test]
async fn a_branch_without_a_change_request_is_taken_over_by_the_same_proposal() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let tree = host.object("same");
        host.by_hand(&["read-tree", "main"]);
        host.by_hand(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("100644,{tree},a.txt"),
        ]);
        let tree = host.by_hand(&["write-tree"]);
        let left = host.by_hand(&["commit-tree", "-p", "main", "-m", "left", &tree]);
        host.by_hand(&["update-ref", "refs/heads/add", &left]);

        let other = proposal("add", vec![write("a.txt", "other")]);
        assert!(is_conflict(
            &host.git.propose(ORDERS, &other, &audit()).await
        ));
        let same = proposal("add", vec![write("a.txt", "same")]);
        let made = host.git.propose(ORDERS, &same, &audit()).await.unwrap();
        assert_eq!((made.number, made.head_commit), (1, left));
        assert!(is_conflict(
            &host.git.propose(ORDERS, &same, &audit()).await
        ));
    })
    .await;
}

/// Killed between the base branch and the row: merging again only writes the row.
#[tokio::test]
async fn a_merge_that_only_git_knows_of_is_completed() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let one = proposal("add", vec![write("a.txt", "1")]);
        let made = host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        let tree = host.by_hand(&["rev-parse", "add^{tree}"]);
        let merge = host.by_hand(&[
            "commit-tree",
            "-p",
            "main",
            "-p",
            &made.head_commit,
            "-m",
            "m",
            &tree,
        ]);
        host.by_hand(&["update-ref", "refs/heads/main", &merge]);
        // And the world went on.
        let later = host.object("later");
        host.push_entry("100644", &later, "later.txt");
        let tip = host.by_hand(&["rev-parse", "main"]);

        let merged = host.git.merge(ORDERS, 1, &audit()).await.unwrap();
        assert_eq!(merged.state, ChangeRequestState::Merged);
        assert_eq!(merged.merge_commit, Some(merge));
        assert_eq!(host.by_hand(&["rev-parse", "main"]), tip);
    })
    .await;
}

/// The step in git fails: the row is not there either.
#[tokio::test]
async fn what_fails_in_git_is_not_in_the_database() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let one = proposal("add", vec![write("a.txt", "1")]);
        host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        let row = host.store.change_request(ORDERS, 1).await.unwrap().unwrap();
        let mut new = row.proposed;
        new.branch = "other".to_owned();
        let broken = async { Err(StoreError::Url("broken".to_owned())) };
        let outcome = host.store.add_change_request(&new, &audit(), broken).await;
        assert!(outcome.is_err());
        assert_eq!(
            host.store
                .change_requests(ORDERS, None, 0, 9)
                .await
                .unwrap()
                .1,
            1
        );
        assert_eq!(host.events().await, 1);
    })
    .await;
}

#[tokio::test]
async fn locks_of_the_dead_are_removed_and_those_of_the_living_are_not() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let one = proposal("add", vec![write("a.txt", "1")]);
        let lock = host.repository().join("refs/heads/add.lock");
        let file = File::create(&lock).unwrap();
        let alive = host.git.propose(ORDERS, &one, &audit()).await;
        assert!(
            matches!(alive, Err(ScmError::Unavailable(_))) && lock.exists(),
            "{alive:?}"
        );
        assert_eq!(host.events().await, 0);
        let long_ago = SystemTime::now() - Duration::from_mins(5);
        file.set_modified(long_ago).unwrap();
        host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        assert!(!lock.exists());

        let head = host.repository().join("HEAD.lock");
        File::create(&head).unwrap().set_modified(long_ago).unwrap();
        host.git.merge(ORDERS, 1, &audit()).await.unwrap();
        assert!(!head.exists());
    })
    .await;
}

#[tokio::test]
async fn an_index_left_behind_is_of_no_interest() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        fs::write(host.repository().join("index"), "rubbish").unwrap();
        fs::write(host.repository().join("index.lock"), "").unwrap();
        let one = proposal("add", vec![write("a.txt", "1")]);
        host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        host.git.merge(ORDERS, 1, &audit()).await.unwrap();
    })
    .await;
}
