//! `GET /api/scaffolder/v2/tasks/{id}`

use axum::{extract::State, response::Response};

use super::schemas::Task;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, UidPath},
    json,
    problem::ProblemBody,
};

/// One task
///
/// With its parameters, the template as it was, and what became of each step.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/tasks/{id}",
    tag = "scaffolder",
    params(("id" = Uuid, Path, description = "Id of the task", example = "0199b3a0-0000-7000-8000-000000000001")),
    responses(
        (status = 200, description = "The task", body = Task),
        (status = 404, description = "There is no such task", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn task(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    json::from_value(&Task::from(state.tasks()?.get(&who, id).await?))
}
