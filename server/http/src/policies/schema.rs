//! `GET /api/policies/schema`

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};

use crate::{AppState, error::ApiError, extract::Caller};

/// The schema of policies
///
/// Who and what policies can be about, in Cedar's schema language, for editors and tests.
#[utoipa::path(
    get,
    path = "/api/policies/schema",
    tag = "policies",
    responses((status = 200, description = "The schema", body = String, content_type = "text/plain")),
)]
pub(super) async fn policy_schema(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    let schema = state.permissions().schema(&who)?;
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        schema,
    )
        .into_response())
}
