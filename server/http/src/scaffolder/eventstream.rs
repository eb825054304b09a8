//! `GET /api/scaffolder/v2/tasks/{id}/eventstream`

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{StreamExt as _, stream};
use portico_tasks::EventView;

use super::{events::Parameters, schemas::TaskEvent};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, UidPath},
    json,
    problem::ProblemBody,
};

/// How often something is sent so that proxies keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long one answer goes on. Whoever listens comes back by themselves, and is asked again who
/// they are and what they may see.
const LIFE: Duration = Duration::from_mins(1);

/// What a task says, as it says it
///
/// Server-sent events named `log`, `completion`, `cancelled` and `recovered`, each with the event
/// as JSON, until the task has ended, for a minute at most. A browser that comes back goes on after
/// its `Last-Event-ID`; once there is nothing left to tell the answer is 204, and it stays away.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/tasks/{id}/eventstream",
    tag = "scaffolder",
    params(("id" = Uuid, Path, description = "Id of the task", example = "0199b3a0-0000-7000-8000-000000000001"), Parameters),
    responses(
        (status = 200, description = "The events", body = String, content_type = "text/event-stream"),
        (status = 204, description = "The task has ended, and all was told"),
        (status = 404, description = "There is no such task", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn task_eventstream(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let tasks = state.tasks()?;
    let seen = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let after = seen.or(parameters.after).unwrap_or(0);
    let task = tasks.get(&who, id).await?;
    if task.has_ended() && tasks.events(&who, id, after).await?.is_empty() {
        return Ok(json::empty(StatusCode::NO_CONTENT));
    }
    let follower = tasks.follow(&who, id, after).await?;
    let events = stream::unfold(follower, async |mut follower| {
        match follower.next().await {
            Ok(Some(events)) => Some((stream::iter(events), follower)),
            Ok(None) => None,
            // The browser comes back, and goes on where it was.
            Err(error) => {
                tracing::warn!(%error, "a stream of events is cut off");
                None
            }
        }
    });
    let events = events.flatten().map(|it| Ok::<_, Infallible>(event(it)));
    let events = events.take_until(tokio::time::sleep(LIFE));
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = stream.into_response();
    // Proxies that gather answers would hold events back.
    response
        .headers_mut()
        .insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    Ok(response)
}

fn event(view: EventView) -> Event {
    let view = TaskEvent::from(view);
    let text = serde_json::to_string(&view).unwrap_or_default();
    Event::default()
        .id(view.id.to_string())
        .event(view.kind)
        .data(text)
}
