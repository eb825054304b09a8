//! `integrations`: the hosts that source code lives on, and how to sign in there.

use crate::Secret;

/// `integrations`: GitHub and Azure DevOps hosts.
#[derive(Clone, Debug, Default)]
pub struct IntegrationsConfig {
    /// `integrations.github`; `github.com` is always known, with or without a token.
    pub github: Vec<GitHubIntegration>,
    /// `integrations.azure`; `dev.azure.com` is always known.
    pub azure: Vec<AzureIntegration>,
}

/// One GitHub host: github.com or a GitHub Enterprise server.
#[derive(Clone, Debug)]
pub struct GitHubIntegration {
    /// Host (with port when unusual), lower-case.
    pub host: String,
    /// Base of the REST API, without a trailing slash.
    pub api_base_url: String,
    /// Base of raw file addresses, without a trailing slash.
    pub raw_base_url: String,
    /// Personal access or fine-grained token.
    pub token: Option<Secret>,
    /// Where this entry stands in the configuration, for messages: `integrations.github[0]`.
    pub key: String,
}

/// One Azure DevOps host: `dev.azure.com` or a server.
#[derive(Clone, Debug)]
pub struct AzureIntegration {
    /// Host (with port when unusual), lower-case.
    pub host: String,
    /// Credentials in order; the first whose organisations match is used, then the
    /// first without organisations.
    pub credentials: Vec<(Vec<String>, AzureCredential)>,
    /// Where this entry stands in the configuration, for messages: `integrations.azure[0]`.
    pub key: String,
}

/// One way to sign in to Azure DevOps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureCredential {
    /// A personal access token, sent as HTTP Basic.
    PersonalAccessToken(Secret),
    /// An Entra application with a secret.
    ClientSecret {
        /// Entra tenant id.
        tenant_id: String,
        /// Application (client) id.
        client_id: String,
        /// The secret's value.
        client_secret: Secret,
    },
    /// A managed identity.
    ManagedIdentity {
        /// Client id of a user-assigned identity; `None` is the system-assigned one.
        client_id: Option<String>,
    },
    /// An Entra application that trusts a managed identity (federated credential).
    Federated {
        /// Entra tenant id.
        tenant_id: String,
        /// Application (client) id.
        client_id: String,
        /// Client id of the user-assigned identity; `None` is the system-assigned one.
        managed_identity: Option<String>,
    },
}
