//! Propose, review, merge, close.

use portico_scm::{
    ChangeKind, ChangeRequestState, LineKind, Mergeability, RepositoryHost as _, ScmError,
};
use portico_store::AuditFilter;
use portico_testkit::on_each_engine;

use crate::support::{Host, ORDERS, audit, is_conflict, numbered, proposal, remove, write};

#[tokio::test]
async fn a_change_is_proposed_reviewed_and_merged() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let bicep = numbered(30).replace("15\n", "fifteen\nand a half\n");
        let edits = vec![
            write("bicep/main.bicep", bicep.clone()),
            write("docs/new.md", "new\n"),
            write("tools/run.sh", "#!/bin/sh\nexit\n"),
            write("logo.png", [0u8, 159, 146, 150]),
            remove("README.md"),
        ];
        let proposed = host
            .git
            .propose(ORDERS, &proposal("add-redis", edits), &audit())
            .await
            .unwrap();
        assert_eq!(
            (proposed.number, proposed.state),
            (1, ChangeRequestState::Open)
        );
        assert_eq!(
            (proposed.base.as_str(), proposed.branch.as_str()),
            ("main", "add-redis")
        );
        assert_eq!(proposed.author, "user:default/ada");
        assert_eq!(proposed.url, "/repositories/orders/change-requests/1");
        let all = AuditFilter::default();
        let (events, total) = host.store.audit_events(&all, 0, 9).await.unwrap();
        assert_eq!((total, &events[0].details["number"]), (1, &1.into()));

        let detail = host.git.change_request(ORDERS, 1).await.unwrap();
        assert_eq!(detail.change_request, proposed);
        assert_eq!(detail.mergeability, Some(Mergeability::Clean));
        assert_eq!(detail.commits.len(), 1);
        assert_eq!(detail.commits[0].title, "Change add-redis");
        assert_eq!(detail.commits[0].author, "user:default/ada");
        assert_eq!(detail.commits[0].at, audit().at);
        let files: Vec<_> = detail
            .diff
            .files
            .iter()
            .map(|file| {
                (
                    file.path(),
                    file.change,
                    file.additions,
                    file.deletions,
                    file.binary,
                )
            })
            .collect();
        assert_eq!(
            files,
            [
                ("README.md", ChangeKind::Removed, 0, 1, false),
                ("bicep/main.bicep", ChangeKind::Modified, 2, 1, false),
                ("docs/new.md", ChangeKind::Added, 1, 0, false),
                ("logo.png", ChangeKind::Added, 0, 0, true),
                ("tools/run.sh", ChangeKind::Modified, 1, 0, false),
            ]
        );
        let hunk = &detail.diff.files[1].hunks[0];
        assert_eq!(
            (hunk.old_start, hunk.new_start, hunk.new_lines),
            (12, 12, 8)
        );
        let added = hunk.lines.iter().find(|line| line.kind == LineKind::Added);
        assert_eq!(
            (added.unwrap().new_number, added.unwrap().text.as_str()),
            (Some(15), "fifteen")
        );

        let unmerged = host
            .git
            .read_file(ORDERS, None, "docs/new.md")
            .await
            .unwrap();
        assert_eq!(unmerged, None, "proposing changes no branch that was there");
        let merged = host.git.merge(ORDERS, 1, &audit()).await.unwrap();
        assert_eq!(merged.state, ChangeRequestState::Merged);
        assert_eq!(merged.settled_by.as_deref(), Some("user:default/ada"));
        let commit = merged.merge_commit.unwrap();
        assert_eq!(host.by_hand(&["rev-parse", "main"]), commit);
        assert_eq!(host.by_hand(&["rev-parse", "main^2"]), proposed.head_commit);
        let read = host
            .git
            .read_file(ORDERS, None, "bicep/main.bicep")
            .await
            .unwrap();
        assert_eq!(read.unwrap(), bicep.into_bytes());
        assert!(
            host.by_hand(&["ls-tree", "main", "tools/run.sh"])
                .starts_with("100755")
        );
        assert_eq!(host.events().await, 2);
        let after = host.git.change_request(ORDERS, 1).await.unwrap();
        assert_eq!(
            after.diff, detail.diff,
            "what was merged can still be reviewed"
        );
        assert_eq!(after.mergeability, None);
    })
    .await;
}

#[tokio::test]
async fn the_branch_of_a_merged_change_is_free_for_the_next() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let propose = async |text: &str| {
            let one = proposal("add-redis", vec![write("redis.txt", text)]);
            host.git.propose(ORDERS, &one, &audit()).await.unwrap()
        };
        let first = propose("one").await;
        host.git.merge(ORDERS, 1, &audit()).await.unwrap();
        let branches = host.git.branches(ORDERS).await.unwrap();
        assert!(
            branches.iter().all(|it| it.name != "add-redis"),
            "{branches:?}"
        );

        let back = proposal("revert", vec![remove("redis.txt")]);
        host.git.propose(ORDERS, &back, &audit()).await.unwrap();
        host.git.merge(ORDERS, 2, &audit()).await.unwrap();
        let second = propose("one").await;
        assert_eq!((second.number, second.branch.as_str()), (3, "add-redis-2"));
        assert_ne!(first.head_commit, second.head_commit);
        host.git.merge(ORDERS, 3, &audit()).await.unwrap();
        let read = host.git.read_file(ORDERS, None, "redis.txt").await.unwrap();
        assert_eq!(read.unwrap(), b"one");
        let reviewed = host.git.change_request(ORDERS, 1).await.unwrap();
        assert_eq!(reviewed.diff.files.len(), 1, "its commits are kept");

        // One that was closed keeps its branch.
        let third = propose("two").await;
        host.git.close(ORDERS, 4, &audit()).await.unwrap();
        let branches = host.git.branches(ORDERS).await.unwrap();
        assert!(branches.iter().any(|it| it.name == third.branch));
    })
    .await;
}

#[tokio::test]
async fn a_branch_that_exists_is_a_conflict() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let propose = async |branch: &str, text: &str| {
            let one = proposal(branch, vec![write("a.txt", text)]);
            host.git.propose(ORDERS, &one, &audit()).await
        };
        propose("add", "1").await.unwrap();
        let head = host.by_hand(&["rev-parse", "add"]);
        for branch in ["add", "main", "add/more"] {
            assert!(is_conflict(&propose(branch, "2").await), "{branch}");
        }
        assert!(
            is_conflict(&propose("add", "1").await),
            "even with the same change"
        );
        assert_eq!(host.by_hand(&["rev-parse", "add"]), head);
        assert_eq!(host.events().await, 1);
        assert_eq!(propose("other", "2").await.unwrap().number, 2);
        let (list, total) = host.git.change_requests(ORDERS, None, 0, 1).await.unwrap();
        assert_eq!((list[0].number, list.len(), total), (2, 1, 2));
    })
    .await;
}

#[tokio::test]
async fn a_preview_changes_nothing() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let one = proposal("add", vec![write("a.txt", "1\n")]);
        let diff = host.git.preview(ORDERS, &one).await.unwrap();
        assert_eq!(
            (diff.files[0].path(), diff.files[0].additions),
            ("a.txt", 1)
        );
        assert_eq!(host.git.branches(ORDERS).await.unwrap().len(), 1);
        assert_eq!(host.events().await, 0);
        let taken = proposal("main", vec![write("a.txt", "1\n")]);
        assert!(is_conflict(&host.git.preview(ORDERS, &taken).await));
    })
    .await;
}

#[tokio::test]
async fn what_both_sides_changed_is_merged_or_named() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let propose = async |branch: &str, from: &str| {
            let text = numbered(30).replace(from, &format!("{branch}\n"));
            let one = proposal(branch, vec![write("bicep/main.bicep", text)]);
            host.git
                .propose(ORDERS, &one, &audit())
                .await
                .unwrap()
                .number
        };
        let (top, end, top_too) = (
            propose("top", "10\n").await,
            propose("end", "28\n").await,
            propose("too", "10\n").await,
        );
        host.git.merge(ORDERS, top, &audit()).await.unwrap();
        host.git.merge(ORDERS, end, &audit()).await.unwrap();
        let read = host
            .git
            .read_file(ORDERS, None, "bicep/main.bicep")
            .await
            .unwrap();
        let text = String::from_utf8(read.unwrap()).unwrap();
        assert!(text.contains("top\n") && text.contains("end\n"), "{text}");

        let before = host.by_hand(&["rev-parse", "main"]);
        let detail = host.git.change_request(ORDERS, top_too).await.unwrap();
        let names = vec!["bicep/main.bicep".to_owned()];
        assert_eq!(
            detail.mergeability,
            Some(Mergeability::Conflicts(names.clone()))
        );
        match host.git.merge(ORDERS, top_too, &audit()).await {
            Err(ScmError::Conflict { files, reason }) => {
                assert_eq!(files, names);
                assert!(reason.contains("bicep/main.bicep"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(host.by_hand(&["rev-parse", "main"]), before);
        let open = Some(ChangeRequestState::Open);
        let (list, _) = host.git.change_requests(ORDERS, open, 0, 9).await.unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].number, top_too);
    })
    .await;
}

#[tokio::test]
async fn a_closed_change_request_stays_closed_and_keeps_its_branch() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let one = proposal("add", vec![write("a.txt", "1")]);
        host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        let closed = host.git.close(ORDERS, 1, &audit()).await.unwrap();
        assert_eq!(
            (closed.state, closed.merge_commit),
            (ChangeRequestState::Closed, None)
        );
        let main = host.by_hand(&["rev-parse", "main"]);
        assert!(is_conflict(&host.git.merge(ORDERS, 1, &audit()).await));
        assert!(is_conflict(&host.git.close(ORDERS, 1, &audit()).await));
        assert_eq!(host.by_hand(&["rev-parse", "main"]), main);
        assert_eq!(host.by_hand(&["rev-parse", "add"]), closed.head_commit);
        assert_eq!(host.events().await, 2);
        let none = host.git.change_request(ORDERS, 2).await;
        assert!(matches!(none, Err(ScmError::NotFound(_))));
    })
    .await;
}

#[tokio::test]
async fn another_base_than_the_default() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        host.by_hand(&["branch", "release"]);
        let mut one = proposal("fix", vec![write("a.txt", "1")]);
        one.base = Some("release".to_owned());
        host.git.propose(ORDERS, &one, &audit()).await.unwrap();
        host.git.merge(ORDERS, 1, &audit()).await.unwrap();
        let read = async |branch| {
            host.git
                .read_file(ORDERS, Some(branch), "a.txt")
                .await
                .unwrap()
        };
        assert_eq!(read("release").await.as_deref(), Some(&b"1"[..]));
        assert_eq!(read("main").await, None);
        one.base = Some("none".to_owned());
        let none = host.git.propose(ORDERS, &one, &audit()).await;
        assert!(matches!(none, Err(ScmError::NotFound(_))));
    })
    .await;
}
