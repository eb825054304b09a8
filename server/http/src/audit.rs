//! `GET /api/audit`

use axum::{extract::State, response::Response};
use portico_store::{AuditEvent, AuditFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query},
    json,
    problem::ProblemBody,
};

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1000;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(audit_events))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Parameters {
    /// Only what this principal did.
    #[param(example = "user:default/ada")]
    principal: Option<String>,
    /// Only this action.
    #[param(example = "catalog.location.create")]
    action: Option<String>,
    /// Only on this resource.
    #[param(example = "component:default/orders-api")]
    resource: Option<String>,
    /// How many events to skip.
    #[param(minimum = 0, example = 0)]
    offset: Option<usize>,
    /// Events on a page; default 100, at most 1,000.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
}

/// Events of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEvents)]
struct Answer {
    items: Vec<Event>,
    /// How many events match in all.
    total_items: u64,
}

/// Something that was done, or refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEvent)]
struct Event {
    /// When, in milliseconds since 1970 (UTC).
    #[schema(example = 1_790_000_000_000_i64)]
    at: i64,
    /// Who: a user reference, `service:<subject>`, `local-admin` or `system`.
    #[schema(example = "user:default/ada")]
    principal: String,
    /// The permission that was needed.
    #[schema(example = "catalog.location.create")]
    action: String,
    /// On what.
    #[schema(example = "location:url:https://github.com/contoso/orders-api")]
    resource: String,
    /// `allow` or `deny`.
    #[schema(example = "allow")]
    decision: String,
    /// The rule that decided.
    reason: String,
    /// The request, when it came over HTTP.
    request_id: Option<String>,
    /// Anything more.
    #[schema(value_type = Object)]
    details: Value,
}

impl From<AuditEvent> for Event {
    fn from(event: AuditEvent) -> Self {
        Self {
            at: event.at,
            principal: event.principal,
            action: event.action,
            resource: event.resource,
            decision: event.decision,
            reason: event.reason,
            request_id: event.request_id,
            details: event.details,
        }
    }
}

/// The audit log
///
/// Every change that somebody made, newest first. For administrators.
#[utoipa::path(
    get,
    path = "/api/audit",
    tag = "audit",
    params(Parameters),
    responses(
        (status = 200, description = "The events", body = Answer),
        (status = 403, description = "The caller does not administer", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
async fn audit_events(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let Parameters {
        principal,
        action,
        resource,
        offset,
        limit,
    } = parameters;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::Input(format!(
            "\"limit\" must be 1 to {MAX_LIMIT}, not {limit}"
        )));
    }
    let filter = AuditFilter {
        principal,
        action,
        resource,
    };
    let (events, total_items) = state
        .catalog()
        .audit_events(&who, &filter, offset.unwrap_or(0), limit)
        .await?;
    let items = events.into_iter().map(Event::from).collect();
    json::from_value(&Answer { items, total_items })
}
