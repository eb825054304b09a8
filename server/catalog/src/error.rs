//! What can go wrong in a catalog service call.

use portico_access::{Denied, Failure, FailureKind};
use portico_sources::ReadError;
use portico_store::StoreError;

/// Why a service call did not do what was asked.
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
    Read(#[from] ReadError),
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

impl Failure for CatalogError {
    fn kind(&self) -> FailureKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NotFound(_) => FailureKind::NotFound,
            Self::Conflict(_) => FailureKind::Conflict,
            Self::Read(
                ReadError::RateLimited { .. }
                | ReadError::Timeout { .. }
                | ReadError::Failed { .. },
            ) => FailureKind::Upstream,
            Self::Input(_) | Self::Read(_) => FailureKind::Invalid,
            Self::Store(error) => store_failure(error),
            Self::Inconsistent { .. } => FailureKind::Internal,
        }
    }

    fn denied(&self) -> Option<&Denied> {
        match self {
            Self::Denied(denied) => Some(denied),
            _ => None,
        }
    }
}

/// What a failure of the database means to callers of any service.
pub fn store_failure(error: &StoreError) -> FailureKind {
    match error {
        StoreError::Driver(_) => FailureKind::Unavailable,
        _ => FailureKind::Internal,
    }
}
