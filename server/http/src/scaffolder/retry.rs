//! `POST /api/scaffolder/v2/tasks/{id}/retry`

use axum::{body::Bytes, extract::State, response::Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::cancel::Change;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, UidPath},
    json,
    problem::ProblemBody,
};

/// What another try needs; the body may be left out.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = TaskRetry)]
pub(super) struct Retry {
    /// The secrets: those of before are gone.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    secrets: Value,
}

/// Try a task again
///
/// Goes on from the step that failed or was cancelled, with the files as they were before it.
/// For who created it, and administrators.
#[utoipa::path(
    post,
    path = "/api/scaffolder/v2/tasks/{id}/retry",
    tag = "scaffolder",
    params(("id" = Uuid, Path, description = "Id of the task", example = "0199b3a0-0000-7000-8000-000000000001")),
    request_body = Option<Retry>,
    responses(
        (status = 201, description = "It begins again", body = Change),
        (status = 404, description = "There is no such task", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "It has not ended, or is done", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn retry_task(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
    body: Bytes,
) -> Result<Response, ApiError> {
    let retry: Retry = match body.is_empty() {
        true => Retry::default(),
        false => serde_json::from_slice(&body)
            .map_err(|error| ApiError::Input(format!("the request body is wrong: {error}")))?,
    };
    state.tasks()?.retry(&who, id, retry.secrets).await?;
    json::created(&Change { status: "open" })
}
