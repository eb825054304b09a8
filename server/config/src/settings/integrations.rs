//! `integrations`: the hosts that source code lives on, and how to sign in there.

use crate::Secret;
use crate::reader::Reader;
use crate::settings::portal::base_url;

/// `integrations`: GitHub and Azure DevOps hosts.
#[derive(Clone, Debug, Default)]
pub struct IntegrationsConfig {
    /// `integrations.github`; `github.com` is always known, with or without a token.
    pub github: Vec<GitHubIntegration>,
    /// `integrations.azure`; `dev.azure.com` is always known.
    pub azure: Vec<AzureIntegration>,
    /// `integrations.azureKeyVault`.
    pub azure_key_vault: AzureKeyVault,
}

/// `integrations.azureKeyVault`: who sets secrets, and where.
#[derive(Clone, Debug, Default)]
pub struct AzureKeyVault {
    /// Who signs in; `None` is the managed identity of the machine itself.
    pub credential: Option<AzureCredential>,
    /// `allowedVaults`: the addresses of the only vaults that may be written to, without a
    /// trailing slash; empty is every vault of Azure.
    pub allowed_vaults: Vec<String>,
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
    /// GitHub Apps, tried in order before the token.
    pub apps: Vec<GitHubApp>,
    /// Personal access or fine-grained token.
    pub token: Option<Secret>,
    /// Where this entry stands in the configuration, for messages: `integrations.github[0]`.
    pub key: String,
}

/// A GitHub App: it signs in with its key, for the organisations that installed it.
#[derive(Clone, Debug)]
pub struct GitHubApp {
    /// App id, or client id: what GitHub calls the issuer of the app's tokens.
    pub app_id: String,
    /// The private key that GitHub made, PEM.
    pub private_key: Secret,
    /// Organisations and users it is used for; empty is all that installed it.
    pub allowed_owners: Vec<String>,
    /// Where this entry stands in the configuration: `integrations.github[0].apps[0]`.
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
    /// `apiBaseUrl`: where organisations (or collections) of the API are, without a trailing
    /// slash, when that is not `https://` and the host.
    pub api_base_url: Option<String>,
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

/// What Backstage calls the managed identity that belongs to the machine itself.
const SYSTEM_ASSIGNED: &str = "system-assigned";

impl IntegrationsConfig {
    pub(crate) fn read(integrations: &Reader<'_>) -> Self {
        let github = integrations.list("github").into_iter();
        let azure = integrations.list("azure").into_iter();
        Self {
            github: github
                .map(|it| it.read_object(GitHubIntegration::read))
                .collect(),
            azure: azure
                .map(|it| it.read_object(AzureIntegration::read))
                .collect(),
            azure_key_vault: AzureKeyVault::read(integrations),
        }
    }
}

impl AzureKeyVault {
    fn read(integrations: &Reader<'_>) -> Self {
        let entry = integrations.value("azureKeyVault");
        if !entry.is_present() {
            return Self::default();
        }
        let vaults = |entry: &Reader<'_>| {
            let vaults = entry.texts("allowedVaults").into_iter();
            vaults
                .map(|it| it.trim_end_matches('/').to_lowercase())
                .collect()
        };
        entry.read_object(|entry| Self {
            allowed_vaults: vaults(entry),
            credential: ["clientId", "clientSecret", "managedIdentityClientId"]
                .iter()
                .any(|key| entry.value(key).is_present())
                .then(|| read_azure_credential(entry))
                .flatten()
                .map(|(_, credential)| credential),
        })
    }
}

impl GitHubIntegration {
    /// github.com without credentials, as it is when nothing is configured.
    pub fn github_com() -> Self {
        Self {
            host: "github.com".to_owned(),
            api_base_url: "https://api.github.com".to_owned(),
            raw_base_url: "https://raw.githubusercontent.com".to_owned(),
            apps: Vec::new(),
            token: None,
            key: "integrations.github[0]".to_owned(),
        }
    }

    fn read(entry: &Reader<'_>) -> Self {
        let public = Self::github_com();
        let host = host(entry, &public.host);
        let (api, raw) = if host == public.host {
            (public.api_base_url, public.raw_base_url)
        } else {
            (
                format!("https://{host}/api/v3"),
                format!("https://{host}/raw"),
            )
        };
        let apps = entry.list("apps").into_iter();
        let apps = apps.filter_map(|it| it.read_object(GitHubApp::read));
        Self {
            api_base_url: base_url(entry, "apiBaseUrl")
                .unwrap_or_else(|| entry.default("apiBaseUrl", api)),
            raw_base_url: base_url(entry, "rawBaseUrl")
                .unwrap_or_else(|| entry.default("rawBaseUrl", raw)),
            apps: apps.collect(),
            token: entry.secret("token"),
            key: entry.key().to_owned(),
            host,
        }
    }
}

impl GitHubApp {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        // Signing people in and receiving webhooks is configured elsewhere; the keys are
        // known, so that a file written for Backstage raises no warning.
        for unused in ["clientId", "webhookUrl"] {
            entry.text(unused);
        }
        for unused in ["clientSecret", "webhookSecret"] {
            entry.secret(unused);
        }
        entry.require("privateKey");
        Some(Self {
            app_id: entry.required_text("appId")?,
            private_key: entry.secret("privateKey")?,
            allowed_owners: entry.texts("allowedInstallationOwners"),
            key: entry.key().to_owned(),
        })
    }
}

impl AzureIntegration {
    /// Azure DevOps Services without credentials, as it is when nothing is configured.
    pub fn dev_azure_com() -> Self {
        Self {
            host: "dev.azure.com".to_owned(),
            credentials: Vec::new(),
            api_base_url: None,
            key: "integrations.azure[0]".to_owned(),
        }
    }

    fn read(entry: &Reader<'_>) -> Self {
        let host = host(entry, "dev.azure.com");
        let mut credentials: Vec<_> = entry
            .list("credentials")
            .into_iter()
            .filter_map(|it| it.read_object(read_azure_credential))
            .collect();
        let single = entry.value("credential");
        if single.is_present() {
            credentials.extend(single.read_object(read_azure_credential));
        }
        if let Some(token) = entry.secret("token") {
            credentials.push((Vec::new(), AzureCredential::PersonalAccessToken(token)));
        }
        Self {
            api_base_url: base_url(entry, "apiBaseUrl"),
            host,
            credentials,
            key: entry.key().to_owned(),
        }
    }

    /// Where organisations of the API are, without a trailing slash.
    pub fn base_url(&self) -> String {
        let usual = || format!("https://{}", self.host);
        self.api_base_url.clone().unwrap_or_else(usual)
    }

    /// The credential for an organisation: one that names it, else one that names none.
    pub fn credential_for(&self, organization: &str) -> Option<&AzureCredential> {
        let named = |(names, _): &&(Vec<String>, AzureCredential)| {
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(organization))
        };
        let found = self.credentials.iter().find(named);
        found
            .or_else(|| self.credentials.iter().find(|(names, _)| names.is_empty()))
            .map(|(_, credential)| credential)
    }
}

fn read_azure_credential(entry: &Reader<'_>) -> Option<(Vec<String>, AzureCredential)> {
    let organizations = entry.texts("organizations");
    let token = entry.secret("personalAccessToken");
    let client_secret = entry.secret("clientSecret");
    let tenant_id = entry.text("tenantId");
    let client_id = entry.text("clientId");
    let identity = entry.text("managedIdentityClientId");
    let user_assigned = |id: String| (id != SYSTEM_ASSIGNED).then_some(id);
    let credential = match (token, client_secret, tenant_id, client_id, identity) {
        (Some(token), None, None, None, None) => AzureCredential::PersonalAccessToken(token),
        (None, Some(client_secret), Some(tenant_id), Some(client_id), None) => {
            AzureCredential::ClientSecret {
                tenant_id,
                client_id,
                client_secret,
            }
        }
        (None, None, Some(tenant_id), Some(client_id), Some(identity)) => {
            AzureCredential::Federated {
                tenant_id,
                client_id,
                managed_identity: user_assigned(identity),
            }
        }
        (None, None, None, None, Some(id)) | (None, None, None, Some(id), None) => {
            AzureCredential::ManagedIdentity {
                client_id: user_assigned(id),
            }
        }
        (None, None, None, None, None) => {
            entry.warn("holds no credential (perhaps its variable is not set); it is not used");
            return None;
        }
        _ => {
            entry.problem(
                "must be one of: personalAccessToken; clientId, clientSecret and tenantId; \
                 managedIdentityClientId; clientId, tenantId and managedIdentityClientId",
            );
            return None;
        }
    };
    Some((organizations, credential))
}

fn host(entry: &Reader<'_>, default: &str) -> String {
    let host = entry
        .value("host")
        .parse("a host name such as github.contoso.com", |text| {
            let plain = !text.is_empty() && !text.contains(['/', ' ', '@']);
            plain.then(|| text.to_lowercase())
        });
    host.unwrap_or_else(|| entry.default("host", default.to_owned()))
}
