//! `GET /api/policies/versions[/{number}]`

use axum::{
    extract::{Path, State},
    response::Response,
};

use crate::{AppState, error::ApiError, extract::Caller, json};

/// Versions of the policies
///
/// Newest first; 0 is Portico's defaults.
#[utoipa::path(
    get,
    path = "/api/policies/versions",
    tag = "policies",
    responses((status = 200, description = "The versions", body = Vec<Object>)),
)]
pub(super) async fn policy_versions(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.permissions().versions(&who).await?)
}

/// One version of the policies
#[utoipa::path(
    get,
    path = "/api/policies/versions/{number}",
    tag = "policies",
    params(("number" = i64, Path, description = "The version's number", example = 0)),
    responses((status = 200, description = "The version", body = Object)),
)]
pub(super) async fn policy_version(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(number): Path<i64>,
) -> Result<Response, ApiError> {
    json::from_value(&state.permissions().version(&who, number).await?)
}
