//! Through the one door, against hosts in the vendors' shape.

use std::time::{Duration, SystemTime};

use portico_config::{AzureCredential, AzureIntegration, ConfiguredLocation, GitHubIntegration};

use super::*;
use crate::fakes::{FakeAzure, FakeGitHub};

fn github_sources(fake: &FakeGitHub, token: Option<&str>) -> Sources {
    let mut config = Config::default();
    config.integrations.github = vec![GitHubIntegration {
        host: fake.host.clone(),
        api_base_url: format!("http://{}/api/v3", fake.host),
        raw_base_url: format!("http://{}/raw", fake.host),
        apps: Vec::new(),
        token: token.map(Into::into),
        key: "integrations.github[0]".to_owned(),
    }];
    Sources::new(&config).unwrap()
}

fn azure_sources(fake: &FakeAzure, token: Option<&str>) -> Sources {
    let mut config = Config::default();
    let credential = |token: &str| {
        (
            Vec::new(),
            AzureCredential::PersonalAccessToken(token.into()),
        )
    };
    config.integrations.azure = vec![AzureIntegration {
        host: fake.host.clone(),
        credentials: token.map(credential).into_iter().collect(),
        api_base_url: None,
        key: "integrations.azure[0]".to_owned(),
    }];
    Sources::new(&config).unwrap()
}

fn file(outcome: Result<ReadOutcome, ReadError>) -> ReadFile {
    match outcome {
        Ok(ReadOutcome::File(file)) => file,
        other => panic!("expected a file, got {other:?}"),
    }
}

fn expanded(outcome: Result<ReadOutcome, ReadError>) -> (Vec<String>, Option<String>) {
    match outcome {
        Ok(ReadOutcome::Expanded {
            targets,
            fingerprint,
        }) => (targets, fingerprint),
        other => panic!("expected an expansion, got {other:?}"),
    }
}

fn denied(outcome: Result<impl std::fmt::Debug, ReadError>) -> String {
    match outcome {
        Err(error @ ReadError::Denied { .. }) => error.to_string(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn at(kind: &str, target: &str) -> Location {
    Location {
        kind: kind.to_owned(),
        target: target.to_owned(),
    }
}

#[tokio::test]
async fn github_an_unchanged_file_costs_one_conditional_request() {
    let fake = FakeGitHub::start(&[("a b/catalog-info.yaml", "one")]).await;
    fake.state.lock().token = Some("secret".to_owned());
    let sources = github_sources(&fake, Some("secret"));
    let url = fake.url("/blob/main/a%20b/catalog-info.yaml");
    let first = file(sources.read("url", &url, None).await);
    assert_eq!(first.text, "one");
    let known = first.fingerprint.as_deref();
    assert_eq!(
        sources.read("url", &url, known).await,
        Ok(ReadOutcome::Unchanged)
    );
    assert_eq!(fake.statuses(), [200, 304]);
    fake.state
        .lock()
        .files
        .insert("a b/catalog-info.yaml".to_owned(), "two".to_owned());
    assert_eq!(file(sources.read("url", &url, known).await).text, "two");
}

#[tokio::test]
async fn github_globs_and_folders_expand() {
    let files = [
        ("catalog-info.yaml", ""),
        ("svc/a/catalog-info.yaml", ""),
        ("svc/b/catalog-info.yml", ""),
        ("svc/b/mkdocs.yml", ""),
        ("svcx/catalog-info.yaml", ""),
    ];
    let fake = FakeGitHub::start(&files).await;
    let sources = github_sources(&fake, None);
    let blob = |path: &str| fake.url(&format!("/blob/main/{path}"));
    let glob = blob("svc/**/catalog-info.yaml");
    let (targets, fingerprint) = expanded(sources.read("url", &glob, None).await);
    assert_eq!(targets, [blob("svc/a/catalog-info.yaml")]);
    let again = sources.read("url", &glob, fingerprint.as_deref()).await;
    assert_eq!(again, Ok(ReadOutcome::Unchanged));
    let (folder, _) = expanded(sources.read("url", &fake.url("/tree/main/svc"), None).await);
    assert_eq!(
        folder,
        [
            blob("svc/a/catalog-info.yaml"),
            blob("svc/b/catalog-info.yml")
        ]
    );
    // The repository itself: its default branch is looked up.
    let found = sources
        .find_catalog_files(&fake.url(""), "catalog-info.yaml")
        .await
        .unwrap();
    let all = [
        "catalog-info.yaml",
        "svc/a/catalog-info.yaml",
        "svcx/catalog-info.yaml",
    ];
    assert_eq!(found, all.map(blob));
    let description = sources.repository_description(&fake.url("")).await.unwrap();
    assert_eq!(description.as_deref(), Some("What it does"));
}

#[tokio::test]
async fn github_a_tree_too_large_for_one_answer_is_walked_where_the_pattern_looks() {
    let files = [
        ("other/x/catalog-info.yaml", ""),
        ("svc/a/catalog-info.yaml", ""),
        ("svc/readme.md", ""),
    ];
    let fake = FakeGitHub::start(&files).await;
    fake.state.lock().truncates = true;
    let sources = github_sources(&fake, None);
    let glob = fake.url("/blob/main/svc/*/catalog-info.yaml");
    let (targets, _) = expanded(sources.read("url", &glob, None).await);
    assert_eq!(targets, [fake.url("/blob/main/svc/a/catalog-info.yaml")]);
    assert!(
        fake.state
            .lock()
            .log
            .iter()
            .all(|(path, _)| !path.contains("other"))
    );
    let everywhere = fake.url("/blob/main/**/catalog-info.yaml");
    assert_eq!(
        expanded(sources.read("url", &everywhere, None).await)
            .0
            .len(),
        2
    );
}

#[tokio::test]
async fn github_refusals_name_the_key_to_change() {
    let fake = FakeGitHub::start(&[("a.yaml", ""), ("folder/b.yaml", "")]).await;
    let url = fake.url("/blob/main/a.yaml");
    fake.state.lock().token = Some("secret".to_owned());
    let stranger = github_sources(&fake, None)
        .read("url", &url, None)
        .await
        .unwrap_err();
    assert!(
        matches!(&stranger, ReadError::NotFound { hint, .. } if hint.contains("set integrations.github[0].token"))
    );
    let wrong = denied(
        github_sources(&fake, Some("wrong"))
            .read("url", &url, None)
            .await,
    );
    assert!(
        wrong.contains("does not accept integrations.github[0].token"),
        "{wrong}"
    );
    let sources = github_sources(&fake, Some("secret"));
    let missing = sources
        .read("url", &fake.url("/blob/main/none.yaml"), None)
        .await;
    assert!(matches!(missing, Err(ReadError::NotFound { .. })));
    let branch = sources
        .read("url", &fake.url("/blob/nobranch/a.yaml"), None)
        .await;
    assert!(matches!(branch, Err(ReadError::NotFound { .. })));
    let folder = sources
        .read("url", &fake.url("/blob/main/folder"), None)
        .await
        .unwrap_err();
    assert!(folder.to_string().contains("/tree/"), "{folder}");
    fake.state.lock().forbidden = true;
    let forbidden = denied(sources.read("url", &url, None).await);
    assert!(forbidden.contains("may not read org/repo"), "{forbidden}");
    let bad_token = denied(
        github_sources(&fake, Some("line\nbreak"))
            .read("url", &url, None)
            .await,
    );
    assert!(!bad_token.contains("break"), "{bad_token}");
}

#[tokio::test]
async fn a_used_up_quota_is_respected_without_further_requests() {
    let fake = FakeGitHub::start(&[("a.yaml", "")]).await;
    let sources = github_sources(&fake, None);
    let reset = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        + Duration::from_mins(10);
    fake.state.lock().limited_until = Some(reset.as_secs());
    let url = fake.url("/blob/main/a.yaml");
    let first = sources.read("url", &url, None).await.unwrap_err();
    let wait = first
        .retry_at()
        .unwrap()
        .duration_since(SystemTime::now())
        .unwrap();
    assert!((590..=600).contains(&wait.as_secs()), "{wait:?}");
    assert!(first.to_string().contains("in 9 minutes"), "{first}");
    sources
        .read("url", &url, None)
        .await
        .unwrap_err()
        .retry_at()
        .unwrap();
    assert_eq!(fake.statuses(), [403]);
}

#[tokio::test]
async fn azure_an_unchanged_file_costs_one_request_without_content() {
    let fake = FakeAzure::start(&[("a/catalog-info.yaml", "one")]).await;
    let sources = azure_sources(&fake, Some("pat"));
    let url = fake.url("?path=/a/catalog-info.yaml&version=GBmain");
    let first = file(sources.read("url", &url, None).await);
    assert_eq!((first.text.as_str(), fake.requests()), ("one", 1));
    let known = first.fingerprint.as_deref();
    assert_eq!(
        sources.read("url", &url, known).await,
        Ok(ReadOutcome::Unchanged)
    );
    assert_eq!(fake.requests(), 2);
    assert!(!fake.state.lock().log[1].0.contains("octetStream"));
    fake.state
        .lock()
        .files
        .insert("a/catalog-info.yaml".to_owned(), "two".to_owned());
    assert_eq!(file(sources.read("url", &url, known).await).text, "two");
}

#[tokio::test]
async fn azure_globs_and_folders_expand() {
    let files = [
        ("catalog-info.yaml", ""),
        ("svc/a/catalog-info.yaml", ""),
        ("svc/a/x.yaml", ""),
    ];
    let fake = FakeAzure::start(&files).await;
    let sources = azure_sources(&fake, Some("pat"));
    let glob = fake.url("?path=/svc/**/catalog-info.yaml&version=GBmain");
    let (targets, fingerprint) = expanded(sources.read("url", &glob, None).await);
    assert_eq!(
        targets,
        [fake.url("?path=/svc/a/catalog-info.yaml&version=GBmain")]
    );
    assert_eq!(file(sources.read("url", &targets[0], None).await).text, "");
    let again = sources.read("url", &glob, fingerprint.as_deref()).await;
    assert_eq!(again, Ok(ReadOutcome::Unchanged));
    fake.state
        .lock()
        .files
        .insert("svc/b/catalog-info.yaml".to_owned(), String::new());
    assert_eq!(
        expanded(sources.read("url", &glob, fingerprint.as_deref()).await)
            .0
            .len(),
        2
    );
    assert_eq!(
        expanded(sources.read("url", &fake.url(""), None).await)
            .0
            .len(),
        3
    );
    let found = sources
        .find_catalog_files(&fake.url(""), "x.yaml")
        .await
        .unwrap();
    assert_eq!(found, [fake.url("?path=/svc/a/x.yaml")]);
    let description = sources.repository_description(&fake.url("")).await.unwrap();
    assert_eq!(description.as_deref(), Some("What it does"));
}

#[tokio::test]
async fn azure_refusals_name_the_key_to_change() {
    let fake = FakeAzure::start(&[("a.yaml", "")]).await;
    let url = fake.url("?path=/a.yaml");
    let wrong = denied(
        azure_sources(&fake, Some("wrong"))
            .read("url", &url, None)
            .await,
    );
    assert!(
        wrong.contains("does not accept the credential in integrations.azure[0]"),
        "{wrong}"
    );
    let stranger = azure_sources(&fake, None);
    for shows_sign_in_page in [false, true] {
        fake.state.lock().shows_sign_in_page = shows_sign_in_page;
        let told = denied(stranger.read("url", &url, None).await);
        assert!(
            told.contains("add one for org to integrations.azure[0].credentials"),
            "{told}"
        );
    }
    let sources = azure_sources(&fake, Some("pat"));
    for query in [
        "?path=/none.yaml",
        "?path=/a.yaml&version=GBnobranch",
        "?path=/none/**/x.yaml",
    ] {
        let outcome = sources.read("url", &fake.url(query), None).await;
        assert!(
            matches!(outcome, Err(ReadError::NotFound { .. })),
            "{query}"
        );
    }
    fake.state.lock().limited = Some(30);
    let limited = sources.read("url", &url, None).await.unwrap_err();
    assert!(limited.retry_at().is_some(), "{limited}");
}

#[tokio::test]
async fn placeholders_stay_in_their_repository() {
    let fake = FakeGitHub::start(&[
        ("a/catalog-info.yaml", ""),
        ("api.yaml", "openapi"),
        ("a/[x].json", "{}"),
    ])
    .await;
    let sources = github_sources(&fake, None);
    let base = at("url", &fake.url("/blob/main/a/catalog-info.yaml"));
    let api = sources.read_text(&base, "../api.yaml").await.unwrap();
    assert_eq!(api.text, "openapi");
    assert_eq!(api.location, at("url", &fake.url("/blob/main/api.yaml")));
    assert_eq!(
        sources.read_text(&base, "./[x].json").await.unwrap().text,
        "{}"
    );
    let other = format!("http://{}/org/other/blob/main/secret.yaml", fake.host);
    assert!(denied(sources.read_text(&base, &other).await).contains("own repository only"));
    let web = at("url", "https://example.com/catalog-info.yaml");
    denied(
        sources
            .read_text(&web, &fake.url("/blob/main/api.yaml"))
            .await,
    );
    denied(
        sources
            .read_text(&base, "git+file:///etc#main:passwd")
            .await,
    );
    denied(
        sources
            .read_text(&base, "http://169.254.169.254/metadata")
            .await,
    );
    assert!(matches!(
        sources.read_text(&base, "../../x").await,
        Err(ReadError::Invalid { .. })
    ));
    assert!(matches!(
        sources.read_text(&base, "none.yaml").await,
        Err(ReadError::NotFound { .. })
    ));
}

#[test]
fn targets_of_locations_are_resolved_where_they_stand() {
    let sources = Sources::new(&Config::default()).unwrap();
    let target = |base: &Location, kind: Option<&str>, reference: &str| {
        sources
            .resolve(base, kind, reference)
            .map(|it| format!("{}:{}", it.kind, it.target))
    };
    let file = at("file", "/c/all.yaml");
    assert_eq!(
        target(&file, None, "./x/**/*.yaml").unwrap(),
        "file:/c/x/**/*.yaml"
    );
    assert_eq!(
        target(&file, Some("file"), "../d/e.yaml").unwrap(),
        "file:/d/e.yaml"
    );
    assert_eq!(
        target(&file, None, "https://github.com/o/r").unwrap(),
        "url:https://github.com/o/r"
    );
    assert!(matches!(
        target(&file, Some("url"), "./x"),
        Err(ReadError::Invalid { .. })
    ));
    let url = at("url", "https://github.com/o/r/blob/main/a/all.yaml");
    let b = "url:https://github.com/o/r/blob/main/a/b.yaml";
    assert_eq!(target(&url, None, "./b.yaml").unwrap(), b);
    assert_eq!(target(&url, Some("file"), "b.yaml").unwrap(), b);
    assert_eq!(
        target(&url, Some("url"), "/c.yaml").unwrap(),
        "url:https://github.com/o/r/blob/main/c.yaml"
    );
    denied(target(&url, Some("file"), "/etc/passwd"));
    denied(target(&url, None, "git+file:///srv/r.git#main:x"));
    target(&url, Some("file"), "file:///etc/passwd").unwrap_err();
    assert!(matches!(
        target(&url, Some("s3"), "b.yaml"),
        Err(ReadError::Invalid { .. })
    ));
    let azure = at(
        "url",
        "https://dev.azure.com/o/p/_git/r?path=/a/all.yaml&version=GBmain",
    );
    assert_eq!(
        target(&azure, None, "../b.yaml").unwrap(),
        "url:https://dev.azure.com/o/p/_git/r?path=/b.yaml&version=GBmain"
    );
    let git = at("git", "https://host/r.git#main:a/all.yaml");
    assert_eq!(
        target(&git, None, "./b.yaml").unwrap(),
        "git:https://host/r.git#main:a/b.yaml"
    );
    let web = at("url", "https://example.com/a/all.yaml");
    assert_eq!(
        target(&web, None, "./b.yaml").unwrap(),
        "url:https://example.com/a/b.yaml"
    );
}

#[test]
fn people_register_addresses_not_files() {
    let sources = Sources::new(&Config::default()).unwrap();
    sources
        .check_registrable("url", "https://github.com/o/r/blob/main/catalog-info.yaml")
        .unwrap();
    sources
        .check_registrable("url", "git+https://host/r.git#main:catalog-info.yaml")
        .unwrap();
    denied(sources.check_registrable("file", "/etc/passwd"));
    denied(sources.check_registrable("url", "git+file:///srv/r.git#main:x"));
    denied(sources.check_registrable("git", "file:///srv/r.git#main:x"));
    for (kind, target) in [
        ("url", "not a url"),
        ("url", "javascript:alert(1)"),
        ("s3", "x"),
        ("file", "relative"),
    ] {
        let outcome = sources.check_registrable(kind, target);
        assert!(
            matches!(outcome, Err(ReadError::Invalid { .. })),
            "{kind}:{target}"
        );
    }
}

#[tokio::test]
async fn configured_hosts_may_be_private_others_not() {
    let address = crate::fakes::serve(axum::Router::new().fallback(|| async { "kind: A" })).await;
    let url = format!("http://{address}/catalog-info.yaml");
    let stranger = Sources::new(&Config::default()).unwrap();
    assert!(denied(stranger.read("url", &url, None).await).contains("backend.reading.allow"));
    let git = format!("git+http://{address}/r.git#main:x.yaml");
    assert!(denied(stranger.read("url", &git, None).await).contains("backend.reading.allow"));
    let mut config = Config::default();
    let location = ConfiguredLocation {
        kind: "url".to_owned(),
        target: url.clone(),
        interval: None,
    };
    config.catalog.locations.push(location);
    let named = Sources::new(&config).unwrap();
    let first = file(named.read("url", &url, None).await);
    assert_eq!(first.text, "kind: A");
    // A host that tells nothing to go by: the content itself is compared.
    let again = named.read("url", &url, first.fingerprint.as_deref()).await;
    assert_eq!(again, Ok(ReadOutcome::Unchanged));
}

/// A folder as templates have them: names without an extension, names that look like globs,
/// bytes that are no text.
const SKELETON: [(&str, &str); 7] = [
    ("t/template.yaml", "kind: Template"),
    ("t/skeleton/Dockerfile", "FROM scratch"),
    ("t/skeleton/.github/workflows/ci.yaml", "on: push"),
    ("t/skeleton/src/[id]/${{values.name}}.ts", "export {}"),
    ("t/skeleton/gradlew", "#!/bin/sh"),
    ("t/skeleton/link", "->/etc/passwd"),
    ("t/skeleton-of-another/x", ""),
];

async fn folder(sources: &Sources, target: String) -> Vec<(String, String, bool)> {
    let location = Location {
        kind: "url".to_owned(),
        target,
    };
    let files = sources.folder(&location).await.unwrap();
    let files = files.into_iter().map(|it| {
        let content = String::from_utf8(it.content).unwrap();
        (it.path, content, it.is_executable)
    });
    files.collect()
}

fn skeleton(links: bool, modes: bool) -> Vec<(String, String, bool)> {
    let files = SKELETON.iter().filter_map(|(path, text)| {
        let path = path.strip_prefix("t/skeleton/")?.to_owned();
        let is_executable = modes && path == "gradlew";
        Some((path, (*text).to_owned(), is_executable))
    });
    let mut files: Vec<_> = files.filter(|(path, ..)| links || path != "link").collect();
    files.sort_unstable();
    files
}

#[tokio::test]
async fn the_folder_of_a_template_is_read_from_github() {
    let fake = FakeGitHub::start(&SKELETON).await;
    let sources = github_sources(&fake, None);
    for verb in ["tree", "blob"] {
        let mut files = folder(&sources, fake.url(&format!("/{verb}/main/t/skeleton"))).await;
        files.sort_unstable();
        assert_eq!(files, skeleton(false, true), "{verb}");
    }
}

#[tokio::test]
async fn the_folder_of_a_template_is_read_from_azure() {
    let fake = FakeAzure::start(&SKELETON).await;
    let sources = azure_sources(&fake, Some("pat"));
    let base = Location {
        kind: "url".to_owned(),
        target: fake.url("?path=/t/template.yaml&version=GBmain"),
    };
    let beside = sources.resolve(&base, None, "./skeleton").unwrap();
    let mut files = folder(&sources, beside.target).await;
    files.sort_unstable();
    assert_eq!(files, skeleton(true, false));
    let template = sources.file(&base).await.unwrap();
    assert_eq!(
        (template.path.as_str(), template.content.as_slice()),
        ("template.yaml", &b"kind: Template"[..])
    );
}

#[tokio::test]
async fn a_file_that_is_no_text_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logo.png");
    std::fs::write(&path, b"\x89PNG\xff").unwrap();
    let location = Location {
        kind: "file".to_owned(),
        target: path.display().to_string(),
    };
    let sources = Sources::new(&Config::default()).unwrap();
    let file = sources.file(&location).await.unwrap();
    assert_eq!(
        (file.path.as_str(), file.content.as_slice()),
        ("logo.png", &b"\x89PNG\xff"[..])
    );
    let text = sources.read("file", &location.target, None).await;
    assert!(text.unwrap_err().to_string().contains("UTF-8"));
}
