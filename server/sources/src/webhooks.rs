//! Incoming webhooks: is it really the host, and what changed.
//!
//! Pure functions of headers and body; the HTTP layer hands them over.

mod azure_devops;
mod github;

pub use azure_devops::azure_devops;
pub use github::github;

/// Why a webhook is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature or password is missing or wrong (401).
    #[error(
        "the webhook is not signed with the configured secret; set {key} to the secret that the host has"
    )]
    Unauthorized {
        /// The configuration key to compare.
        key: &'static str,
    },
    /// The body is not what the host sends (400).
    #[error("the webhook's body cannot be understood: {0}")]
    Malformed(String),
}

/// The branch or tag of a full reference: `refs/heads/main` is `main`.
fn short(reference: &str) -> &str {
    let branch = reference.strip_prefix("refs/heads/");
    branch
        .or_else(|| reference.strip_prefix("refs/tags/"))
        .unwrap_or(reference)
}
