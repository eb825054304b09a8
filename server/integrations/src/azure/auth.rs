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

use crate::HostError;

/// Azure DevOps, as Entra knows it.
const SCOPE: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";
/// What a managed identity's token must be for to stand in for a client secret.
const EXCHANGE_SCOPE: &str = "api://AzureADTokenExchange/.default";

/// The Entra credentials of the configuration. Each caches its token and renews it in time.
#[derive(Default)]
pub struct AzureAuth {
    entra: HashMap<String, Arc<dyn TokenCredential>>,
}

impl AzureAuth {
    /// Prepares every credential; nothing is sent yet.
    pub fn new(config: &Config) -> Result<Self, HostError> {
        let mut entra = HashMap::new();
        for integration in &config.integrations.azure {
            for (_, credential) in &integration.credentials {
                let built = build(credential).map_err(|error| {
                    let reason = format!("the credential cannot be used: {error}");
                    HostError::invalid(&integration.key, reason)
                })?;
                if let Some(built) = built {
                    entra.insert(id(credential), built);
                }
            }
        }
        Ok(Self { entra })
    }

    /// The `Authorization` header for a credential.
    pub async fn header(
        &self,
        credential: &AzureCredential,
        target: &str,
    ) -> Result<HeaderValue, HostError> {
        let text = match credential {
            AzureCredential::PersonalAccessToken(token) => {
                format!("Basic {}", STANDARD.encode(format!(":{}", token.expose())))
            }
            entra => {
                let Some(credential) = self.entra.get(&id(entra)) else {
                    return Err(HostError::denied(target, "its credential was not prepared"));
                };
                let token = credential
                    .get_token(&[SCOPE], None)
                    .await
                    .map_err(|error| {
                        let fix = format!("signing in to Entra failed: {error}");
                        HostError::denied(target, fix)
                    })?;
                format!("Bearer {}", token.token.secret())
            }
        };
        let mut header = HeaderValue::from_str(&text)
            .map_err(|_| HostError::denied(target, "its credential has characters no token has"))?;
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

/// What signs in to Entra; `None` for a personal access token, which does not.
pub(crate) fn build(
    credential: &AzureCredential,
) -> azure_core::Result<Option<Arc<dyn TokenCredential>>> {
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
        AzureCredential::ManagedIdentity { client_id } => {
            Some(managed_identity(client_id.clone())?)
        }
        AzureCredential::Federated {
            tenant_id,
            client_id,
            managed_identity,
        } => {
            let assertion = IdentityAssertion(self::managed_identity(managed_identity.clone())?);
            let (tenant_id, client_id) = (tenant_id.clone(), client_id.clone());
            Some(ClientAssertionCredential::new(
                tenant_id, client_id, assertion, None,
            )?)
        }
    })
}

/// A managed identity of Azure: a user-assigned one by its client id, or the machine's own. It
/// caches its tokens and renews them in time.
pub fn managed_identity(
    client_id: Option<String>,
) -> azure_core::Result<Arc<ManagedIdentityCredential>> {
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

#[cfg(test)]
mod tests {
    use axum::extract::{Query, State};
    use axum::routing::get;
    use parking_lot::Mutex;
    use portico_config::AzureIntegration;
    use serde_json::json;

    use super::*;

    fn auth(credential: &AzureCredential) -> Result<AzureAuth, HostError> {
        let mut config = Config::default();
        let credentials = vec![(Vec::new(), credential.clone())];
        config.integrations.azure = vec![AzureIntegration {
            credentials,
            ..AzureIntegration::dev_azure_com()
        }];
        AzureAuth::new(&config)
    }

    #[tokio::test]
    async fn a_personal_access_token_is_sent_as_basic() {
        let credential = AzureCredential::PersonalAccessToken("pat".into());
        let header = auth(&credential)
            .unwrap()
            .header(&credential, "x")
            .await
            .unwrap();
        assert_eq!(
            header,
            format!("Basic {}", STANDARD.encode(":pat")).as_str()
        );
        assert!(header.is_sensitive());
    }

    #[test]
    fn a_credential_that_cannot_work_names_its_key() {
        let credential = AzureCredential::ClientSecret {
            tenant_id: "not a tenant".to_owned(),
            client_id: "c".to_owned(),
            client_secret: "hunter2".into(),
        };
        let error = auth(&credential).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("integrations.azure[0]"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    /// The identity endpoint is given by environment variables, which cannot be set for
    /// one test only: the test runs itself once more, as a process that has them.
    #[tokio::test]
    async fn a_managed_identity_signs_in_for_azure_devops() {
        let credential = AzureCredential::ManagedIdentity {
            client_id: Some("id".to_owned()),
        };
        if std::env::var_os("IDENTITY_ENDPOINT").is_some() {
            let header = auth(&credential)
                .unwrap()
                .header(&credential, "x")
                .await
                .unwrap();
            assert_eq!(header, "Bearer entra-token");
            return;
        }
        let asked: Arc<Mutex<Vec<HashMap<String, String>>>> = Arc::default();
        let answer = async |State(asked): State<Arc<Mutex<Vec<_>>>>, Query(query): Query<_>| {
            asked.lock().push(query);
            axum::Json(json!({
                "access_token": "entra-token", "expires_on": "4102444800",
                "token_type": "Bearer", "resource": "499b84ac-1321-427f-aa17-267ca6975798"
            }))
        };
        let router = axum::Router::new()
            .route("/msi", get(answer))
            .with_state(Arc::clone(&asked));
        let address = crate::fakes::serve(router).await;
        let name = "azure::auth::tests::a_managed_identity_signs_in_for_azure_devops";
        let child = tokio::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env("IDENTITY_ENDPOINT", format!("http://{address}/msi"))
            .env("IDENTITY_HEADER", "secret")
            .env("NO_PROXY", "127.0.0.1")
            .output()
            .await
            .unwrap();
        assert!(
            child.status.success(),
            "{}",
            String::from_utf8_lossy(&child.stdout)
        );
        let asked = asked.lock();
        assert_eq!(asked[0]["resource"], "499b84ac-1321-427f-aa17-267ca6975798");
        assert_eq!(asked[0]["client_id"], "id");
    }
}
