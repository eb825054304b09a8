//! `GET` and `POST /api/auth/tokens`, `DELETE /api/auth/tokens/{id}`

use axum::{extract::State, http::StatusCode, response::Response};
use portico_identity::TokenKind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::token_schemas::{Issued, List, NewBody};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody, Query, UidPath},
    json,
    problem::ProblemBody,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Whose, for administrators; default the caller.
    #[param(example = "user:default/ada")]
    user: Option<String>,
}

/// Personal access tokens
///
/// The caller's tokens that are not revoked, or somebody else's for administrators.
#[utoipa::path(
    get,
    path = "/api/auth/tokens",
    tag = "access tokens",
    params(Parameters),
    responses(
        (status = 200, description = "The tokens", body = List),
        (status = 403, description = "Somebody else's, and the caller does not administer; or the caller is a token", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list_tokens(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(Parameters { user }): Query<Parameters>,
) -> Result<Response, ApiError> {
    let tokens = state.identity().tokens_of(&who, user.as_deref()).await?;
    json::from_value(&List::from(tokens))
}

/// Make a personal access token
///
/// It acts as the caller, within its limits. A token cannot make another.
#[utoipa::path(
    post,
    path = "/api/auth/tokens",
    tag = "access tokens",
    request_body = NewBody,
    responses(
        (status = 201, description = "The token, which is shown here and never again", body = Issued),
        (status = 400, description = "It counts for too long, or its limits mean nothing", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 403, description = "The caller is no person of the catalog, or is a token", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create_token(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<NewBody>,
) -> Result<Response, ApiError> {
    let new = body.of_kind(TokenKind::Personal);
    let issued = state.identity().create_token(&who, new).await?;
    json::created(&Issued::from(issued))
}

/// Revoke a personal access token
///
/// One of the caller's, or anybody's for administrators.
#[utoipa::path(
    delete,
    path = "/api/auth/tokens/{id}",
    tag = "access tokens",
    params(("id" = uuid::Uuid, Path, description = "Id of the token")),
    responses(
        (status = 204, description = "It is revoked"),
        (status = 404, description = "There is no such token, or the caller may not know of it", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke_token(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    let identity = state.identity();
    identity.revoke_token(&who, TokenKind::Personal, id).await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}
