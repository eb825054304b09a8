//! What can go wrong in sign-in.

use portico_access::Denied;
use portico_catalog::CatalogError;
use portico_store::StoreError;

/// Why sign-in did not do what was asked. The HTTP edge maps each variant to one status.
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
