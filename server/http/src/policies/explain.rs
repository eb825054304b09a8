//! `POST /api/policies/explain`

use axum::{extract::State, response::Response};
use portico_permissions::Question;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// Why can X do Y to Z?
///
/// Whether somebody may do something, the policies that decide, and what is known of them.
/// `principal`, `action` and `resource` are named as in the audit log; with `text` other
/// policies than those in force are asked.
#[utoipa::path(
    post,
    path = "/api/policies/explain",
    tag = "policies",
    request_body = Object,
    responses((status = 200, description = "The answer", body = Object)),
)]
pub(super) async fn explain(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(question): JsonBody<Question>,
) -> Result<Response, ApiError> {
    json::from_value(&state.permissions().explain(&who, &question).await?)
}
