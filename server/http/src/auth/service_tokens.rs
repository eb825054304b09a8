//! `GET` and `POST /api/auth/service-tokens`, `DELETE /api/auth/service-tokens/{id}`

use axum::{extract::State, http::StatusCode, response::Response};
use portico_identity::TokenKind;

use super::token_schemas::{Issued, List, NewBody};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody, UidPath},
    json,
    problem::ProblemBody,
};

/// Tokens of services
///
/// Those that are not revoked, by name. For administrators.
#[utoipa::path(
    get,
    path = "/api/auth/service-tokens",
    tag = "access tokens",
    responses(
        (status = 200, description = "The tokens", body = List),
        (status = 403, description = "The caller does not administer, or is a token", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list_service_tokens(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    let tokens = state.identity().service_tokens(&who).await?;
    json::from_value(&List::from(tokens))
}

/// Make a token for a service
///
/// It acts as the service of its name; without limits it administers. For administrators.
#[utoipa::path(
    post,
    path = "/api/auth/service-tokens",
    tag = "access tokens",
    request_body = NewBody,
    responses(
        (status = 201, description = "The token, which is shown here and never again", body = Issued),
        (status = 400, description = "It counts for too long, or its limits mean nothing", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 403, description = "The caller does not administer, or is a token", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "The service has a token already", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create_service_token(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<NewBody>,
) -> Result<Response, ApiError> {
    let new = body.of_kind(TokenKind::Service);
    let issued = state.identity().create_token(&who, new).await?;
    json::created(&Issued::from(issued))
}

/// Revoke the token of a service
///
/// For administrators.
#[utoipa::path(
    delete,
    path = "/api/auth/service-tokens/{id}",
    tag = "access tokens",
    params(("id" = uuid::Uuid, Path, description = "Id of the token")),
    responses(
        (status = 204, description = "It is revoked"),
        (status = 404, description = "There is no such token, or the caller may not know of it", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke_service_token(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(id): UidPath,
) -> Result<Response, ApiError> {
    let identity = state.identity();
    identity.revoke_token(&who, TokenKind::Service, id).await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}
