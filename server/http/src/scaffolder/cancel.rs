//! `POST /api/scaffolder/v2/tasks/{id}/cancel`

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, UidPath},
    json,
    problem::ProblemBody,
};

/// What becomes of a task.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskChange)]
pub(super) struct Change {
    /// `cancelled`, or `open` for another try.
    #[schema(example = "cancelled")]
    pub(super) status: &'static str,
}

/// Cancel a task
///
/// One that runs is stopped in the middle of its step. For who created it, and administrators.
#[utoipa::path(
    post,
    path = "/api/scaffolder/v2/tasks/{id}/cancel",
    tag = "scaffolder",
    params(("id" = Uuid, Path, description = "Id of the task", example = "0199b3a0-0000-7000-8000-000000000001")),
    responses(
        (status = 200, description = "It is told to stop", body = Change),
        (status = 404, description = "There is no such task", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "It has ended already", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn cancel_task(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    state.tasks()?.cancel(&who, id).await?;
    json::from_value(&Change {
        status: "cancelled",
    })
}
