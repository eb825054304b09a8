//! Importing, listing, reading, finding.

use std::fs;

use portico_scm::{FolderEntryKind, Imported, RepositoryHost as _, ScmError};
use portico_testkit::Database;

use crate::support::{Host, ORDERS, audit, proposal, write};

/// A host; what is read needs no database in particular.
async fn host() -> (Host, Database) {
    let database = Database::sqlite();
    (Host::new(database.store().await).await, database)
}

#[tokio::test]
async fn a_folder_becomes_a_repository_once() {
    let (host, _database) = host().await;
    let listed = host.git.repositories().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (
            listed[0].name.as_str(),
            listed[0].url.as_str(),
            listed[0].default_branch.as_str()
        ),
        ("orders", ORDERS, "main")
    );
    assert_eq!(host.git.repository(ORDERS).await.unwrap(), listed[0]);
    let before = host.git.branches(ORDERS).await.unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].name, "main");

    let source = host.folder.path().join("import/orders");
    fs::write(source.join("README.md"), "changed").unwrap();
    let again = host.git.import("orders", &source, 0).await.unwrap();
    assert_eq!(again, Imported::Existed);
    assert_eq!(host.git.branches(ORDERS).await.unwrap(), before);
    assert!(
        host.by_hand(&["ls-tree", "main", "tools/run.sh"])
            .starts_with("100755")
    );
    assert!(!host.repository().join("hooks").exists());
}

#[tokio::test]
async fn of_two_imports_at_once_one_wins() {
    let (host, _database) = host().await;
    let source = host.folder.path().join("import/orders");
    let other = host.other_process();
    let (first, second) = futures::join!(
        host.git.import("new", &source, 0),
        other.import("new", &source, 0)
    );
    assert!([first.unwrap(), second.unwrap()].contains(&Imported::New));
    assert_eq!(host.git.repositories().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_import_that_was_interrupted_is_not_there() {
    let (host, _database) = host().await;
    let git = host.folder.path().join("git");
    fs::create_dir_all(git.join(".import-x/repository")).unwrap();
    fs::create_dir_all(git.join("half.git/objects")).unwrap();
    assert_eq!(host.git.repositories().await.unwrap().len(), 1);
    let half = host.git.repository("local:half").await;
    assert!(matches!(half, Err(ScmError::NotFound(_))));
}

#[tokio::test]
async fn files_are_read_from_branches_and_commits() {
    let (host, _database) = host().await;
    let main = host.by_hand(&["rev-parse", "main"]);
    let changed = host.object("two\n");
    host.by_hand(&["branch", "old"]);
    host.push_entry("100644", &changed, "README.md");
    let read = async |reference: Option<&str>, path: &str| {
        let content = host.git.read_file(ORDERS, reference, path).await.unwrap();
        content.map(|content| String::from_utf8(content).unwrap())
    };
    assert_eq!(read(None, "README.md").await.as_deref(), Some("two\n"));
    assert_eq!(
        read(Some("main"), "README.md").await.as_deref(),
        Some("two\n")
    );
    assert_eq!(
        read(Some("old"), "README.md").await.as_deref(),
        Some("# Orders\n")
    );
    assert_eq!(
        read(Some(&main), "README.md").await.as_deref(),
        Some("# Orders\n")
    );
    for path in [
        "nothing",
        "src",
        "src/",
        "src/Orders/orders.csproj",
        "link",
        "README.md/x",
    ] {
        assert_eq!(read(None, path).await, None, "{path}");
    }
    let unknown = host.git.read_file(ORDERS, Some("none"), "README.md").await;
    assert!(matches!(unknown, Err(ScmError::NotFound(_))));
    let nowhere = host.git.read_file("local:nowhere", None, "README.md").await;
    assert!(matches!(nowhere, Err(ScmError::NotFound(_))));
}

#[tokio::test]
async fn what_is_too_large_is_told() {
    let (host, _database) = host().await;
    let large = host.object(&"x".repeat((5 << 20) + 1));
    host.push_entry("100644", &large, "large.txt");
    let read = host.git.read_file(ORDERS, None, "large.txt").await;
    assert!(matches!(read, Err(ScmError::TooLarge { .. })));
}

#[tokio::test]
async fn folders_are_listed() {
    let (host, _database) = host().await;
    host.push_entry("120000", &host.object("/etc/passwd"), "link");
    let list = async |path: &str| {
        let found = host.git.folder(ORDERS, None, path).await.unwrap()?;
        let entries = found.into_iter();
        let entries = entries.map(|entry| (entry.path, entry.kind, entry.size));
        Some(entries.collect::<Vec<_>>())
    };
    let (folder, file) = (FolderEntryKind::Folder, FolderEntryKind::File);
    let entry = |path: &str, kind, size| (path.to_owned(), kind, size);
    assert_eq!(
        list("").await.unwrap(),
        [
            entry("README.md", file, 9),
            entry("bicep", folder, 0),
            entry("link", FolderEntryKind::Other, 11),
            entry("src", folder, 0),
            entry("tools", folder, 0),
        ]
    );
    assert_eq!(
        list("src/Orders").await.unwrap(),
        [entry("src/Orders/Orders.csproj", file, 12)]
    );
    for path in ["nothing", "README.md", "link", "src/orders", "*"] {
        assert_eq!(list(path).await, None, "{path}");
    }
}

#[tokio::test]
async fn branches_know_their_newest_commit() {
    let (host, _database) = host().await;
    let one = proposal("add", vec![write("a.txt", "1")]);
    host.git.propose(ORDERS, &one, &audit()).await.unwrap();
    host.push_entry("100644", &host.object("x"), "x.txt");
    let branches = host.git.branches(ORDERS).await.unwrap();
    let [add, main] = &branches[..] else {
        panic!("{branches:?}")
    };
    assert_eq!((&*add.name, &*add.tip.title), ("add", "Change add"));
    assert_eq!(add.tip.at, audit().at);
    assert_eq!(main.tip.id, host.by_hand(&["rev-parse", "main"]));
    assert_eq!((&*main.tip.title, &*main.tip.author), ("pushed", "t"));
    assert!(main.tip.at > 1_600_000_000_000, "{main:?}");
}

#[tokio::test]
async fn globs_find_files() {
    let (host, _database) = host().await;
    let find = async |glob: &str| host.git.find(ORDERS, None, glob).await;
    assert_eq!(
        find("**/*.csproj").await.unwrap(),
        ["src/Orders/Orders.csproj"]
    );
    assert_eq!(find("*").await.unwrap(), ["README.md"]);
    assert_eq!(
        find("**").await.unwrap(),
        [
            "README.md",
            "bicep/main.bicep",
            "src/Orders/Orders.csproj",
            "tools/run.sh"
        ]
    );
    assert_eq!(find("*.{md,txt}").await.unwrap(), ["README.md"]);
    assert!(matches!(find("a{").await, Err(ScmError::Invalid(_))));
}
