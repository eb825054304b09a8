//! The hosts whose addresses are repositories.

use portico_config::{AzureIntegration, Config, GitHubIntegration};

/// The configured hosts, and the two public ones in any case.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// GitHub and GitHub Enterprise servers.
    pub github: Vec<GitHubIntegration>,
    /// Azure DevOps services and servers.
    pub azure: Vec<AzureIntegration>,
}

impl Hosts {
    /// The hosts of a configuration.
    pub fn new(config: &Config) -> Self {
        let mut github = config.integrations.github.clone();
        let mut azure = config.integrations.azure.clone();
        if !github.iter().any(|it| it.host == "github.com") {
            github.push(GitHubIntegration::github_com());
        }
        if !azure.iter().any(|it| it.host == "dev.azure.com") {
            azure.push(AzureIntegration::dev_azure_com());
        }
        Self { github, azure }
    }

    /// The GitHub host with this name (and port).
    pub fn github(&self, host: &str) -> Option<&GitHubIntegration> {
        self.github.iter().find(|it| it.host == host)
    }

    /// The Azure DevOps host with this name; `{org}.visualstudio.com` is `dev.azure.com`.
    pub fn azure(&self, host: &str) -> Option<&AzureIntegration> {
        let host = if host.ends_with(".visualstudio.com") {
            "dev.azure.com"
        } else {
            host
        };
        self.azure.iter().find(|it| it.host == host)
    }
}
