//! GitHub as a host, against a peer that has its rules.

mod creating;
mod proposing;
mod reading;
mod signing_in;

use portico_config::{Config, GitHubApp, GitHubIntegration, Secret};
use portico_integrations::Integrations;
use portico_scm::{GitHub, NewRepository, RepositoryFile, RepositoryHost as _, ScmError};
use portico_store::{AuditFilter, Store};
use portico_testkit::{Database, GitHubAppPeer, GitHubPeer};

use crate::support::audit;

/// A host that knows a peer.
pub struct Setting {
    pub peer: GitHubPeer,
    pub github: GitHub,
    pub store: Store,
    _database: Database,
}

impl Setting {
    /// Signed in with the token of `ada`.
    pub async fn new() -> Self {
        Self::with(|host| host.token = Some(GitHubPeer::TOKEN.into())).await
    }

    pub async fn with(change: impl FnOnce(&mut GitHubIntegration)) -> Self {
        let peer = GitHubPeer::start().await;
        let mut host = GitHubIntegration {
            host: peer.host().to_owned(),
            api_base_url: peer.api(),
            key: "integrations.github[0]".to_owned(),
            ..GitHubIntegration::github_com()
        };
        change(&mut host);
        let mut config = Config::default();
        config.integrations.github = vec![host];
        let database = Database::sqlite();
        let store = database.store().await;
        let integrations = Integrations::new(&config).unwrap();
        Self {
            peer,
            github: GitHub::new(store.clone(), integrations),
            store,
            _database: database,
        }
    }

    /// Signed in as an App that `contoso` installed, and no other way.
    pub async fn with_app() -> Self {
        let app = GitHubAppPeer::new();
        let setting = Self::with(|host| {
            host.apps = vec![GitHubApp {
                app_id: GitHubAppPeer::ID.to_owned(),
                private_key: Secret::new(app.private_key()),
                allowed_owners: Vec::new(),
                key: "integrations.github[0].apps[0]".to_owned(),
            }];
        })
        .await;
        setting.peer.install(app);
        setting
    }

    /// Makes a repository for `ada`.
    pub async fn create(&self, url: &str, new: &NewRepository) -> Result<String, ScmError> {
        self.github.create(url, new, &audit()).await
    }

    /// How many events the audit log has.
    pub async fn events(&self) -> u64 {
        let all = AuditFilter::default();
        self.store.audit_events(&all, 0, 1).await.unwrap().1
    }
}

fn file(path: &str, content: &[u8], is_executable: bool) -> RepositoryFile {
    RepositoryFile {
        path: path.to_owned(),
        content: content.to_vec(),
        is_executable,
    }
}

fn new(branch: &str, key: &str) -> NewRepository {
    NewRepository {
        branch: branch.to_owned(),
        message: "The beginning\n\nWith a reason.".to_owned(),
        files: vec![
            file("README.md", b"# New\n", false),
            file("a \"b\"/ä.bin", b"\0\xff\ndone\n", false),
            file("empty", b"", false),
            file("run.sh", b"#!/bin/sh\n", true),
        ],
        key: Some(key.to_owned()),
        description: Some("What it is for".to_owned()),
        ..NewRepository::default()
    }
}
