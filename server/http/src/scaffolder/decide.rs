//! `POST /api/scaffolder/v2/tasks/{id}/decision`

use axum::{extract::State, response::Response};
use portico_tasks::Verdict;
use serde::Deserialize;
use utoipa::ToSchema;

use super::cancel::Change;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody, UidPath},
    json,
    problem::ProblemBody,
};

/// A decision.
#[derive(Deserialize, ToSchema)]
#[schema(as = TaskDecision)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// Whether it may be done.
    approve: bool,
    /// Why, or under which conditions.
    #[serde(default)]
    comment: Option<String>,
}

/// Decide about a task
///
/// Answers the question that the task waits for. For those who are asked and administrators; with
/// four eyes not for who created the task.
#[utoipa::path(
    post,
    path = "/api/scaffolder/v2/tasks/{id}/decision",
    tag = "scaffolder",
    params(("id" = Uuid, Path, description = "Id of the task", example = "0199b3a0-0000-7000-8000-000000000001")),
    request_body = Decision,
    responses(
        (status = 200, description = "The task goes on", body = Change),
        (status = 403, description = "The caller is not asked", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such task", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "It does not wait for a decision", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn decide_task(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
    JsonBody(decision): JsonBody<Decision>,
) -> Result<Response, ApiError> {
    let verdict = Verdict {
        approve: decision.approve,
        comment: decision.comment,
    };
    state.tasks()?.decide(&who, id, verdict).await?;
    json::from_value(&Change { status: "open" })
}
