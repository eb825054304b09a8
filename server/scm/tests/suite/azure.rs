//! Azure DevOps, played by a peer that has the host's rules.

use portico_config::{AzureCredential, AzureIntegration, Config, Secret};
use portico_integrations::Integrations;
use portico_scm::{
    AzureDevOps, ChangeKind, ChangeRequestState, FolderEntryKind, Mergeability, NewRepository,
    RepositoryFile, RepositoryHost as _, ScmError,
};
use portico_store::{AuditFilter, Store};
use portico_testkit::{
    Database,
    azure::{AzurePeer, ORGANIZATION, TOKEN},
};

use crate::support::{audit, proposal, remove, write};

struct Host {
    peer: AzurePeer,
    devops: AzureDevOps,
    store: Store,
    _database: Database,
}

impl Host {
    async fn new() -> Self {
        Self::with_token(TOKEN).await
    }

    async fn with_token(token: &str) -> Self {
        let peer = AzurePeer::start().await;
        let database = Database::sqlite();
        let store = database.store().await;
        let mut config = Config::default();
        let token = AzureCredential::PersonalAccessToken(token.into());
        config.integrations.azure = vec![AzureIntegration {
            host: peer.host().to_owned(),
            api_base_url: Some(peer.base_url()),
            credentials: vec![(vec![ORGANIZATION.to_owned()], token)],
            key: "integrations.azure[0]".to_owned(),
        }];
        let integrations = Integrations::new(&config).unwrap();
        Self {
            devops: AzureDevOps::new(store.clone(), integrations),
            peer,
            store,
            _database: database,
        }
    }

    async fn events(&self) -> u64 {
        let all = AuditFilter::default();
        self.store.audit_events(&all, 0, 1).await.unwrap().1
    }
}

fn new(key: &str, files: &[(&str, &str)]) -> NewRepository {
    let files = files.iter().map(|(path, content)| RepositoryFile {
        path: (*path).to_owned(),
        content: content.as_bytes().to_vec(),
        is_executable: false,
    });
    NewRepository {
        branch: "main".to_owned(),
        message: "Make it".to_owned(),
        files: files.collect(),
        key: Some(key.to_owned()),
        ..NewRepository::default()
    }
}

#[tokio::test]
async fn a_repository_is_made_once_for_a_key() {
    let host = Host::new().await;
    let orders = host.peer.repository("orders");
    let wanted = new(
        "t1/publish",
        &[("README.md", "# Orders\r\n"), ("src/a.cs", "é")],
    );
    let made = host
        .devops
        .create(&orders, &wanted, &audit())
        .await
        .unwrap();
    {
        let state = host.peer.state();
        let repository = state.repository("orders").unwrap();
        assert_eq!(repository.refs["refs/heads/main"], made);
        assert_eq!(
            repository.text("main", "README.md").unwrap(),
            "# Orders\r\n"
        );
        assert_eq!(repository.text("main", "src/a.cs").unwrap(), "é");
        let commit = &repository.commits[&made];
        assert_eq!(commit.author["name"], "user:default/ada");
        assert_eq!(state.repositories.len(), 1, "and none under another name");
    }
    assert_eq!(
        host.devops
            .create(&orders, &wanted, &audit())
            .await
            .unwrap(),
        made
    );
    assert_eq!(host.events().await, 1, "nothing was done the second time");
    let other = new("t2/publish", &[("a", "b")]);
    let taken = host
        .devops
        .create(&orders, &other, &audit())
        .await
        .unwrap_err();
    assert!(matches!(taken, ScmError::Conflict { .. }), "{taken}");
    assert!(
        taken
            .to_string()
            .contains("contoso/Shop has a repository \"orders\""),
        "{taken}"
    );
    let listed = host.devops.repositories().await.unwrap();
    assert_eq!(
        (listed[0].name.as_str(), listed[0].default_branch.as_str()),
        ("contoso/Shop/orders", "main")
    );
    assert_eq!(listed[0].url, orders);
}

#[tokio::test]
async fn what_was_interrupted_goes_on() {
    let host = Host::new().await;
    let orders = host.peer.repository("orders");
    let wanted = new("t1/publish", &[("README.md", "x")]);
    // The push fails: nobody sees the half-made repository under the name that was asked for.
    host.peer.fail_next("/pushes");
    let error = host
        .devops
        .create(&orders, &wanted, &audit())
        .await
        .unwrap_err();
    assert!(matches!(error, ScmError::Unavailable(_)), "{error}");
    assert!(host.peer.state().repository("orders").is_none());
    // What gives it its name fails.
    host.peer.fail_next("/git/repositories/");
    host.devops
        .create(&orders, &wanted, &audit())
        .await
        .unwrap_err();
    let made = host
        .devops
        .create(&orders, &wanted, &audit())
        .await
        .unwrap();
    let state = host.peer.state();
    assert_eq!(state.repositories.len(), 1);
    let repository = state.repository("orders").unwrap();
    assert_eq!(
        (
            repository.commits.len(),
            &repository.refs["refs/heads/main"]
        ),
        (1, &made)
    );
}

#[tokio::test]
async fn files_are_read() {
    let host = Host::new().await;
    let files = [
        ("README.md", "# Orders\n"),
        ("src/a.cs", "a"),
        ("src/b/c.cs", "c"),
        ("run.sh", "#!/bin/sh\n"),
    ];
    host.peer.state().add("orders", &files);
    let orders = host.peer.repository("orders");
    let read = async |path: &str| host.devops.read_file(&orders, None, path).await.unwrap();
    assert_eq!(read("src/a.cs").await.unwrap(), b"a");
    assert_eq!(read("src").await, None, "a folder is no file");
    assert_eq!(read("no").await, None);
    let folder = host
        .devops
        .folder(&orders, Some("main"), "src")
        .await
        .unwrap()
        .unwrap();
    let folder: Vec<_> = folder
        .iter()
        .map(|it| (it.path.as_str(), it.kind, it.size))
        .collect();
    assert_eq!(
        folder,
        [
            ("src/a.cs", FolderEntryKind::File, 1),
            ("src/b", FolderEntryKind::Folder, 0)
        ]
    );
    assert_eq!(host.devops.folder(&orders, None, "no").await.unwrap(), None);
    assert_eq!(
        host.devops.find(&orders, None, "**/*.cs").await.unwrap(),
        ["src/a.cs", "src/b/c.cs"]
    );
    let all = host.devops.files(&orders, None, "").await.unwrap();
    assert_eq!(all.len(), 4);
    assert!(all.iter().any(|it| it.path == "run.sh" && it.is_executable));
    let below = host.devops.files(&orders, None, "src").await.unwrap();
    assert_eq!(
        (below[1].path.as_str(), below[1].content.as_slice()),
        ("b/c.cs", &b"c"[..])
    );
    let branches = host.devops.branches(&orders).await.unwrap();
    assert_eq!(
        (branches[0].name.as_str(), branches[0].tip.title.as_str()),
        ("main", "Begin")
    );
    let missing = host
        .devops
        .read_file(&orders, Some("no"), "a")
        .await
        .unwrap_err();
    assert!(matches!(missing, ScmError::NotFound(_)), "{missing}");
}

#[tokio::test]
async fn a_change_is_proposed_reviewed_and_merged() {
    let host = Host::new().await;
    host.peer.state().add(
        "orders",
        &[
            ("a.txt", "1\n2\n3\n"),
            ("old.txt", "x\n"),
            ("run.sh", "#!a"),
        ],
    );
    let orders = host.peer.repository("orders");
    let change = proposal(
        "redis",
        vec![
            write("a.txt", "1\ntwo\n3\n"),
            write("new/b.txt", "b\n"),
            write("run.sh", "b"),
            remove("old.txt"),
        ],
    );
    let preview = host.devops.preview(&orders, &change).await.unwrap();
    let kinds: Vec<_> = preview
        .files
        .iter()
        .map(|it| (it.path(), it.change))
        .collect();
    let expected = [
        ("a.txt", ChangeKind::Modified),
        ("new/b.txt", ChangeKind::Added),
        ("old.txt", ChangeKind::Removed),
        ("run.sh", ChangeKind::Modified),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(
        (preview.files[0].additions, preview.files[0].deletions),
        (1, 1)
    );
    assert_eq!(host.events().await, 0);

    let made = host
        .devops
        .propose(&orders, &change, &audit())
        .await
        .unwrap();
    assert_eq!((made.number, made.author.as_str()), (1, "user:default/ada"));
    assert_eq!(
        (made.body.as_str(), made.base.as_str()),
        ("Because.", "main")
    );
    assert_eq!(host.events().await, 1);
    let detail = host.devops.change_request(&orders, 1).await.unwrap();
    assert_eq!(
        detail.diff, preview,
        "what was shown before is what is there"
    );
    assert_eq!(detail.mergeability, Some(Mergeability::Clean));
    assert_eq!(detail.commits.len(), 1);
    let taken = host
        .devops
        .propose(&orders, &proposal("redis", vec![write("z", "z")]), &audit())
        .await;
    assert!(matches!(taken, Err(ScmError::Conflict { .. })), "{taken:?}");

    let merged = host.devops.merge(&orders, 1, &audit()).await.unwrap();
    assert_eq!(
        (merged.state, merged.settled_by.as_deref()),
        (ChangeRequestState::Merged, Some("user:default/ada"))
    );
    assert!(merged.merge_commit.is_some());
    let again = host.devops.merge(&orders, 1, &audit()).await.unwrap_err();
    assert!(again.to_string().contains("is merged already"), "{again}");
    {
        let state = host.peer.state();
        let repository = state.repository("orders").unwrap();
        assert_eq!(repository.text("main", "new/b.txt").unwrap(), "b\n");
        let script = &repository.commits[&repository.refs["refs/heads/main"]].files["run.sh"];
        assert_eq!(script.mode, "100755", "an edit keeps the mode");
        assert!(!repository.refs.contains_key("refs/heads/redis"));
    }
    let change = proposal("redis", vec![write("a.txt", "once more\n")]);
    let again = host.devops.propose(&orders, &change, &audit()).await;
    assert_eq!(
        again.unwrap().number,
        2,
        "the branch of a merged change is free"
    );
}

#[tokio::test]
async fn change_requests_are_listed_closed_and_refused() {
    let host = Host::new().await;
    host.peer.state().add("orders", &[("a.txt", "a")]);
    let orders = host.peer.repository("orders");
    for name in ["one", "two"] {
        let change = proposal(name, vec![write(name, "x")]);
        host.devops
            .propose(&orders, &change, &audit())
            .await
            .unwrap();
    }
    let closed = host.devops.close(&orders, 1, &audit()).await.unwrap();
    assert_eq!(closed.state, ChangeRequestState::Closed);
    let (open, total) = host
        .devops
        .change_requests(&orders, Some(ChangeRequestState::Open), 0, 10)
        .await
        .unwrap();
    assert_eq!((open[0].number, total), (2, 1));
    let (page, total) = host
        .devops
        .change_requests(&orders, None, 1, 1)
        .await
        .unwrap();
    assert_eq!((page[0].number, total), (1, 2));
    host.peer.state().repository_mut("orders").unwrap().pulls[1].conflicts = true;
    let detail = host.devops.change_request(&orders, 2).await.unwrap();
    assert_eq!(
        detail.mergeability,
        Some(Mergeability::Conflicts(Vec::new()))
    );
    let error = host.devops.merge(&orders, 2, &audit()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("both branches changed the same places"),
        "{error}"
    );
    for (edits, said) in [
        (vec![remove("no.txt")], "there is no such file"),
        (vec![write("a.txt/b", "x")], "\"a.txt\" is not a folder"),
        (vec![write("a.txt", "a")], "the edits change nothing"),
    ] {
        let error = host
            .devops
            .propose(&orders, &proposal("three", edits), &audit())
            .await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_proposal_goes_on_where_it_was_interrupted() {
    let host = Host::new().await;
    host.peer.state().add("orders", &[("a.txt", "a")]);
    let orders = host.peer.repository("orders");
    let change = proposal("redis", vec![write("a.txt", "b")]);
    host.peer.fail_next("/pullrequests");
    host.devops
        .propose(&orders, &change, &audit())
        .await
        .unwrap_err();
    let other = proposal("redis", vec![write("a.txt", "c")]);
    let taken = host.devops.propose(&orders, &other, &audit()).await;
    assert!(matches!(taken, Err(ScmError::Conflict { .. })), "{taken:?}");
    let made = host
        .devops
        .propose(&orders, &change, &audit())
        .await
        .unwrap();
    assert_eq!((made.number, host.events().await), (1, 1));
    assert_eq!(
        host.peer
            .state()
            .repository("orders")
            .unwrap()
            .commits
            .len(),
        2
    );
}

#[tokio::test]
async fn a_busy_host_is_waited_for_and_a_bad_credential_is_told() {
    let host = Host::new().await;
    host.peer.state().add("orders", &[("a.txt", "a")]);
    let orders = host.peer.repository("orders");
    host.peer.throttle(1);
    let change = proposal("redis", vec![write("a.txt", "b")]);
    host.devops
        .propose(&orders, &change, &audit())
        .await
        .unwrap();

    let stranger = Host::with_token("expired-secret").await;
    let orders = stranger.peer.repository("orders");
    let error = stranger.devops.repository(&orders).await.unwrap_err();
    assert!(matches!(error, ScmError::Refused(_)), "{error}");
    let error = error.to_string();
    assert!(
        error.contains("does not accept the credential in integrations.azure[0]"),
        "{error}"
    );
    assert!(!error.contains("expired-secret"), "{error}");
    let signed_in = stranger.devops.with_token(&Secret::from(TOKEN)).unwrap();
    let error = signed_in.repository(&orders).await.unwrap_err().to_string();
    assert!(error.contains("TF401019"), "{error}");
}
