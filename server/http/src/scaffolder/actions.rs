//! `GET /api/scaffolder/v2/actions`

use axum::{extract::State, response::Response};

use crate::{AppState, error::ApiError, extract::Caller, json};

/// The actions of templates
///
/// What steps of templates can do here, plugins included: description, schemas, examples.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/actions",
    tag = "scaffolder",
    responses((status = 200, description = "The actions, by id", body = Vec<Object>)),
)]
pub(super) async fn actions(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.tasks()?.actions(&who).await?)
}
