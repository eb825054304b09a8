//! `POST /api/scaffolder/v2/autocomplete/{provider}/{resource}`

use axum::{
    extract::{Path, State},
    response::Response,
};
use portico_tasks::Autocomplete;
use serde_json::json;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
    problem::ProblemBody,
};

/// Options for pickers of repositories
///
/// Of `github`: `repositoriesWithOwner`, `repositories` (of `context.owner`) and `branches` (of
/// `context.owner` and `context.repository`), on `context.host`.
#[utoipa::path(
    post,
    path = "/api/scaffolder/v2/autocomplete/{provider}/{resource}",
    tag = "scaffolder",
    params(
        ("provider" = String, Path, description = "github"),
        ("resource" = String, Path, description = "What is picked"),
    ),
    request_body = Object,
    responses(
        (status = 200, description = "The options, in `results`: `id` and `title`", body = Object),
        (status = 400, description = "There is no such picker, or its context lacks something", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn autocomplete(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((provider, resource)): Path<(String, String)>,
    JsonBody(question): JsonBody<Autocomplete>,
) -> Result<Response, ApiError> {
    let tasks = state.tasks()?;
    let results = tasks.autocomplete(&who, &provider, &resource, &question);
    json::from_value(&json!({"results": results.await?}))
}
