//! What can go wrong between here and a registry.

use std::error::Error;

use oci_client::errors::{OciDistributionError, OciErrorCode};

/// Why a plugin was not fetched from a registry, or not put there.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// What was written names nothing.
    #[error(
        "\"{text}\" names no plugin in a registry ({reason}): write \
         registry.example.com/repository@sha256:…"
    )]
    Reference {
        /// What was written.
        text: String,
        /// Why it is none.
        reason: String,
    },
    /// A tag can be moved after somebody looked at what it names.
    #[error("{reference} can become another file: hand in {pinned}, which is what it names now")]
    NotPinned {
        /// What was written.
        reference: String,
        /// The same with the digest it has now.
        pinned: String,
    },
    /// The platform team has not listed the registry.
    #[error("this portal does not fetch plugins from {host}: {}", listed(.known))]
    UnknownRegistry {
        /// The registry.
        host: String,
        /// Those that are listed.
        known: Vec<String>,
    },
    /// It does not know us, or does not let us.
    #[error("{host} does not let this in: check the user name and the password for it")]
    Denied {
        /// The registry.
        host: String,
    },
    /// There is nothing under this name.
    #[error("{reference} is not in its registry")]
    NotFound {
        /// What was asked for.
        reference: String,
    },
    /// What came is not what the digest names.
    #[error("what the registry sent for {reference} does not have the digest it should have")]
    Digest {
        /// What was asked for.
        reference: String,
    },
    /// It is an artifact of another kind.
    #[error("{reference} is no plugin: {reason}; `portico plugin push` makes one")]
    NotAPlugin {
        /// What was asked for.
        reference: String,
        /// What it is instead.
        reason: String,
    },
    /// It is larger than a plugin may be.
    #[error("{reference} is larger than the {limit} bytes a plugin may have")]
    TooLarge {
        /// What was asked for.
        reference: String,
        /// The most that is accepted.
        limit: usize,
    },
    /// The registry does not answer as registries do.
    #[error("{host} did not do its part: {reason}")]
    Unavailable {
        /// The registry.
        host: String,
        /// What happened. Never what it sent: that could come from anywhere.
        reason: String,
    },
}

impl RegistryError {
    /// Whether the other side is to blame, and trying again may help.
    pub fn is_upstream(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(super) fn reference(text: &str, reason: impl ToString) -> Self {
        Self::Reference {
            text: text.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(super) fn unavailable(host: &str, error: &OciDistributionError) -> Self {
        let mut reason = match error {
            // What the other side wrote is not repeated.
            OciDistributionError::ServerError { code, .. } => format!("it answered with {code}"),
            OciDistributionError::RegistryError { .. } => "it answered with an error".to_owned(),
            OciDistributionError::RequestError(error) => request(error),
            _ => "its answer is not that of a registry".to_owned(),
        };
        reason.push_str("; try again later");
        Self::Unavailable {
            host: host.to_owned(),
            reason,
        }
    }

    /// What the client says, in our words.
    pub(super) fn of(error: &OciDistributionError, reference: &oci_client::Reference) -> Self {
        let host = || reference.registry().to_owned();
        let named = || reference.whole();
        match error {
            OciDistributionError::UnauthorizedError { .. }
            | OciDistributionError::AuthenticationFailure(_)
            | OciDistributionError::ServerError {
                code: 401 | 403, ..
            } => Self::Denied { host: host() },
            OciDistributionError::ServerError { code: 404, .. }
            | OciDistributionError::ImageManifestNotFoundError(_) => {
                Self::NotFound { reference: named() }
            }
            OciDistributionError::RegistryError { envelope, .. } => {
                match envelope.errors.first().map(|it| &it.code) {
                    Some(OciErrorCode::Unauthorized | OciErrorCode::Denied) => {
                        Self::Denied { host: host() }
                    }
                    Some(
                        OciErrorCode::BlobUnknown
                        | OciErrorCode::ManifestUnknown
                        | OciErrorCode::ManifestBlobUnknown
                        | OciErrorCode::NameUnknown
                        | OciErrorCode::NotFound,
                    ) => Self::NotFound { reference: named() },
                    _ => Self::unavailable(reference.registry(), error),
                }
            }
            OciDistributionError::DigestError(_) => Self::Digest { reference: named() },
            OciDistributionError::ImageIndexParsingNoPlatformResolverError
            | OciDistributionError::UnsupportedMediaTypeError(_)
            | OciDistributionError::UnsupportedSchemaVersionError(_)
            | OciDistributionError::ManifestParsingError(_)
            | OciDistributionError::VersionedParsingError(_) => Self::NotAPlugin {
                reference: named(),
                reason: "it has no manifest of one file".to_owned(),
            },
            other => Self::unavailable(reference.registry(), other),
        }
    }
}

fn request(error: &impl Error) -> String {
    let mut last: &dyn Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    format!("it cannot be reached ({last})")
}

fn listed(known: &[String]) -> String {
    match known {
        [] => "none is listed under plugins.registries".to_owned(),
        known => format!(
            "those of plugins.registries are {}; ask the platform team for another",
            known.join(", ")
        ),
    }
}
