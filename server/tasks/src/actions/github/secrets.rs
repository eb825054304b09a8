//! Secrets and variables of repositories and environments. A secret leaves this process sealed
//! for GitHub's key only.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use portico_integrations::{Method, StatusCode, encode_segment, github::GitHubCall};
use portico_scm::{GitHubClient, ScmError};
use serde_json::{Map, Value, json};

/// Where secrets are put, and what that needs.
pub(super) struct Kept<'a> {
    /// `/actions`, or `/environments/NAME`.
    pub(super) place: &'a str,
    pub(super) secrets_need: &'a str,
    pub(super) variables_need: &'a str,
}

/// Of the repository.
pub(super) const OF_REPOSITORY: Kept<'static> = Kept {
    place: "/actions",
    secrets_need: "Secrets: write",
    variables_need: "Variables: write",
};

impl Kept<'_> {
    /// Puts every secret; one that is there gets the new value.
    pub(super) async fn put_secrets(
        &self,
        client: &GitHubClient<'_>,
        secrets: &Map<String, Value>,
    ) -> Result<(), ScmError> {
        if secrets.is_empty() {
            return Ok(());
        }
        let Self {
            place,
            secrets_need,
            ..
        } = self;
        let key = client
            .get(&format!("{place}/secrets/public-key"), secrets_need)
            .await?;
        for (name, value) in secrets {
            let body = json!({
                "encrypted_value": seal(&key, &plain(value))?,
                "key_id": key["key_id"],
            });
            let path = format!("{place}/secrets/{}", encode_segment(name));
            client.put(&path, &body, secrets_need).await?;
        }
        Ok(())
    }

    /// Puts every variable; one that is there gets the new value.
    pub(super) async fn put_variables(
        &self,
        client: &GitHubClient<'_>,
        variables: &Map<String, Value>,
    ) -> Result<(), ScmError> {
        let Self {
            place,
            variables_need,
            ..
        } = self;
        for (name, value) in variables {
            let body = json!({"name": name, "value": plain(value)});
            let path = client.path(&format!("{place}/variables"));
            let call = GitHubCall::new(Method::POST, path).json(&body);
            let answer = client.ask(call).await?;
            if answer.status == StatusCode::CONFLICT {
                let path = format!("{place}/variables/{}", encode_segment(name));
                client.patch(&path, &body, variables_need).await?;
            } else if !answer.status.is_success() {
                return Err(client.refused(&answer, variables_need));
            }
        }
        Ok(())
    }
}

/// Seals a text for a key as GitHub gives it.
fn seal(key: &Value, text: &str) -> Result<String, ScmError> {
    let unusable = || ScmError::Unavailable("the host's key for secrets is not usable".to_owned());
    let key = STANDARD.decode(key["key"].as_str().unwrap_or_default());
    let key = key.map_err(|_| unusable())?;
    let key = PublicKey::from_slice(&key).map_err(|_| unusable())?;
    let sealed = key.seal(&mut OsRng, text.as_bytes());
    sealed.map(|it| STANDARD.encode(it)).map_err(|_| unusable())
}

/// A value as text.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
