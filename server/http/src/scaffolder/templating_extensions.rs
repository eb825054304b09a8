//! `GET /api/scaffolder/v2/templating-extensions`

use axum::{extract::State, response::Response};

use crate::{AppState, error::ApiError, extract::Caller, json};

/// Filters and functions of templates
///
/// What expressions can use here beside the words of the language itself.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/templating-extensions",
    tag = "scaffolder",
    responses((status = 200, description = "Filters and globals, by name", body = Object)),
)]
pub(super) async fn templating_extensions(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.tasks()?.templating_extensions(&who)?)
}
