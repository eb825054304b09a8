//! Why source control did not do what was asked.

use portico_access::{Denied, Failure, FailureKind};
use portico_catalog::{CatalogError, store_failure};
use portico_store::StoreError;

/// An error of a source control call.
#[derive(Debug, thiserror::Error)]
pub enum ScmError {
    /// The caller lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The repository, branch or change request does not exist.
    #[error("{0} was not found")]
    NotFound(String),
    /// The request itself is wrong; the text says what and how to fix it.
    #[error("{0}")]
    Invalid(String),
    /// More than Portico reads or writes at once.
    #[error("{what} is larger than {limit}")]
    TooLarge {
        /// What is too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
    /// It exists already, or has changed since it was read.
    #[error("{reason}")]
    Conflict {
        /// What collides, and what to do about it.
        reason: String,
        /// The files that cannot be merged; empty when it is not about files.
        files: Vec<String>,
    },
    /// The host refuses what Portico signs in with: the text says which key of the configuration
    /// to set, or which permission to grant. Another try changes nothing.
    #[error("{0}")]
    Refused(String),
    /// The host did not answer, or not in time. Worth another try.
    #[error("{0}")]
    Unavailable(String),
    /// Git failed in a way that is nobody's mistake: a damaged repository, a full disk.
    #[error("git {command} failed: {complaint}")]
    Git {
        /// The subcommand.
        command: String,
        /// The first thing it said.
        complaint: String,
    },
    /// A file of the server could not be read or written.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// What happened.
        #[source]
        error: std::io::Error,
    },
    /// The catalog, which knows who owns a repository, failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The database failed.
    #[error("the database failed")]
    Store(#[from] StoreError),
}

/// Shorthand for results of source control.
pub type Result<T, E = ScmError> = std::result::Result<T, E>;

impl Failure for ScmError {
    fn kind(&self) -> FailureKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NotFound(_) => FailureKind::NotFound,
            Self::Invalid(_) | Self::TooLarge { .. } => FailureKind::Invalid,
            Self::Conflict { .. } => FailureKind::Conflict,
            Self::Refused(_) | Self::Unavailable(_) => FailureKind::Upstream,
            Self::Git { .. } | Self::Io { .. } => FailureKind::Internal,
            Self::Catalog(error) => error.kind(),
            Self::Store(error) => store_failure(error),
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

impl ScmError {
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid(reason.into())
    }

    /// A collision that is not about the content of files.
    pub(crate) fn conflict(reason: impl Into<String>) -> Self {
        Self::Conflict {
            reason: reason.into(),
            files: Vec::new(),
        }
    }

    pub(crate) fn too_large(what: impl Into<String>, limit: impl Into<String>) -> Self {
        Self::TooLarge {
            what: what.into(),
            limit: limit.into(),
        }
    }

    /// For `map_err`: an I/O error with what was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        |error| Self::Io { what, error }
    }
}
