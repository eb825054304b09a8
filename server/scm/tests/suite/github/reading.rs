//! Files, folders and branches.

use portico_scm::{FolderEntryKind, RepositoryHost as _, ScmError};

use super::Setting;

#[tokio::test]
async fn files_and_folders_are_there_or_not() {
    let setting = Setting::new().await;
    let files = [
        ("README.md", "# Orders\n"),
        ("src/a b.cs", "a"),
        ("src/deep/c.cs", "c"),
    ];
    setting.peer.add("orders", &files);
    let url = setting.peer.repository("orders");
    let host = &setting.github;
    let read = async |path: &str| host.read_file(&url, None, path).await.unwrap();
    assert_eq!(read("src/a b.cs").await.as_deref(), Some(&b"a"[..]));
    assert_eq!(read("none").await, None);
    assert_eq!(read("src").await, None, "a folder is no file");
    let folder = host
        .folder(&url, Some("main"), "src")
        .await
        .unwrap()
        .unwrap();
    let shown: Vec<_> = folder
        .iter()
        .map(|it| (it.path.as_str(), it.kind))
        .collect();
    assert_eq!(
        shown,
        [
            ("src/a b.cs", FolderEntryKind::File),
            ("src/deep", FolderEntryKind::Folder)
        ]
    );
    assert_eq!(host.folder(&url, None, "").await.unwrap().unwrap().len(), 2);
    assert_eq!(host.folder(&url, None, "none").await.unwrap(), None);
    assert_eq!(host.folder(&url, None, "README.md").await.unwrap(), None);
    let found = host.find(&url, None, "**/*.cs").await.unwrap();
    assert_eq!(found, ["src/a b.cs", "src/deep/c.cs"]);
    let below = host.files(&url, None, "src").await.unwrap();
    let below: Vec<&str> = below.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(below, ["a b.cs", "deep/c.cs"]);
}

#[tokio::test]
async fn what_is_missing_is_told_apart() {
    let setting = Setting::new().await;
    setting.peer.add("orders", &[("README.md", "# Orders\n")]);
    let url = setting.peer.repository("orders");
    let missing = async |url: &str, reference| {
        let read = setting.github.read_file(url, reference, "README.md").await;
        let Err(ScmError::NotFound(text)) = read else {
            panic!("{read:?}")
        };
        text
    };
    let text = missing(&url, Some("none")).await;
    assert!(text.contains("branch none"), "{text}");
    let text = missing(&setting.peer.repository("none"), None).await;
    assert!(
        text.contains("integrations.github[0].token may not see it"),
        "{text}"
    );
    assert!(
        setting
            .github
            .branches(&setting.peer.repository("none"))
            .await
            .is_err()
    );
    assert!(
        !setting
            .github
            .keeps("https://github.example/contoso/orders")
    );
    assert!(!setting.github.keeps("local:orders"));
}
