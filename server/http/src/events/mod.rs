//! `/api/events/http`: hosts tell that something was pushed.

mod azure_devops;
mod github;

use axum::{
    extract::DefaultBodyLimit,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portico_access::{Grounds, Principal};
use portico_sources::{Change, webhooks::WebhookError};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError, json};

/// Pushes with thousands of commits are large; larger ones are noticed by polling.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(github::github_event))
        .routes(routes!(azure_devops::azure_devops_event))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// Has the sources read again that the changes may affect.
async fn accept(state: &AppState, changes: &[Change]) -> Result<Response, ApiError> {
    let sources = state.catalog().changed(changes).await?;
    tracing::info!(sources, ?changes, "webhook accepted");
    Ok(json::empty(StatusCode::ACCEPTED))
}

/// The changes that a webhook tells of. One that is not signed as it must be is a refusal, as the
/// audit log has them.
fn told(
    state: &AppState,
    host: &str,
    changes: Result<Vec<Change>, WebhookError>,
) -> Result<Vec<Change>, ApiError> {
    if let Err(WebhookError::Unauthorized { .. }) = &changes {
        let grounds = Grounds::rule("its signature or password is missing or wrong");
        let authorizer = state.catalog().authorizer();
        let (nobody, host) = (Principal::Anonymous, host.to_owned());
        authorizer.refuse(&nobody, "webhook.receive", host, grounds);
    }
    Ok(changes?)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
