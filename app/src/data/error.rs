//! Why a page could not get its data, in words for the person reading it.

use std::fmt;

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::codec::TextJson;

/// An error of a server function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiError {
    /// What kind of error it is.
    pub kind: UiErrorKind,
    /// What happened, in one sentence.
    pub message: String,
}

/// The kinds pages treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UiErrorKind {
    /// Nobody is signed in.
    SignedOut,
    /// The person may not do this.
    Denied,
    /// What was asked for does not exist.
    NotFound,
    /// What was sent is not acceptable.
    Invalid,
    /// The server failed, or could not be reached.
    Failed,
}

impl UiError {
    /// A failure of the server itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self {
            kind: UiErrorKind::Failed,
            message: message.into(),
        }
    }

    /// Something the person sent is not acceptable.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            kind: UiErrorKind::Invalid,
            message: message.into(),
        }
    }
}

impl fmt::Display for UiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UiError {}

impl FromServerFnError for UiError {
    type Encoder = TextJson;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::internal(error.to_string())
    }
}

#[cfg(feature = "ssr")]
impl From<portico_catalog::CatalogError> for UiError {
    fn from(error: portico_catalog::CatalogError) -> Self {
        use portico_catalog::CatalogError;

        let kind = match &error {
            CatalogError::Denied(denied) if denied.anonymous => UiErrorKind::SignedOut,
            CatalogError::Denied(_) => UiErrorKind::Denied,
            CatalogError::NotFound(_) => UiErrorKind::NotFound,
            CatalogError::Input(_) | CatalogError::Conflict(_) | CatalogError::Read(_) => {
                UiErrorKind::Invalid
            }
            CatalogError::Store(_) | CatalogError::Inconsistent { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "page data failed");
                UiErrorKind::Failed
            }
        };
        let message = match kind {
            UiErrorKind::SignedOut => "You are not signed in, or no longer.".to_owned(),
            _ => error.to_string(),
        };
        Self { kind, message }
    }
}

#[cfg(feature = "ssr")]
impl From<portico_identity::IdentityError> for UiError {
    fn from(error: portico_identity::IdentityError) -> Self {
        use portico_catalog::CatalogError;
        use portico_identity::IdentityError;

        match error {
            IdentityError::Denied(denied) => CatalogError::from(denied).into(),
            IdentityError::NotFound(what) => CatalogError::NotFound(what).into(),
            IdentityError::Input(message) | IdentityError::Conflict(message) => {
                Self::invalid(message)
            }
            IdentityError::Catalog(error) => error.into(),
            IdentityError::Store(error) => CatalogError::from(error).into(),
            IdentityError::Crypto(_) => Self::internal(error.to_string()),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<portico_plugins::PluginError> for UiError {
    fn from(error: portico_plugins::PluginError) -> Self {
        use portico_plugins::PluginError;

        let kind = match error {
            PluginError::Denied(denied) => {
                return portico_catalog::CatalogError::from(denied).into();
            }
            PluginError::Catalog(error) => return error.into(),
            PluginError::Store(error) => {
                return portico_catalog::CatalogError::from(error).into();
            }
            PluginError::NotFound(_) => UiErrorKind::NotFound,
            PluginError::Input(_)
            | PluginError::Registry(_)
            | PluginError::Conflict(_)
            | PluginError::Refused(_)
            | PluginError::Load(_) => UiErrorKind::Invalid,
            PluginError::Inconsistent { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "page data failed");
                UiErrorKind::Failed
            }
        };
        Self {
            kind,
            message: error.to_string(),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<portico_scm::ScmError> for UiError {
    fn from(error: portico_scm::ScmError) -> Self {
        use portico_catalog::CatalogError;
        use portico_scm::ScmError;

        let kind = match error {
            ScmError::Denied(denied) => return CatalogError::from(denied).into(),
            ScmError::Catalog(error) => return error.into(),
            ScmError::Store(error) => return CatalogError::from(error).into(),
            ScmError::NotFound(_) => UiErrorKind::NotFound,
            ScmError::Invalid(_) | ScmError::TooLarge { .. } | ScmError::Conflict { .. } => {
                UiErrorKind::Invalid
            }
            ScmError::Refused(_)
            | ScmError::Unavailable(_)
            | ScmError::Git { .. }
            | ScmError::Io { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "page data failed");
                UiErrorKind::Failed
            }
        };
        Self {
            kind,
            message: error.to_string(),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<portico_tasks::TasksError> for UiError {
    fn from(error: portico_tasks::TasksError) -> Self {
        use portico_catalog::CatalogError;
        use portico_tasks::TasksError;

        let kind = match error {
            TasksError::Denied(denied) => return CatalogError::from(denied).into(),
            TasksError::Catalog(error) => return error.into(),
            TasksError::Plugin(error) => return error.into(),
            TasksError::Scm(error) => return error.into(),
            TasksError::Store(error) => return CatalogError::from(error).into(),
            TasksError::NotFound(_) => UiErrorKind::NotFound,
            TasksError::Input(_)
            | TasksError::Values(_)
            | TasksError::Template { .. }
            | TasksError::Conflict(_) => UiErrorKind::Invalid,
            TasksError::Io { .. } | TasksError::Inconsistent { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "page data failed");
                UiErrorKind::Failed
            }
        };
        Self {
            kind,
            message: error.to_string(),
        }
    }
}
