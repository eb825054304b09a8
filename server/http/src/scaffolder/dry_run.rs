//! `POST /api/scaffolder/v2/dry-run`

use axum::{extract::State, response::Response};
use portico_tasks::DryRun;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
    problem::ProblemBody,
};

/// See what a template would do
///
/// Of a draft in `template`, with the files beside it in `directoryContents`, or of the one
/// that `templateRef` names. Nothing happens outside: `effects` lists what would. A template that
/// would fail is answered too, with `error`.
#[utoipa::path(
    post,
    path = "/api/scaffolder/v2/dry-run",
    tag = "scaffolder",
    request_body = Object,
    responses(
        (status = 200, description = "Log, files, output, steps and effects", body = Object),
        (status = 400, description = "A value or the template is wrong", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such template", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn dry_run(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(dry): JsonBody<DryRun>,
) -> Result<Response, ApiError> {
    json::from_value(&state.tasks()?.dry_run(&who, dry).await?)
}
