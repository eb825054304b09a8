//! Repositories that are made with their first commit, and files that are read at once.

use portico_scm::{NewRepository, RepositoryFile, RepositoryHost as _, ScmError};
use portico_testkit::on_each_engine;

use crate::support::{Host, ORDERS, audit, is_conflict};

const NEW: &str = "local:new";

fn file(path: &str, content: &[u8], is_executable: bool) -> RepositoryFile {
    RepositoryFile {
        path: path.to_owned(),
        content: content.to_vec(),
        is_executable,
    }
}

fn new(key: Option<&str>) -> NewRepository {
    NewRepository {
        branch: "trunk".to_owned(),
        message: "The beginning\n\nWith a reason.".to_owned(),
        files: vec![
            file("README.md", b"# New\n", false),
            file("a \"b\"/ä.bin", b"\0\xff\ndone\n", false),
            file("run.sh", b"#!/bin/sh\n", true),
        ],
        key: key.map(str::to_owned),
        ..NewRepository::default()
    }
}

#[tokio::test]
async fn a_repository_has_what_it_was_made_of() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let before = host.events().await;
        let commit = host.git.create(NEW, &new(None), &audit()).await.unwrap();
        assert_eq!(host.events().await, before + 1, "the audit log has it");
        let repository = host.git.repository(NEW).await.unwrap();
        assert_eq!(repository.default_branch, "trunk");
        let branches = host.git.branches(NEW).await.unwrap();
        assert_eq!(branches[0].tip.id, commit);
        assert_eq!(branches[0].tip.title, "The beginning");
        assert_eq!(branches[0].tip.author, "user:default/ada");
        assert_eq!(branches[0].tip.at, audit().at);
        let mut files = host.git.files(NEW, None, "").await.unwrap();
        files.sort_by_key(|it| it.path.clone());
        let mut wanted = new(None).files;
        wanted.sort_by_key(|it| it.path.clone());
        assert_eq!(files, wanted);
        assert_eq!(host.git.page(NEW), "/repositories/new");
    })
    .await;
}

#[tokio::test]
async fn a_name_is_taken_but_for_who_has_the_key() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let other = host.other_process();
        let mine = new(Some("task 1"));
        let event = audit();
        let (one, two) = futures::join!(
            host.git.create(NEW, &mine, &event),
            other.create(NEW, &mine, &event)
        );
        let made = one.unwrap();
        assert_eq!(
            two.unwrap(),
            made,
            "of two at once one wins, and both have it"
        );
        let events = host.events().await;
        assert_eq!(host.git.create(NEW, &mine, &audit()).await.unwrap(), made);
        for other in [new(None), new(Some("task 2"))] {
            assert!(is_conflict(&host.git.create(NEW, &other, &audit()).await));
        }
        assert!(is_conflict(
            &host.git.create(ORDERS, &new(None), &audit()).await
        ));
        assert_eq!(
            host.events().await,
            events,
            "what was not done is not in the log"
        );
        let left = std::fs::read_dir(host.folder.path().join("git")).unwrap();
        assert_eq!(left.count(), 2, "nothing is left aside");
    })
    .await;
}

#[tokio::test]
async fn folders_are_read_whole_and_links_are_left_out() {
    on_each_engine(async |store| {
        let host = Host::new(store).await;
        let target = host.object("/etc/passwd");
        host.push_entry("120000", &target, "tools/link");
        let files = host.git.files(ORDERS, None, "tools").await.unwrap();
        assert_eq!(files, [file("run.sh", b"#!/bin/sh\n", true)]);
        assert_eq!(
            host.git
                .files(ORDERS, Some("main"), "")
                .await
                .unwrap()
                .len(),
            4
        );
        assert!(
            host.git
                .files(ORDERS, None, "none")
                .await
                .unwrap()
                .is_empty()
        );
        let missing = host.git.files("local:none", None, "").await;
        assert!(matches!(missing, Err(ScmError::NotFound(_))), "{missing:?}");
    })
    .await;
}
