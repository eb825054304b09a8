//! `/api/scm`: repositories that Portico keeps itself, and changes proposed to them.

mod change_requests;
mod files;
mod repositories;
mod schemas;
mod settle;

use portico_catalog::CatalogError;
use portico_scm::ScmError;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(repositories::repositories))
        .routes(routes!(repositories::repository))
        .routes(routes!(files::read_file))
        .routes(routes!(files::read_folder))
        .routes(routes!(files::find_files))
        .routes(routes!(change_requests::change_requests))
        .routes(routes!(change_requests::change_request))
        .routes(routes!(settle::merge_change_request))
        .routes(routes!(settle::close_change_request))
}

/// What services call the repository that a path names.
fn local(name: &str) -> String {
    format!("local:{name}")
}

impl From<ScmError> for ApiError {
    fn from(error: ScmError) -> Self {
        match error {
            ScmError::Denied(denied) => CatalogError::Denied(denied).into(),
            ScmError::NotFound(what) => Self::NotFound(what),
            ScmError::Invalid(_) | ScmError::TooLarge { .. } => Self::input(error),
            ScmError::Conflict { reason, .. } => CatalogError::Conflict(reason).into(),
            ScmError::Unavailable(_) => {
                tracing::error!("{error}");
                Self::Unavailable("git does not answer; the server's log says why")
            }
            ScmError::Refused(_) => {
                tracing::error!("{error}");
                Self::Unavailable("the host refuses Portico; the server's log says why")
            }
            ScmError::Catalog(error) => error.into(),
            ScmError::Store(error) => CatalogError::Store(error).into(),
            ScmError::Git { .. } | ScmError::Io { .. } => Self::Internal(error.to_string()),
        }
    }
}
