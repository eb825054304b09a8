//! `/api/plugins/submissions`: handing in, and the review queue.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use portico_plugins::package::PACKAGE_LIMIT;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::ApiError, extract::Caller, json};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_submissions, submit_plugin))
        .layer(DefaultBodyLimit::max(PACKAGE_LIMIT))
}

/// A plugin in a registry of OCI artifacts
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PluginReference {
    /// `registry/repository@sha256:…`, with a tag before the `@` or without
    #[schema(example = "registry.example.com/plugins/orders:1.2.0@sha256:9f86d0818…")]
    reference: String,
}

/// The review queue
///
/// Versions that wait for a decision, oldest first.
#[utoipa::path(
    get,
    path = "/api/plugins/submissions",
    tag = "plugins",
    responses((status = 200, description = "The versions", body = Vec<Object>)),
)]
pub(super) async fn list_submissions(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.queue(&who).await?)
}

/// Hand in a plugin
///
/// The body is the file, or names one in a registry that the configuration lists, by the digest
/// of its manifest. It is inspected and tried in the sandbox, and waits for review when nothing
/// forbids it.
#[utoipa::path(
    post,
    path = "/api/plugins/submissions",
    tag = "plugins",
    request_body(content(
        (Vec<u8> = "application/wasm"),
        (PluginReference = "application/json"),
    )),
    responses(
        (status = 201, description = "It waits for review", body = Object),
        (status = 400, description = "The reference names nothing this portal fetches", body = Object),
        (status = 422, description = "It cannot be a plugin here; `report` says why", body = Object),
        (status = 502, description = "The registry does not answer", body = Object),
    ),
)]
pub(super) async fn submit_plugin(
    State(state): State<AppState>,
    Caller(who): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let plugins = state.plugins()?;
    let submission = match is_json(&headers, &body) {
        true => {
            let named: PluginReference = serde_json::from_slice(&body).map_err(|error| {
                ApiError::Input(format!("the body is not {{\"reference\": …}}: {error}"))
            })?;
            plugins.submit_reference(&who, &named.reference).await?
        }
        false => plugins.submit(&who, body.to_vec()).await?,
    };
    let body = json::from_value(&submission)?;
    Ok((StatusCode::CREATED, body).into_response())
}

/// Whether a body is JSON. A component by its first bytes is one whatever the header says, as
/// clients that send a file often say nothing about it, or something wrong.
fn is_json(headers: &HeaderMap, body: &Bytes) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next() == Some("application/json") && !body.starts_with(b"\0asm")
}
