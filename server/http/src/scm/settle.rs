//! `POST /api/scm/repositories/{name}/change-requests/{number}/merge` and `…/close`

use axum::{extract::State, response::Response};

use super::{local, schemas::ChangeRequest};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Segments},
    json,
    problem::ProblemBody,
};

/// Merge a change request
///
/// For owners of the repository and administrators. Makes a merge commit on the base branch.
#[utoipa::path(
    post,
    path = "/api/scm/repositories/{name}/change-requests/{number}/merge",
    tag = "source control",
    params(
        ("name" = String, Path, description = "Name of the repository", example = "orders-api"),
        ("number" = i64, Path, description = "Number in the repository", example = 1),
    ),
    responses(
        (status = 200, description = "The change request, merged", body = ChangeRequest),
        (status = 403, description = "The caller neither owns the repository nor administers", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository or change request", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "It is merged or closed already, or the base branch changed the same places: the detail names the files", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn merge_change_request(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((name, number)): Segments<(String, i64)>,
) -> Result<Response, ApiError> {
    let merged = state.scm()?.merge(&who, &local(&name), number).await?;
    json::from_value(&ChangeRequest::from(merged))
}

/// Close a change request
///
/// For owners of the repository and administrators. Nothing is merged, and the branch stays.
#[utoipa::path(
    post,
    path = "/api/scm/repositories/{name}/change-requests/{number}/close",
    tag = "source control",
    params(
        ("name" = String, Path, description = "Name of the repository", example = "orders-api"),
        ("number" = i64, Path, description = "Number in the repository", example = 1),
    ),
    responses(
        (status = 200, description = "The change request, closed", body = ChangeRequest),
        (status = 403, description = "The caller neither owns the repository nor administers", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository or change request", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "It is merged or closed already", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn close_change_request(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((name, number)): Segments<(String, i64)>,
) -> Result<Response, ApiError> {
    let closed = state.scm()?.close(&who, &local(&name), number).await?;
    json::from_value(&ChangeRequest::from(closed))
}
