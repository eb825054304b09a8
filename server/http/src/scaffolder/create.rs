//! `POST /api/scaffolder/v2/tasks`

use axum::{extract::State, response::Response};
use portico_tasks::NewTask;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody, TaskDepth},
    json,
    problem::ProblemBody,
};

/// A task that was created.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedTask)]
pub(super) struct Created {
    /// Its id.
    id: Uuid,
}

/// Run a template
///
/// Creates a task of `templateRef` with `values` and `secrets`; it begins at once. Values that do
/// not satisfy the template are refused, and so is a template that cannot run here. `entityRef`
/// names the entity that it is for.
#[utoipa::path(
    post,
    path = "/api/scaffolder/v2/tasks",
    tag = "scaffolder",
    request_body = Object,
    responses(
        (status = 201, description = "The task is created", body = Created),
        (status = 400, description = "A value is wrong, or the template cannot run here", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such template", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create_task(
    State(state): State<AppState>,
    Caller(who): Caller,
    TaskDepth(depth): TaskDepth,
    JsonBody(new): JsonBody<NewTask>,
) -> Result<Response, ApiError> {
    let new = NewTask { depth, ..new };
    let id = state.tasks()?.create(&who, new).await?;
    json::created(&Created { id })
}
