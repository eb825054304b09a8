//! `keyvault:secret:create`

use async_trait::async_trait;
use portico_integrations::NewSecret;
use portico_scaffolder::{Action, ActionContext, ActionError, Effect, Example};
use serde_json::{Map, Value, json};
use url::Url;

use super::{Repositories, failed, fields, object, text};

/// Where vaults of Azure's clouds are.
const CLOUDS: [&str; 4] = [
    ".vault.azure.net",
    ".vault.azure.cn",
    ".vault.usgovcloudapi.net",
    ".vault.microsoftazure.de",
];
/// The largest value, in bytes.
const MAX_VALUE: usize = 25_000;

/// Sets a secret.
pub(crate) struct KeyVaultSecretCreate(pub(crate) Repositories);

#[async_trait]
impl Action for KeyVaultSecretCreate {
    fn id(&self) -> &'static str {
        "keyvault:secret:create"
    }

    fn description(&self) -> &'static str {
        "Sets a secret in an Azure Key Vault, in the name of this server. One that is there gets \
         a new version. The value comes from secrets.* only, and is not kept, logged or put out."
    }

    fn input(&self) -> Value {
        let name = json!({"type": "string", "pattern": "^[0-9a-zA-Z-]{1,127}$",
            "description": "Letters, digits and dashes."});
        let vault = json!({"type": "string", "pattern": "^[a-zA-Z][0-9a-zA-Z-]{2,23}$",
            "description": "The name of the vault, in place of vaultUrl."});
        object(
            &["secretName", "secretValue"],
            json!({
                "vaultUrl": text("The address of the vault: https://NAME.vault.azure.net."),
                "vaultName": vault,
                "secretName": name,
                "secretValue": text("The value: ${{ secrets.NAME }}."),
                "contentType": text("What it is, for those who read it."),
                "tags": {"type": "object", "additionalProperties": {"type": "string"},
                    "description": "Names and values."},
                "expires": {"type": "string", "format": "date-time",
                    "description": "When it is no longer valid: 2027-01-31T00:00:00Z."},
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["secretId"],
            json!({
                "secretId": text("The address of the version."),
                "secretUri": text("The address of the secret, whatever its version."),
                "version": text("The version."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Keep a password that somebody typed into a Secret field".to_owned(),
            input: json!({
                "vaultName": "kv-orders-dev", "secretName": "db-password",
                "secretValue": "${{ secrets.dbPassword }}",
            }),
            output: output("https://kv-orders-dev.vault.azure.net/secrets/db-password/0000"),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let vault = self.vault(context)?;
        let (name, value) = (
            context.required("secretName")?,
            context.required("secretValue")?,
        );
        check_value(context, value)?;
        let expires = match context.text("expires") {
            None => None,
            Some(time) => Some(time.parse::<jiff::Timestamp>().map_err(|error| {
                ActionError::Input(format!("input.expires: {time} is no time: {error}"))
            })?),
        };
        let details = json!({"what": "secret", "name": name, "expires": context.text("expires")});
        let (scm, who) = (&self.0.scm, &self.0.who);
        let audit = scm
            .may_configure(who, vault.as_str(), details)
            .await
            .map_err(failed)?;
        if let Some(recorder) = &context.dry_run {
            recorder.record(Effect {
                step: context.step.clone(),
                action: self.id().to_owned(),
                summary: format!("set the secret {name} in {vault}"),
                details: json!({
                    "vault": vault.as_str(), "name": name, "value": "***",
                    "contentType": context.text("contentType"), "expires": context.text("expires"),
                }),
            });
            let version = "0".repeat(32);
            return Ok(output(&format!("{vault}secrets/{name}/{version}")));
        }
        let secret = NewSecret {
            name,
            value,
            content_type: context.text("contentType"),
            tags: context.input.get("tags").cloned().unwrap_or_default(),
            expires: expires.map(jiff::Timestamp::as_second),
        };
        let vaults = self.0.integrations.key_vault(&vault);
        let vaults = vaults.map_err(|error| ActionError::Failed(error.to_string()))?;
        let id = tokio::select! {
            id = vaults.set(&secret) => id,
            () = context.cancelled.cancelled() => return Err(ActionError::Cancelled),
        };
        let id = id.map_err(|error| ActionError::Failed(error.to_string()))?;
        scm.record(&audit).await.map_err(failed)?;
        context.log(format!("{vault} has the secret {name}"));
        Ok(output(&id))
    }
}

impl KeyVaultSecretCreate {
    /// The vault of the input, when secrets may be set there.
    fn vault(&self, context: &ActionContext) -> Result<Url, ActionError> {
        let address = match (context.text("vaultUrl"), context.text("vaultName")) {
            (Some(url), None) => url.trim_end_matches('/').to_lowercase(),
            (None, Some(name)) => format!("https://{}{}", name.to_lowercase(), CLOUDS[0]),
            _ => {
                return Err(ActionError::Input(
                    "input: write either vaultUrl or vaultName".to_owned(),
                ));
            }
        };
        let wrong = |why: &str| ActionError::Input(format!("input.vaultUrl: {address} {why}"));
        let url = Url::parse(&address).map_err(|error| wrong(&format!("is no URL: {error}")))?;
        let allowed = &self.0.integrations.key_vault_config().allowed_vaults;
        if allowed.contains(&address) {
            return Ok(url);
        }
        if !allowed.is_empty() {
            return Err(wrong("is not in integrations.azureKeyVault.allowedVaults"));
        }
        let host = url.host_str().unwrap_or_default();
        let is_plain = url.path() == "/" && url.port().is_none() && url.username().is_empty();
        let in_azure = CLOUDS.iter().any(|cloud| host.ends_with(cloud));
        if url.scheme() != "https" || !is_plain || !in_azure {
            return Err(wrong("is not a vault; write https://NAME.vault.azure.net"));
        }
        Ok(url)
    }
}

/// Refuses a value that is written in the template, or is from parameters, which are kept.
fn check_value(context: &ActionContext, value: &str) -> Result<(), ActionError> {
    if !context.is_secret(value) {
        return Err(ActionError::Input(
            "input.secretValue has to be ${{ secrets.NAME }}, and of 3 characters or more: \
             nothing else is kept out of logs and the database"
                .to_owned(),
        ));
    }
    if value.len() > MAX_VALUE {
        return Err(ActionError::Input(format!(
            "input.secretValue has more than {MAX_VALUE} bytes"
        )));
    }
    Ok(())
}

/// What is put out of a version's address.
fn output(id: &str) -> Map<String, Value> {
    let (secret, version) = id.rsplit_once('/').unwrap_or((id, ""));
    fields(json!({"secretId": id, "secretUri": secret, "version": version}))
}
