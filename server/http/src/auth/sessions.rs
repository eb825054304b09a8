//! `GET` and `DELETE /api/auth/sessions`, `DELETE /api/auth/sessions/{id}`

use std::sync::Arc;

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use portico_identity::{ActiveSession, SessionView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, UidPath},
    json,
    problem::ProblemBody,
};

/// The session of the request, when it is in one.
type Current = Option<Extension<Arc<ActiveSession>>>;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Whose, for administrators; default the caller.
    #[param(example = "user:default/ada")]
    user: Option<String>,
}

/// Somebody's sessions, the one used last first.
#[derive(Serialize, ToSchema)]
#[schema(as = Sessions)]
struct Answer {
    items: Vec<Item>,
}

/// A browser that is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
struct Item {
    id: Uuid,
    /// Who is signed in.
    #[schema(example = "user:default/ada")]
    subject: String,
    /// `development`, or the id of the sign-in provider.
    #[schema(example = "microsoft")]
    provider: String,
    /// The browser, as it names itself.
    user_agent: Option<String>,
    /// Where it signed in from.
    #[schema(example = "192.0.2.7")]
    address: Option<String>,
    /// Whether the request is made in this session.
    current: bool,
    /// When it began, in milliseconds since 1970 (UTC).
    #[schema(example = 1_790_000_000_000_i64)]
    created_at: i64,
    /// When it was last used, give or take a minute.
    #[schema(example = 1_790_000_000_000_i64)]
    last_seen_at: i64,
    /// When it ends unless it is used before.
    #[schema(example = 1_790_000_000_000_i64)]
    ends_at: i64,
}

impl Item {
    fn of(view: SessionView, current: Option<Uuid>) -> Self {
        Self {
            current: current == Some(view.id),
            id: view.id,
            subject: view.subject,
            provider: view.provider,
            user_agent: view.user_agent,
            address: view.address,
            created_at: view.created_at,
            last_seen_at: view.last_seen_at,
            ends_at: view.ends_at,
        }
    }
}

/// How many sessions ended.
#[derive(Serialize, ToSchema)]
#[schema(as = EndedSessions)]
struct Ended {
    #[schema(example = 2)]
    ended: u64,
}

/// Sessions
///
/// The browsers that are signed in as the caller, or as somebody else for administrators.
#[utoipa::path(
    get,
    path = "/api/auth/sessions",
    tag = "sign-in",
    params(Parameters),
    responses(
        (status = 200, description = "The sessions", body = Answer),
        (status = 403, description = "Somebody else's, and the caller does not administer; or the caller is a token", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list_sessions(
    State(state): State<AppState>,
    Caller(who): Caller,
    current: Current,
    Query(Parameters { user }): Query<Parameters>,
) -> Result<Response, ApiError> {
    let current = current.map(|Extension(session)| session.id);
    let sessions = state.identity().sessions_of(&who, user.as_deref()).await?;
    let items = sessions
        .into_iter()
        .map(|it| Item::of(it, current))
        .collect();
    json::from_value(&Answer { items })
}

/// Sign out other browsers
///
/// Ends all sessions of the caller except for the one that asks, or all of somebody else for
/// administrators.
#[utoipa::path(
    delete,
    path = "/api/auth/sessions",
    tag = "sign-in",
    params(Parameters),
    responses(
        (status = 200, description = "They have ended", body = Ended),
        (status = 403, description = "Somebody else's, and the caller does not administer; or the caller is a token", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn end_sessions(
    State(state): State<AppState>,
    Caller(who): Caller,
    current: Current,
    Query(Parameters { user }): Query<Parameters>,
) -> Result<Response, ApiError> {
    let current = current.as_ref().map(|Extension(session)| session.as_ref());
    let ended = state
        .identity()
        .revoke_sessions_of(&who, user.as_deref(), current)
        .await?;
    json::from_value(&Ended { ended })
}

/// Sign out a browser
///
/// Ends one of the caller's sessions, or anybody's for administrators.
#[utoipa::path(
    delete,
    path = "/api/auth/sessions/{id}",
    tag = "sign-in",
    params(("id" = Uuid, Path, description = "Id of the session")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "The caller has no such session", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn end_session(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    state.identity().revoke_session(&who, id).await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}
