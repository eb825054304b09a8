//! Signing in to Azure DevOps: personal access tokens, Entra applications, managed identities.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{Secret as AzureSecret, TokenCredential};
use azure_core::http::ClientMethodOptions;
use azure_identity::{
    ClientAssertion, ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions, UserAssignedId,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_config::{AzureCredential, Config};
use reqwest::header::HeaderValue;

use crate::ReadError;

/// Azure DevOps, as Entra knows it.
const SCOPE: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";
/// What a managed identity's token must be for to stand in for a client secret.
const EXCHANGE_SCOPE: &str = "api://AzureADTokenExchange/.default";

/// The Entra credentials of the configuration. Each caches its token and renews it in time.
#[derive(Default)]
pub(crate) struct AzureAuth {
    entra: HashMap<String, Arc<dyn TokenCredential>>,
}

impl AzureAuth {
    /// Prepares every credential; nothing is sent yet.
    pub(crate) fn new(config: &Config) -> Result<Self, ReadError> {
        let mut entra = HashMap::new();
        for integration in &config.integrations.azure {
            for (_, credential) in &integration.credentials {
                let built = build(credential).map_err(|error| {
                    let reason = format!("the credential cannot be used: {error}");
                    ReadError::invalid(&integration.key, reason)
                })?;
                if let Some(built) = built {
                    entra.insert(id(credential), built);
                }
            }
        }
        Ok(Self { entra })
    }

    /// The `Authorization` header for a credential.
    pub(crate) async fn header(
        &self,
        credential: &AzureCredential,
        target: &str,
    ) -> Result<HeaderValue, ReadError> {
        let text = match credential {
            AzureCredential::PersonalAccessToken(token) => {
                format!("Basic {}", STANDARD.encode(format!(":{}", token.expose())))
            }
            entra => {
                let Some(credential) = self.entra.get(&id(entra)) else {
                    return Err(ReadError::denied(target, "its credential was not prepared"));
                };
                let token = credential
                    .get_token(&[SCOPE], None)
                    .await
                    .map_err(|error| {
                        let fix = format!("signing in to Entra failed: {error}");
                        ReadError::denied(target, fix)
                    })?;
                format!("Bearer {}", token.token.secret())
            }
        };
        let mut header = HeaderValue::from_str(&text)
            .map_err(|_| ReadError::denied(target, "its credential has characters no token has"))?;
        header.set_sensitive(true);
        Ok(header)
    }
}

/// Tells Entra credentials apart.
fn id(credential: &AzureCredential) -> String {
    match credential {
        AzureCredential::PersonalAccessToken(_) => String::new(),
        AzureCredential::ClientSecret {
            tenant_id,
            client_id,
            ..
        } => {
            format!("secret:{tenant_id}:{client_id}")
        }
        AzureCredential::ManagedIdentity { client_id } => {
            format!("identity:{}", client_id.as_deref().unwrap_or_default())
        }
        AzureCredential::Federated {
            tenant_id,
            client_id,
            ..
        } => {
            format!("federated:{tenant_id}:{client_id}")
        }
    }
}

fn build(credential: &AzureCredential) -> azure_core::Result<Option<Arc<dyn TokenCredential>>> {
    Ok(match credential {
        AzureCredential::PersonalAccessToken(_) => None,
        AzureCredential::ClientSecret {
            tenant_id,
            client_id,
            client_secret,
        } => {
            let secret = AzureSecret::new(client_secret.expose().to_owned());
            Some(ClientSecretCredential::new(
                tenant_id,
                client_id.clone(),
                secret,
                None,
            )?)
        }
        AzureCredential::ManagedIdentity { client_id } => Some(identity(client_id.clone())?),
        AzureCredential::Federated {
            tenant_id,
            client_id,
            managed_identity,
        } => {
            let assertion = IdentityAssertion(identity(managed_identity.clone())?);
            let (tenant_id, client_id) = (tenant_id.clone(), client_id.clone());
            Some(ClientAssertionCredential::new(
                tenant_id, client_id, assertion, None,
            )?)
        }
    })
}

fn identity(client_id: Option<String>) -> azure_core::Result<Arc<ManagedIdentityCredential>> {
    let user_assigned_id = client_id.map(UserAssignedId::ClientId);
    let options = ManagedIdentityCredentialOptions {
        user_assigned_id,
        ..Default::default()
    };
    ManagedIdentityCredential::new(Some(options))
}

/// A managed identity's token, in place of a client secret.
#[derive(Debug)]
struct IdentityAssertion(Arc<ManagedIdentityCredential>);

#[async_trait]
impl ClientAssertion for IdentityAssertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        let token = self.0.get_token(&[EXCHANGE_SCOPE], None).await?;
        Ok(token.token.secret().to_owned())
    }
}
