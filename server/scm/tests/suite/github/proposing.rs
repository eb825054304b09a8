//! Pull requests: proposed, reviewed, merged, closed.

use std::sync::Arc;

use portico_access::Principal;
use portico_catalog::Catalog;
use portico_config::Config;
use portico_scm::{
    ChangeKind, ChangeRequestState, Mergeability, Proposal, RepositoryHost as _, Scm, ScmError,
};
use portico_sources::Sources;

use super::Setting;
use crate::support::{audit, is_conflict, proposal, remove, write};

const FILES: [(&str, &str); 3] = [
    ("README.md", "one\ntwo\nthree\n"),
    ("old.txt", "old"),
    ("src/a.cs", "a"),
];

async fn setting() -> (Setting, String) {
    let setting = Setting::new().await;
    setting.peer.add("orders", &FILES);
    let url = setting.peer.repository("orders");
    (setting, url)
}

fn change(branch: &str) -> Proposal {
    let edits = vec![
        write("README.md", "one\n2\nthree\n"),
        write("new.bin", [0, 1, 2]),
        remove("old.txt"),
    ];
    Proposal {
        via: Some("task 1".to_owned()),
        ..proposal(branch, edits)
    }
}

#[tokio::test]
async fn a_proposal_is_a_branch_a_commit_and_a_pull_request() {
    let (setting, url) = setting().await;
    let made = setting
        .github
        .propose(&url, &change("fix/a"), &audit())
        .await
        .unwrap();
    assert_eq!((made.number, made.base.as_str()), (1, "main"));
    assert_eq!(made.url, format!("{url}/pull/1"));
    assert_eq!(
        (made.author.as_str(), made.via.as_deref()),
        ("user:default/ada", Some("task 1"))
    );
    assert_eq!(made.body, "Because.");
    let files = setting.peer.files("orders", "fix/a");
    assert_eq!(files["new.bin"].0, [0, 1, 2]);
    assert!(!files.contains_key("old.txt"));
    assert_eq!(files["src/a.cs"].0, b"a", "the rest stays");
    assert_eq!(
        setting.peer.files("orders", "main").len(),
        3,
        "the base branch stays"
    );
    let detail = setting.github.change_request(&url, 1).await.unwrap();
    assert_eq!(detail.change_request, made);
    assert_eq!(detail.commits[0].title, "Change fix/a");
    assert_eq!(detail.mergeability, Some(Mergeability::Clean));
    let readme = &detail.diff.files[0];
    assert_eq!(
        (readme.path(), readme.change),
        ("README.md", ChangeKind::Modified)
    );
    assert!(readme.hunks[0].lines.iter().any(|line| line.text == "2"));
    let (listed, total) = setting
        .github
        .change_requests(&url, None, 0, 10)
        .await
        .unwrap();
    assert_eq!((listed, total), (vec![made], 1));
    assert_eq!(setting.events().await, 1);
}

#[tokio::test]
async fn a_preview_changes_nothing_and_shows_the_same() {
    let (setting, url) = setting().await;
    let diff = setting.github.preview(&url, &change("fix")).await.unwrap();
    let shown: Vec<_> = diff.files.iter().map(|it| (it.path(), it.change)).collect();
    assert_eq!(
        shown,
        [
            ("README.md", ChangeKind::Modified),
            ("new.bin", ChangeKind::Added),
            ("old.txt", ChangeKind::Removed)
        ]
    );
    assert_eq!((diff.files[0].additions, diff.files[0].deletions), (1, 1));
    assert!(diff.files[1].binary);
    assert!(setting.peer.asked().iter().all(|it| it.method == "GET"));
    let same = proposal("fix", vec![write("src/a.cs", "a")]);
    for outcome in [
        setting.github.preview(&url, &same).await.map(|_| ()),
        setting
            .github
            .propose(&url, &same, &audit())
            .await
            .map(|_| ()),
    ] {
        let text = outcome.unwrap_err().to_string();
        assert!(text.contains("change nothing"), "{text}");
    }
    assert_eq!(setting.peer.branches("orders"), ["main"]);
}

#[tokio::test]
async fn a_branch_that_is_there_is_in_the_way() {
    let (setting, url) = setting().await;
    setting
        .peer
        .push("orders", "fix", &[("README.md", "theirs")]);
    for outcome in [
        setting
            .github
            .preview(&url, &change("fix"))
            .await
            .map(|_| ()),
        setting
            .github
            .propose(&url, &change("fix"), &audit())
            .await
            .map(|_| ()),
    ] {
        assert!(is_conflict(&outcome), "{outcome:?}");
    }
    let wrong = [
        proposal("b", vec![remove("none")]),
        proposal("b", vec![write("src", "x")]),
        Proposal {
            base: Some("none".to_owned()),
            ..change("b")
        },
    ];
    for wrong in wrong {
        setting
            .github
            .propose(&url, &wrong, &audit())
            .await
            .unwrap_err();
    }
    assert_eq!(setting.events().await, 0);
}

#[tokio::test]
async fn a_branch_left_without_its_pull_request_is_taken_over() {
    let (setting, url) = setting().await;
    setting.peer.interrupt(("POST", "/pulls"));
    let stopped = setting.github.propose(&url, &change("fix"), &audit()).await;
    assert!(stopped.is_err());
    assert_eq!(setting.peer.branches("orders"), ["fix", "main"]);
    let made = setting
        .github
        .propose(&url, &change("fix"), &audit())
        .await
        .unwrap();
    assert_eq!(made.number, 1);
    // Told too late that it was done.
    let again = setting
        .github
        .propose(&url, &change("fix"), &audit())
        .await
        .unwrap();
    assert_eq!(again.number, 1);
}

#[tokio::test]
async fn merged_and_closed_ones_are_settled() {
    let (setting, url) = setting().await;
    let host = &setting.github;
    host.propose(&url, &change("one"), &audit()).await.unwrap();
    let two = proposal("two", vec![write("README.md", "theirs\n")]);
    host.propose(&url, &two, &audit()).await.unwrap();
    let three = proposal("three", vec![write("src/b.cs", "b")]);
    host.propose(&url, &three, &audit()).await.unwrap();
    let merged = host.merge(&url, 1, &audit()).await.unwrap();
    assert_eq!(merged.state, ChangeRequestState::Merged);
    assert_eq!(merged.settled_by.as_deref(), Some("user:default/ada"));
    assert!(merged.merge_commit.is_some());
    assert_eq!(
        setting.peer.files("orders", "main")["README.md"].0,
        b"one\n2\nthree\n"
    );
    // Both changed the same file.
    let detail = host.change_request(&url, 2).await.unwrap();
    assert_eq!(
        detail.mergeability,
        Some(Mergeability::Conflicts(Vec::new()))
    );
    let refused = host.merge(&url, 2, &audit()).await;
    assert!(is_conflict(&refused), "{refused:?}");
    let closed = host.close(&url, 2, &audit()).await.unwrap();
    assert_eq!(closed.state, ChangeRequestState::Closed);
    assert!(is_conflict(&host.close(&url, 2, &audit()).await));
    assert!(is_conflict(&host.merge(&url, 1, &audit()).await));
    for (state, numbers) in [
        (Some(ChangeRequestState::Open), vec![3]),
        (Some(ChangeRequestState::Merged), vec![1]),
        (Some(ChangeRequestState::Closed), vec![2]),
        (None, vec![3, 2, 1]),
    ] {
        let (found, total) = host.change_requests(&url, state, 0, 10).await.unwrap();
        let found: Vec<i64> = found.iter().map(|it| it.number).collect();
        assert_eq!((total, &found), (numbers.len() as u64, &numbers));
    }
    let (page, total) = host.change_requests(&url, None, 1, 1).await.unwrap();
    assert_eq!((page[0].number, total), (2, 3));
    assert_eq!(setting.events().await, 5);
    assert!(matches!(
        host.change_request(&url, 9).await,
        Err(ScmError::NotFound(_))
    ));
}

#[tokio::test]
async fn what_is_open_is_asked_once_for_many_pages() {
    let (setting, url) = setting().await;
    let (one, event) = (change("fix/a"), audit());
    let made = setting.github.propose(&url, &one, &event).await.unwrap();
    let config = Config::default();
    let sources = Sources::new(&config).unwrap();
    let catalog = Catalog::new(setting.store.clone(), sources, Arc::new(config));
    let scm = Scm::new(catalog, vec![Arc::new(setting.github.clone())]);
    let admin = Principal::LocalAdmin;
    let before = setting.peer.count("GET", "/pulls");
    for _ in 0..3 {
        let found = scm.open_changes(&admin, &url).await.unwrap();
        assert_eq!((found.newest.len(), found.open), (1, 1));
        assert_eq!(found.newest[0].url, made.url);
    }
    assert_eq!(setting.peer.count("GET", "/pulls") - before, 1);
    let nobody = scm.open_changes(&Principal::Anonymous, &url).await;
    assert!(matches!(nobody, Err(ScmError::Denied(_))), "{nobody:?}");
}
