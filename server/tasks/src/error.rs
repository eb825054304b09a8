//! Why a call about tasks did not do what was asked.

use portico_access::{Denied, Failure, FailureKind};
use portico_catalog::{CatalogError, store_failure};
use portico_plugins::PluginError;
use portico_scm::ScmError;
use portico_store::StoreError;
use serde::Serialize;

/// An error of a call about tasks.
#[derive(Debug, thiserror::Error)]
pub enum TasksError {
    /// The caller lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The template, task or action does not exist.
    #[error("{0} was not found")]
    NotFound(String),
    /// The request itself is wrong; the text says what and how to fix it.
    #[error("{0}")]
    Input(String),
    /// What the form gave does not satisfy the template.
    #[error("{}", listed(.0))]
    Values(Vec<ValueProblem>),
    /// The template cannot run here: it is wrong, or an action is missing.
    #[error("template {template} cannot run here: {reason}")]
    Template {
        /// The template.
        template: String,
        /// What is wrong with it, or missing.
        reason: String,
    },
    /// The task is not in a state for this.
    #[error("{0}")]
    Conflict(String),
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The plugins failed.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// Source control did not do what was asked.
    #[error(transparent)]
    Scm(#[from] ScmError),
    /// The database failed.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// The folder of a task cannot be used.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// What happened.
        #[source]
        error: std::io::Error,
    },
    /// A stored row is not what was written: a bug, a damaged database, or another key.
    #[error("inconsistent data for {what}: {detail}")]
    Inconsistent {
        /// Which row.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// Something wrong with a value of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValueProblem {
    /// Where, as in `name` or `tags[1]`; `secrets.token` for a secret.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// Shorthand for results of calls about tasks.
pub type Result<T, E = TasksError> = std::result::Result<T, E>;

impl Failure for TasksError {
    fn kind(&self) -> FailureKind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NotFound(_) => FailureKind::NotFound,
            Self::Input(_) | Self::Values(_) | Self::Template { .. } => FailureKind::Invalid,
            Self::Conflict(_) => FailureKind::Conflict,
            Self::Catalog(error) => error.kind(),
            Self::Plugin(error) => error.kind(),
            Self::Scm(error) => error.kind(),
            Self::Store(error) => store_failure(error),
            Self::Io { .. } | Self::Inconsistent { .. } => FailureKind::Internal,
        }
    }

    fn denied(&self) -> Option<&Denied> {
        match self {
            Self::Denied(denied) => Some(denied),
            Self::Catalog(error) => error.denied(),
            Self::Plugin(error) => error.denied(),
            Self::Scm(error) => error.denied(),
            _ => None,
        }
    }
}

impl TasksError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        |error| Self::Io { what, error }
    }

    pub(crate) fn inconsistent(what: impl Into<String>, detail: impl ToString) -> Self {
        Self::Inconsistent {
            what: what.into(),
            detail: detail.to_string(),
        }
    }
}

fn listed(problems: &[ValueProblem]) -> String {
    let texts = problems.iter().map(|it| match it.field.as_str() {
        "" => it.message.clone(),
        field => format!("{field}: {}", it.message),
    });
    texts.collect::<Vec<_>>().join("; ")
}
