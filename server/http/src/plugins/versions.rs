//! `/api/plugins/versions/{digest}/…`: what reviewers do with a version.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use portico_plugins::Approval;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
};

/// Why something was decided.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Reason {
    /// For the author and the audit log.
    reason: String,
}

/// Something to say.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CommentBody {
    /// In Markdown.
    body: String,
}

/// Approve a version
///
/// With grants, limits and configuration. It does not run before it is activated. Approving
/// an approved version again changes them.
#[utoipa::path(
    post,
    path = "/api/plugins/versions/{digest}/approve",
    tag = "plugins",
    params(("digest" = String, Path, description = "The version's digest")),
    request_body = Object,
    responses((status = 204, description = "Approved")),
)]
pub(super) async fn approve(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(digest): Path<String>,
    JsonBody(approval): JsonBody<Approval>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.approve(&who, &digest, approval).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reject a version
#[utoipa::path(
    post,
    path = "/api/plugins/versions/{digest}/reject",
    tag = "plugins",
    params(("digest" = String, Path, description = "The version's digest")),
    request_body = Reason,
    responses((status = 204, description = "Rejected")),
)]
pub(super) async fn reject(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(digest): Path<String>,
    JsonBody(Reason { reason }): JsonBody<Reason>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.reject(&who, &digest, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revoke a version
///
/// It stops on all replicas, and can never run again.
#[utoipa::path(
    post,
    path = "/api/plugins/versions/{digest}/revoke",
    tag = "plugins",
    params(("digest" = String, Path, description = "The version's digest")),
    request_body = Reason,
    responses((status = 204, description = "Revoked")),
)]
pub(super) async fn revoke(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(digest): Path<String>,
    JsonBody(Reason { reason }): JsonBody<Reason>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.revoke(&who, &digest, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Activate a version
///
/// Calls that run end on the version they began on.
#[utoipa::path(
    post,
    path = "/api/plugins/versions/{digest}/activate",
    tag = "plugins",
    params(("digest" = String, Path, description = "The version's digest")),
    responses((status = 204, description = "It runs; on other replicas within a second or so")),
)]
pub(super) async fn activate(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(digest): Path<String>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.activate(&who, &digest).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Comment on a version
#[utoipa::path(
    post,
    path = "/api/plugins/versions/{digest}/comments",
    tag = "plugins",
    params(("digest" = String, Path, description = "The version's digest")),
    request_body = CommentBody,
    responses((status = 204, description = "Kept")),
)]
pub(super) async fn comment(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(digest): Path<String>,
    JsonBody(CommentBody { body }): JsonBody<CommentBody>,
) -> Result<StatusCode, ApiError> {
    state.plugins()?.comment(&who, &digest, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
