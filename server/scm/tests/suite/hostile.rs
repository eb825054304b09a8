//! Paths, names and contents that mean harm.

use std::fs;

use portico_scm::{Edit, RepositoryHost as _, ScmError};
use portico_testkit::Database;

use crate::support::{Host, ORDERS, audit, proposal, remove, write};

async fn host() -> (Host, Database) {
    let database = Database::sqlite();
    (Host::new(database.store().await).await, database)
}

/// Proposes, and expects to be told off.
async fn refused(host: &Host, edits: Vec<Edit>) -> String {
    let outcome = host
        .git
        .propose(ORDERS, &proposal("x", edits.clone()), &audit())
        .await;
    match outcome {
        Err(ScmError::Invalid(reason)) => reason,
        other => panic!("{edits:?}: {other:?}"),
    }
}

#[tokio::test]
async fn nothing_is_written_through_links_or_over_folders() {
    let (host, _database) = host().await;
    host.push_entry("120000", &host.object("/etc"), "etc");
    let commit = host.by_hand(&["rev-parse", "main"]);
    host.push_entry("160000", &commit, "vendor/module");
    for (edit, why) in [
        (write("etc", "x"), "a link or a submodule"),
        (write("etc/passwd", "x"), "\"etc\" is not a folder"),
        (remove("etc"), "a link or a submodule"),
        (write("vendor/module", "x"), "a link or a submodule"),
        (write("vendor/module/x", "x"), "is not a folder"),
        (write("src", "x"), "is a folder"),
        (write("README.md/x", "x"), "\"README.md\" is not a folder"),
        (remove("src"), "no such file"),
        (remove("nothing"), "no such file"),
    ] {
        let told = refused(&host, vec![edit]).await;
        assert!(told.contains(why), "{told}");
    }
    let read = async |path| host.git.read_file(ORDERS, None, path).await.unwrap();
    assert_eq!(read("etc").await, None);
    assert_eq!(read("etc/passwd").await, None);
    assert_eq!(read("vendor/module").await, None);
    let found = host.git.find(ORDERS, None, "{etc,vendor/*}").await.unwrap();
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn edits_that_contradict_each_other_are_refused() {
    let (host, _database) = host().await;
    for (edits, why) in [
        (vec![write("a", "1"), write("a", "2")], "changed twice"),
        (
            vec![write("README.md", "1"), remove("README.md")],
            "changed twice",
        ),
        (vec![write("a", "1"), write("a/b", "2")], "is no folder"),
        (vec![write("README.md", "# Orders\n")], "change nothing"),
    ] {
        let told = refused(&host, edits).await;
        assert!(told.contains(why), "{told}");
    }
    assert_eq!(host.git.branches(ORDERS).await.unwrap().len(), 1);
    assert_eq!(host.events().await, 0);
}

/// Disguises of `.git` on file systems that ignore some characters: git knows them.
#[tokio::test]
async fn git_refuses_its_own_folder_in_disguise() {
    let (host, _database) = host().await;
    for path in [
        ".g\u{200c}it/config",
        "git~1/config",
        "a/.Git\u{feff}/hooks/x",
        ".git::$INDEX_ALLOCATION/x",
    ] {
        let told = refused(&host, vec![write("fine", "x"), write(path, "x")]).await;
        assert!(told.contains("git refuses"), "{told}");
    }
}

#[tokio::test]
async fn names_do_not_leave_the_folder() {
    let (host, _database) = host().await;
    fs::create_dir_all(host.folder.path().join("outside.git")).unwrap();
    fs::write(
        host.folder.path().join("outside.git/HEAD"),
        "ref: refs/heads/main",
    )
    .unwrap();
    for name in [
        "local:../outside",
        "local:",
        "local:/etc",
        "local:a/b",
        "local:orders.git",
        "local:..",
    ] {
        let outcome = host.git.repository(name).await;
        assert!(
            matches!(outcome, Err(ScmError::Invalid(_))),
            "{name}: {outcome:?}"
        );
    }
}

/// What a repository's own configuration, hooks and attributes would run.
#[tokio::test]
async fn nothing_of_the_repository_is_run() {
    let (host, _database) = host().await;
    let witness = host.folder.path().join("witness");
    let script = host.folder.path().join("script");
    fs::write(
        &script,
        format!("#!/bin/sh\ntouch {}\ncat\n", witness.display()),
    )
    .unwrap();
    make_executable(&script);
    let hooks = host.repository().join("hooks");
    fs::create_dir_all(&hooks).unwrap();
    for hook in ["reference-transaction", "post-index-change", "update"] {
        fs::copy(&script, hooks.join(hook)).unwrap();
    }
    let program = script.to_str().unwrap();
    host.by_hand(&["config", "filter.x.clean", program]);
    fs::create_dir_all(host.repository().join("info")).unwrap();
    fs::write(
        host.repository().join("info/attributes"),
        "* filter=x diff=x\n",
    )
    .unwrap();
    host.by_hand(&["config", "diff.x.textconv", program]);
    host.by_hand(&["config", "diff.x.command", program]);
    let _ = fs::remove_file(&witness);
    let one = proposal("x", vec![write("README.md", "x\n")]);
    host.git.propose(ORDERS, &one, &audit()).await.unwrap();
    host.git.change_request(ORDERS, 1).await.unwrap();
    host.git.merge(ORDERS, 1, &audit()).await.unwrap();
    assert!(!witness.exists());
}

fn make_executable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}
