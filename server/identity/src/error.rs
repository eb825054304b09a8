//! What can go wrong in sign-in.

use portico_access::{Denied, Failure, FailureKind};
use portico_catalog::{CatalogError, store_failure};
use portico_store::StoreError;

/// Why sign-in did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The caller lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The thing asked for does not exist, or the caller may not know that it does.
    #[error("{0} was not found")]
    NotFound(String),
    /// The request itself is wrong; the text says what and how to fix it.
    #[error("{0}")]
    Input(String),
    /// The request is fine but collides with what is there.
    #[error("{0}")]
    Conflict(String),
    /// The catalog refused or failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The database failed.
    #[error("the database of sessions and tokens failed")]
    Store(#[from] StoreError),
    /// Encryption failed, or there were no random numbers.
    #[error("cryptography failed: {0}")]
    Crypto(&'static str),
}

/// Shorthand for results of this crate.
pub type Result<T, E = IdentityError> = std::result::Result<T, E>;

impl Failure for IdentityError {
    fn kind(&self) -> FailureKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NotFound(_) => FailureKind::NotFound,
            Self::Input(_) => FailureKind::Invalid,
            Self::Conflict(_) => FailureKind::Conflict,
            Self::Catalog(error) => error.kind(),
            Self::Store(error) => store_failure(error),
            Self::Crypto(_) => FailureKind::Internal,
        }
    }

    fn denied(&self) -> Option<&Denied> {
        match self {
            Self::Denied(denied) => Some(denied),
            Self::Catalog(error) => error.denied(),
            _ => None,
        }
    }
}
