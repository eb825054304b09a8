//! `POST /api/policies/check`

use axum::{extract::State, response::Response};
use serde_json::json;

use super::Draft;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// Check policies
///
/// What is wrong with them, and where; nothing when they could be put in force.
#[utoipa::path(
    post,
    path = "/api/policies/check",
    tag = "policies",
    request_body = Draft,
    responses((status = 200, description = "An object with `problems`: line, column, policy and message of each", body = Object)),
)]
pub(super) async fn check_policies(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<Response, ApiError> {
    let problems = state.permissions().check(&who, &draft.text)?;
    json::from_value(&json!({"problems": problems}))
}
