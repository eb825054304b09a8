//! `/auth`: signing in and out in a browser.

mod cookie;
mod dev_sign_in;
mod return_to;
mod sign_out;

use portico_access::Principal;
use portico_store::AuditEvent;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, edge::unix_seconds, error::ApiError, extract::RequestId};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(dev_sign_in::dev_sign_in))
        .routes(routes!(sign_out::sign_out))
}

/// Writes that somebody signed in or out.
async fn record(
    state: &AppState,
    who: &Principal,
    action: &str,
    reason: &str,
    id: &RequestId,
) -> Result<(), ApiError> {
    let event = AuditEvent {
        at: unix_seconds().saturating_mul(1000) as i64,
        principal: who.label(),
        action: action.to_owned(),
        resource: who.label(),
        decision: "allow".to_owned(),
        reason: reason.to_owned(),
        request_id: Some(id.0.to_string()),
        details: serde_json::json!({}),
    };
    Ok(state.catalog().record(event).await?)
}
