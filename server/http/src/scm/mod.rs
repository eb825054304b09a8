//! `/api/scm`: repositories that Portico keeps itself, and changes proposed to them.

mod change_requests;
mod files;
mod repositories;
mod schemas;
mod settle;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

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
