//! GitHub Apps, against a host that checks their signatures.

use std::time::Duration;

use portico_config::{GitHubApp, GitHubIntegration, Secret};
use url::Url;

use super::*;
use crate::ReadOutcome;
use crate::fakes::{FakeApp, FakeGitHub};

struct Portal {
    fake: FakeGitHub,
    sources: Sources,
}

impl Portal {
    /// A private repository, and a configuration with an app and what the test changes in it.
    async fn with(app: FakeApp, change: impl FnOnce(&mut GitHubIntegration)) -> Self {
        let fake = FakeGitHub::start(&[("catalog-info.yaml", "one")]).await;
        let mut host = GitHubIntegration {
            host: fake.host.clone(),
            api_base_url: format!("http://{}/api/v3", fake.host),
            raw_base_url: format!("http://{}/raw", fake.host),
            apps: vec![GitHubApp {
                app_id: FakeApp::ID.to_owned(),
                private_key: Secret::new(app.private_key()),
                allowed_owners: Vec::new(),
                key: "integrations.github[0].apps[0]".to_owned(),
            }],
            token: None,
            key: "integrations.github[0]".to_owned(),
        };
        change(&mut host);
        {
            let mut state = fake.state.lock();
            state.token = Some("known to nobody yet".to_owned());
            state.app = Some(app);
        }
        let mut config = Config::default();
        config.integrations.github = vec![host];
        let sources = Sources::new(&config).unwrap();
        Self { fake, sources }
    }

    async fn read(&self) -> Result<ReadOutcome, ReadError> {
        let url = self.fake.url("/blob/main/catalog-info.yaml");
        self.sources.read("url", &url, None).await
    }

    fn minted(&self) -> u32 {
        self.fake.state.lock().app.as_ref().unwrap().minted
    }
}

#[tokio::test]
async fn an_app_gets_a_token_once_and_uses_it() {
    let portal = Portal::with(FakeApp::new(), |_| {}).await;
    for _ in 0..3 {
        assert!(matches!(portal.read().await, Ok(ReadOutcome::File(_))));
    }
    assert_eq!(portal.minted(), 1);
}

#[tokio::test]
async fn others_may_use_the_token_at_the_api_of_its_host_only() {
    let portal = Portal::with(FakeApp::new(), |_| {}).await;
    let api: Url = format!("http://{}/api/v3/orgs", portal.fake.host)
        .parse()
        .unwrap();
    let token = portal
        .sources
        .integrations()
        .github_token(&api, "org")
        .await
        .unwrap();
    assert_eq!(token.unwrap().expose(), "ghs_1");
    let elsewhere: Url = "https://api.github.example/".parse().unwrap();
    assert_eq!(
        portal
            .sources
            .integrations()
            .github_token(&elsewhere, "org")
            .await,
        Ok(None)
    );
}

#[tokio::test]
async fn a_token_about_to_expire_is_renewed() {
    let mut app = FakeApp::new();
    app.lifetime = Duration::from_mins(2);
    let portal = Portal::with(app, |_| {}).await;
    for _ in 0..2 {
        assert!(matches!(portal.read().await, Ok(ReadOutcome::File(_))));
    }
    assert_eq!(portal.minted(), 2);
}

#[tokio::test]
async fn an_owner_the_app_is_not_for_falls_back_to_the_token() {
    let portal = Portal::with(FakeApp::new(), |host| {
        host.apps[0].allowed_owners = vec!["other".to_owned()];
        host.token = Some("known to nobody yet".into());
    })
    .await;
    assert!(matches!(portal.read().await, Ok(ReadOutcome::File(_))));
    assert_eq!(portal.minted(), 0);
}

#[tokio::test]
async fn a_wrong_key_is_told_with_its_place_in_the_configuration() {
    for (key, said) in [
        (
            FakeApp::new().private_key(),
            "check that appId and privateKey belong together",
        ),
        ("not a key".to_owned(), "is not the PEM text of an RSA key"),
    ] {
        let portal = Portal::with(FakeApp::new(), |host| {
            host.apps[0].private_key = Secret::new(key);
        })
        .await;
        let error = portal.read().await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert!(error.contains("integrations.github[0].apps[0]"), "{error}");
    }
}
