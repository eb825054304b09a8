//! `POST /api/policies/simulate`

use axum::{extract::State, response::Response};

use super::Draft;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// Try policies on the past
///
/// Asks the last 1,000 decisions of the audit log again: which would be decided otherwise,
/// and who would see another number of entities. Nothing changes.
#[utoipa::path(
    post,
    path = "/api/policies/simulate",
    tag = "policies",
    request_body = Draft,
    responses((status = 200, description = "What would be different", body = Object)),
)]
pub(super) async fn simulate(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<Response, ApiError> {
    json::from_value(&state.permissions().simulate(&who, &draft.text).await?)
}
