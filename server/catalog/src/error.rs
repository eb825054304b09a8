//! What can go wrong in a catalog service call.

use portico_access::Denied;
use portico_store::StoreError;

/// Why a service call did not do what was asked. The HTTP edge maps each
/// variant to one status; the UI maps each to one message.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
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
    /// A catalog file could not be read.
    #[error(transparent)]
    Read(#[from] portico_sources::ReadError),
    /// The database failed.
    #[error("the catalog database failed")]
    Store(#[from] StoreError),
    /// A stored document is not what was written: a bug or a damaged database.
    #[error("inconsistent data for {what}: {detail}")]
    Inconsistent {
        /// Which row.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// Shorthand for results of catalog services.
pub type Result<T, E = CatalogError> = std::result::Result<T, E>;
