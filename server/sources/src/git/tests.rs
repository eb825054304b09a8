//! Against real repositories, read over `file://`.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::{ReadFile, ReadOutcome};

/// A repository that people push to.
struct Remote(tempfile::TempDir);

impl Remote {
    fn new() -> Self {
        let remote = Self(tempfile::tempdir().unwrap());
        remote.git(&["init", "--quiet", "--initial-branch=main", "."]);
        remote.git(&["config", "uploadpack.allowFilter", "true"]);
        remote.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        remote
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(self.0.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, path: &str, text: &str) -> String {
        let file = self.0.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        self.git(&["add", "."]);
        self.git(&[
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@t",
            "commit",
            "--quiet",
            "-m",
            "x",
        ]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn at(&self, rest: &str) -> GitTarget {
        GitTarget::parse(&format!("git+file://{}#{rest}", self.0.path().display())).unwrap()
    }
}

async fn read(git: &Git, at: &GitTarget, known: Option<&str>) -> Result<ReadOutcome, ReadError> {
    let auth = GitAuth::default();
    let outcome = git.read(at, &auth, "the target", known).await?;
    outcome.decoded("the target")
}

async fn file(git: &Git, at: &GitTarget) -> ReadFile {
    match read(git, at, None).await.unwrap() {
        ReadOutcome::File(file) => file,
        other => panic!("expected a file, got {other:?}"),
    }
}

#[tokio::test]
async fn a_file_is_read_and_its_change_noticed() {
    let remote = Remote::new();
    remote.commit("a/catalog-info.yaml", "one");
    let git = Git::default();
    let at = remote.at("main:a/catalog-info.yaml");
    let first = file(&git, &at).await;
    assert_eq!(first.text, "one");
    let known = first.fingerprint.as_deref();
    assert_eq!(
        read(&git, &at, known).await.unwrap(),
        ReadOutcome::Unchanged
    );
    remote.commit("other.txt", "x");
    assert_eq!(
        read(&git, &at, known).await.unwrap(),
        ReadOutcome::Unchanged
    );
    remote.commit("a/catalog-info.yaml", "two");
    let ReadOutcome::File(second) = read(&git, &at, known).await.unwrap() else {
        panic!()
    };
    assert_eq!(second.text, "two");
    assert_ne!(second.fingerprint, first.fingerprint);
}

#[tokio::test]
async fn a_repository_that_portico_keeps_is_read_by_its_name() {
    let remote = Remote::new();
    remote.commit("a/catalog-info.yaml", "one");
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("orders.git");
    remote.git(&["clone", "--quiet", "--bare", ".", kept.to_str().unwrap()]);
    let config = portico_config::Config::default();
    let target = "local:orders#main:a/catalog-info.yaml";
    let nowhere = crate::Sources::new(&config).unwrap();
    assert!(nowhere.read("git", target, None).await.is_err());
    let sources = crate::Sources::new(&config).unwrap();
    let sources = sources.with_repositories(folder.path().to_owned());
    for kind in ["git", "url"] {
        let read = sources.read(kind, target, None).await.unwrap();
        assert!(matches!(read, ReadOutcome::File(file) if file.text == "one"));
    }
    let all = sources
        .read("git", "local:orders#main:**/*.yaml", None)
        .await;
    let Ok(ReadOutcome::Expanded { targets, .. }) = all else {
        panic!("{all:?}")
    };
    assert_eq!(targets, [target]);
    sources.check_registrable("git", target).unwrap();
    let missing = sources.read("git", "local:none#main:x.yaml", None).await;
    assert!(
        matches!(missing, Err(ReadError::NotFound { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn an_unchanged_remote_is_not_fetched_after_a_restart() {
    let remote = Remote::new();
    remote.commit("catalog-info.yaml", "one");
    let at = remote.at(":catalog-info.yaml");
    let known = file(&Git::default(), &at).await.fingerprint;
    let restarted = Git::default();
    assert_eq!(
        read(&restarted, &at, known.as_deref()).await.unwrap(),
        ReadOutcome::Unchanged
    );
    let copy = restarted.copy(&at).unwrap();
    assert!(copy.lock().await.fetched.is_empty());
}

#[tokio::test]
async fn branches_tags_and_commits_are_references() {
    let remote = Remote::new();
    let first = remote.commit("f.yaml", "one");
    remote.git(&[
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@t",
        "tag",
        "-a",
        "v1",
        "-m",
        "x",
    ]);
    remote.git(&["checkout", "--quiet", "-b", "feature/x"]);
    remote.commit("f.yaml", "two");
    let git = Git::default();
    assert_eq!(file(&git, &remote.at("v1:f.yaml")).await.text, "one");
    assert_eq!(file(&git, &remote.at("feature/x:f.yaml")).await.text, "two");
    assert_eq!(file(&git, &remote.at("main:f.yaml")).await.text, "one");
    assert_eq!(
        file(&git, &remote.at(&format!("{first}:f.yaml")))
            .await
            .text,
        "one"
    );
}

#[tokio::test]
async fn patterns_expand_to_files() {
    let remote = Remote::new();
    remote.commit("a/catalog-info.yaml", "");
    remote.commit("b/c/catalog-info.yaml", "");
    remote.commit("b/other.yaml", "");
    let git = Git::default();
    let at = remote.at("main:**/catalog-info.yaml");
    let pattern = FilePattern::new(&at.path).unwrap();
    let expand = async |known: Option<&str>| {
        let auth = GitAuth::default();
        let outcome = git.expand(&at, &pattern, &auth, "the target", known);
        outcome.await.unwrap().decoded("the target").unwrap()
    };
    let ReadOutcome::Expanded {
        targets,
        fingerprint,
    } = expand(None).await
    else {
        panic!()
    };
    assert_eq!(
        targets,
        [at.at("a/catalog-info.yaml"), at.at("b/c/catalog-info.yaml")]
    );
    assert_eq!(expand(fingerprint.as_deref()).await, ReadOutcome::Unchanged);
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let remote = Remote::new();
    remote.commit("a/f.yaml", "");
    let git = Git::default();
    let error = async |at: GitTarget| read(&git, &at, None).await.unwrap_err();
    assert!(matches!(
        error(remote.at("main:none.yaml")).await,
        ReadError::NotFound { .. }
    ));
    let told = error(remote.at("nobranch:f.yaml")).await.to_string();
    assert!(told.contains("no branch or tag \"nobranch\""), "{told}");
    assert!(
        error(remote.at("main:a"))
            .await
            .to_string()
            .contains("folder")
    );
    let nowhere = GitTarget::parse("git+file:///nonexistent/repo.git#main:x").unwrap();
    assert!(matches!(error(nowhere).await, ReadError::NotFound { .. }));
}

/// The remote again, but over HTTP and for its token only.
async fn over_http(remote: &Remote) -> GitTarget {
    let credentials = STANDARD.encode("x-access-token:hunter2");
    let host = crate::fakes::serve_git(remote.0.path(), format!("Basic {credentials}")).await;
    GitTarget::parse(&format!("git+http://{host}/.git#main:catalog-info.yaml")).unwrap()
}

#[tokio::test]
async fn a_token_opens_a_private_remote() {
    let remote = Remote::new();
    remote.commit("catalog-info.yaml", "one");
    let at = over_http(&remote).await;
    let address = at.remote.replace(".git", "");
    let key = "integrations.github[0].token";
    let git = Git::default();
    let with = async |auth: &GitAuth| {
        let outcome = git.read(&at, auth, "the target", None).await?;
        outcome.decoded("the target")
    };
    let auth = GitAuth::basic(&address, "x-access-token", "hunter2", key);
    assert!(matches!(with(&auth).await, Ok(ReadOutcome::File(file)) if file.text == "one"));
    let refused = |outcome: Result<ReadOutcome, ReadError>, fix: &str| {
        let error = outcome.unwrap_err();
        assert!(matches!(error, ReadError::Denied { .. }), "{error}");
        assert!(error.to_string().contains(fix), "{error}");
    };
    let wrong = GitAuth::basic(&address, "x-access-token", "wrong", key);
    refused(
        with(&wrong).await,
        "does not accept the credential in integrations.github[0].token",
    );
    let other_host = GitAuth::basic("https://other/", "x-access-token", "hunter2", key);
    refused(with(&other_host).await, "does not accept");
    refused(
        with(&GitAuth::anonymous(Some(key))).await,
        "set one in integrations.github[0].token",
    );
}
