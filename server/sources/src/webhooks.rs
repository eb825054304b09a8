//! Incoming webhooks: is it really the host, and what changed.
//!
//! Pure functions of headers and body; the HTTP layer hands them over.

use portico_config::Secret;

use crate::change::Change;

/// Why a webhook is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature or password is missing or wrong (401).
    #[error("the webhook is not signed with the configured secret; set {key} to the secret that the host has")]
    Unauthorized {
        /// The configuration key to compare.
        key: &'static str,
    },
    /// The body is not what the host sends (400).
    #[error("the webhook's body cannot be understood: {0}")]
    Malformed(String),
}

/// Checks `X-Hub-Signature-256` over the raw body and reads what a GitHub `X-GitHub-Event` changed.
/// Events other than `push` change nothing.
pub fn github(
    secret: &Secret,
    signature: Option<&str>,
    event: Option<&str>,
    body: &[u8],
) -> Result<Vec<Change>, WebhookError> {
    let _ = (secret, signature, event, body);
    Err(WebhookError::Malformed("not built yet".to_owned()))
}

/// Checks the `Authorization: Basic` header and reads what an Azure DevOps service hook changed.
/// Events other than `git.push` change nothing.
pub fn azure_devops(
    username: &str,
    password: &Secret,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<Vec<Change>, WebhookError> {
    let _ = (username, password, authorization, body);
    Err(WebhookError::Malformed("not built yet".to_owned()))
}
