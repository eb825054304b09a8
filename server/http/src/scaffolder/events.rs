//! `GET /api/scaffolder/v2/tasks/{id}/events`

use std::time::Duration;

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::schemas::TaskEvent;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, UidPath},
    json,
    problem::ProblemBody,
};

/// How long an answer waits for something to tell.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// The id of the last event that is known; 0 is none.
    #[param(minimum = 0, example = 0)]
    pub(super) after: Option<i64>,
}

/// What a task says
///
/// The events after `after`. While there are none, and the task has not ended, the answer waits
/// for up to 30 seconds.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/tasks/{id}/events",
    tag = "scaffolder",
    params(("id" = Uuid, Path, description = "Id of the task", example = "0199b3a0-0000-7000-8000-000000000001"), Parameters),
    responses(
        (status = 200, description = "The events, in order", body = Vec<TaskEvent>),
        (status = 404, description = "There is no such task", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn task_events(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let after = parameters.after.unwrap_or(0);
    let mut follower = state.tasks()?.follow(&who, id, after).await?;
    let events = match tokio::time::timeout(PATIENCE, follower.next()).await {
        Ok(events) => events?.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let events: Vec<TaskEvent> = events.into_iter().map(TaskEvent::from).collect();
    json::from_value(&events)
}
