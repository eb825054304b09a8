//! What can go wrong in a plugin service call.

use portico_access::{Denied, Failure, FailureKind};
use portico_catalog::{CatalogError, store_failure};
use portico_plugin_host::LoadError;
use portico_plugin_package::Report;
use portico_store::StoreError;

use crate::registry::RegistryError;

/// Why a service call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// The caller lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The thing asked for does not exist.
    #[error("{0} was not found")]
    NotFound(String),
    /// The request itself is wrong; the text says what and how to fix it.
    #[error("{0}")]
    Input(String),
    /// The request is fine but collides with what is there.
    #[error("{0}")]
    Conflict(String),
    /// What was handed in cannot be a plugin here.
    #[error("{}", refusal(.0))]
    Refused(Box<Report>),
    /// It was not fetched from a registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The component cannot be loaded with what it was granted.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The catalog did not do its part.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The database failed.
    #[error("the plugin database failed")]
    Store(#[from] StoreError),
    /// A stored row is not what was written: a bug or a damaged database.
    #[error("inconsistent data for {what}: {detail}")]
    Inconsistent {
        /// Which row.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// Shorthand for results of plugin services.
pub type Result<T, E = PluginError> = std::result::Result<T, E>;

impl Failure for PluginError {
    fn kind(&self) -> FailureKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NotFound(_) => FailureKind::NotFound,
            Self::Registry(error) if error.is_upstream() => FailureKind::Upstream,
            Self::Input(_) | Self::Registry(_) => FailureKind::Invalid,
            Self::Conflict(_) => FailureKind::Conflict,
            Self::Load(LoadError::Internal { .. }) | Self::Inconsistent { .. } => {
                FailureKind::Internal
            }
            Self::Refused(_) | Self::Load(_) => FailureKind::Refused,
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

fn refusal(report: &Report) -> String {
    let mut text = "this file cannot be accepted".to_owned();
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == portico_plugin_package::Severity::Error);
    for finding in errors {
        text.push_str(": ");
        text.push_str(&finding.message);
        if !finding.help.is_empty() {
            text.push_str(" (");
            text.push_str(&finding.help);
            text.push(')');
        }
    }
    text
}
