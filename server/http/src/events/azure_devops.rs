//! `POST /api/events/http/azureDevOps`

use axum::{
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use portico_sources::webhooks;

use super::{accept, header, told};
use crate::{AppState, error::ApiError, extract::body_error, problem::ProblemBody};

/// An Azure DevOps service hook
///
/// With the user name and password of `catalog.webhooks.azureDevOps`. A `git.push` has just
/// the sources read again that it may affect; other events are accepted and do nothing.
#[utoipa::path(
    post,
    path = "/api/events/http/azureDevOps",
    tag = "events",
    params(("authorization" = String, Header, description = "HTTP Basic credentials of the service hook")),
    request_body(content = Object, description = "The event as Azure DevOps sends it", content_type = "application/json"),
    responses(
        (status = 202, description = "The event is accepted"),
        (status = 401, description = "The credentials are missing or wrong", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 403, description = "No credentials are configured, so no service hook is accepted", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(super) async fn azure_devops_event(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let credentials = state
        .catalog()
        .config()
        .catalog
        .webhooks
        .azure_devops
        .as_ref();
    let (username, password) = credentials.ok_or(ApiError::Forbidden(
        "Azure DevOps service hooks are off; set catalog.webhooks.azureDevOps.username and password",
    ))?;
    let body = body.map_err(body_error)?;
    let authorization = header(&headers, "authorization");
    let changes = webhooks::azure_devops(username, password, authorization, &body);
    accept(&state, &told(&state, "azureDevOps", changes)?).await
}
