//! The hosts of one process, how to sign in to each, and the client all share.

use std::sync::{Arc, OnceLock};

use azure_core::credentials::TokenCredential;
use portico_config::{AzureIntegration, AzureKeyVault, Config, GitHubIntegration, Secret};
use url::Url;

use crate::{
    AzureApi, GitHubApi, HostError, Hosts, Http, KeyVault,
    azure::{self, AzureAuth},
    github::{AppTokens, Credential},
};

/// The hosts, their credentials and the client. Cheap to clone; all clones share one client.
#[derive(Clone)]
pub struct Integrations(Arc<Inner>);

struct Inner {
    hosts: Hosts,
    http: Http,
    apps: AppTokens,
    azure: AzureAuth,
    key_vault: AzureKeyVault,
    /// Who signs in to vaults; made with the first use when nobody is configured.
    vaults: OnceLock<Arc<dyn TokenCredential>>,
}

impl Integrations {
    /// The hosts of a configuration; nothing is sent yet. Fails when a credential cannot work.
    pub fn new(config: &Config) -> Result<Self, HostError> {
        let key_vault = config.integrations.azure_key_vault.clone();
        let vaults = OnceLock::new();
        if let Some(configured) = &key_vault.credential {
            let built = azure::credential(configured).map_err(|error| {
                let reason = format!("the credential cannot be used: {error}");
                HostError::invalid("integrations.azureKeyVault", reason)
            })?;
            if let Some(built) = built {
                // It is new, and so empty.
                let _ = vaults.set(built);
            }
        }
        Ok(Self(Arc::new(Inner {
            key_vault,
            vaults,
            hosts: Hosts::new(config),
            http: Http::new(),
            apps: AppTokens::default(),
            azure: AzureAuth::new(config)?,
        })))
    }

    /// The hosts.
    pub fn hosts(&self) -> &Hosts {
        &self.0.hosts
    }

    /// The client.
    pub fn http(&self) -> &Http {
        &self.0.http
    }

    /// The API of a GitHub host with the credential for what `owner` has there. `target` is what
    /// is wanted, for messages.
    pub async fn github<'a>(
        &'a self,
        host: &'a GitHubIntegration,
        owner: &str,
        target: &'a str,
    ) -> Result<GitHubApi<'a>, HostError> {
        Ok(GitHubApi {
            http: self.http(),
            integration: host,
            credential: self.github_credential(host, owner, target).await?,
            target,
            patient: false,
        })
    }

    /// The API of a GitHub host with a credential that somebody brought along.
    pub fn github_as<'a>(
        &'a self,
        host: &'a GitHubIntegration,
        credential: Credential,
        target: &'a str,
    ) -> GitHubApi<'a> {
        GitHubApi {
            http: self.http(),
            integration: host,
            credential: Some(credential),
            target,
            patient: false,
        }
    }

    /// The API of a GitHub host with the configured token, whoever has installed an App.
    pub fn github_by_token<'a>(
        &'a self,
        host: &'a GitHubIntegration,
        target: &'a str,
    ) -> GitHubApi<'a> {
        GitHubApi {
            http: self.http(),
            integration: host,
            credential: Credential::of_token(host),
            target,
            patient: false,
        }
    }

    /// Who installed the Apps of a GitHub host, as far as those may be used for them.
    pub async fn github_app_owners(
        &self,
        host: &GitHubIntegration,
    ) -> Result<Vec<String>, HostError> {
        self.0.apps.owners(self.http(), host).await
    }

    /// What signs in for what `owner` has on a GitHub host: an app that the owner installed,
    /// else the configured token.
    pub async fn github_credential(
        &self,
        host: &GitHubIntegration,
        owner: &str,
        target: &str,
    ) -> Result<Option<Credential>, HostError> {
        Credential::of(self.http(), &self.0.apps, host, owner, target).await
    }

    /// A token for what `owner` has on the GitHub host whose API `url` leads into.
    pub async fn github_token(&self, url: &Url, owner: &str) -> Result<Option<Secret>, HostError> {
        let leads_into = |it: &&GitHubIntegration| {
            Url::parse(&it.api_base_url)
                .is_ok_and(|api| api.origin() == url.origin() && url.path().starts_with(api.path()))
        };
        let Some(host) = self.hosts().github.iter().find(leads_into) else {
            return Ok(None);
        };
        let found = self.github_credential(host, owner, url.as_str()).await?;
        Ok(found.map(|it| it.token))
    }

    /// The API of an Azure DevOps host for one organisation (or collection) on it. `target` is
    /// what is wanted, for messages.
    pub fn azure<'a>(
        &'a self,
        host: &'a AzureIntegration,
        organization: &'a str,
        target: &'a str,
    ) -> AzureApi<'a> {
        AzureApi {
            http: self.http(),
            integration: host,
            auth: &self.0.azure,
            organization,
            token: None,
            target,
            patient: false,
        }
    }

    /// `integrations.azureKeyVault`.
    pub fn key_vault_config(&self) -> &AzureKeyVault {
        &self.0.key_vault
    }

    /// A vault of Azure Key Vault, for the configured identity, else for the managed identity of
    /// this server. Whether it may be used is for the caller to ask.
    pub fn key_vault<'a>(&'a self, vault: &'a Url) -> Result<KeyVault<'a>, HostError> {
        let credential = if let Some(credential) = self.0.vaults.get() {
            Arc::clone(credential)
        } else {
            let own = azure::managed_identity(None).map_err(|error| {
                let fix = format!(
                    "this server has no managed identity; set integrations.azureKeyVault: {error}"
                );
                HostError::denied(vault.as_str(), fix)
            })?;
            let own: Arc<dyn TokenCredential> = own;
            Arc::clone(self.0.vaults.get_or_init(|| own))
        };
        Ok(KeyVault {
            http: self.http(),
            credential,
            vault,
        })
    }

    /// The Entra credentials.
    pub fn azure_auth(&self) -> &AzureAuth {
        &self.0.azure
    }
}
