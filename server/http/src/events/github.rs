//! `POST /api/events/http/github`

use axum::extract::rejection::BytesRejection;
use axum::{extract::State, http::HeaderMap, response::Response};
use bytes::Bytes;
use portico_sources::webhooks;

use super::{accept, header, told};
use crate::{AppState, error::ApiError, extract::body_error, problem::ProblemBody};

/// A GitHub webhook
///
/// Signed with the secret of `catalog.webhooks.github.secret`. A push has just the sources
/// read again that it may affect; other events are accepted and do nothing.
#[utoipa::path(
    post,
    path = "/api/events/http/github",
    tag = "events",
    params(
        ("x-hub-signature-256" = String, Header, description = "`sha256=` and the HMAC of the body"),
        ("x-github-event" = String, Header, description = "Name of the event", example = "push"),
    ),
    request_body(content = Object, description = "The event as GitHub sends it", content_type = "application/json"),
    responses(
        (status = 202, description = "The event is accepted"),
        (status = 401, description = "The signature is missing or wrong", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 403, description = "No secret is configured, so no webhook is accepted", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(super) async fn github_event(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let secret = state
        .catalog()
        .config()
        .catalog
        .webhooks
        .github_secret
        .as_ref();
    let secret = secret.ok_or(ApiError::Forbidden(
        "GitHub webhooks are off; set catalog.webhooks.github.secret to the webhook's secret",
    ))?;
    let body = body.map_err(body_error)?;
    let signature = header(&headers, "x-hub-signature-256");
    let event = header(&headers, "x-github-event");
    let changes = webhooks::github(secret, signature, event, &body);
    accept(&state, &told(&state, "github", changes)?).await
}
