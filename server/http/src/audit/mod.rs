//! `GET /api/audit`

mod export;

use axum::{extract::State, response::Response};
use jiff::Timestamp;
use portico_catalog::{AuditFilter, AuditRecord};
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
#[serde(rename_all = "camelCase")]
struct Parameters {
    /// Only what this principal did.
    #[param(example = "user:default/ada")]
    principal: Option<String>,
    /// Only this action, or the actions below it: `catalog` finds `catalog.location.create`.
    #[param(example = "catalog.location")]
    action: Option<String>,
    /// Only on this resource.
    #[param(example = "component:default/orders-api")]
    resource: Option<String>,
    /// Only `allow` or only `deny`.
    #[param(example = "deny")]
    decision: Option<String>,
    /// Only what this policy decided.
    policy: Option<String>,
    /// Only from this address.
    #[param(example = "192.0.2.7")]
    source: Option<String>,
    /// Only of this request.
    request_id: Option<String>,
    /// Only at this time or later: RFC 3339, a date (UTC), or milliseconds since 1970.
    #[param(example = "2026-11-01T00:00:00Z")]
    from: Option<String>,
    /// Only before this time.
    #[param(example = "2026-12-01")]
    to: Option<String>,
    /// `nextCursor` of the page before.
    cursor: Option<i64>,
    /// How many events to skip; a cursor is quicker.
    #[param(minimum = 0, example = 0)]
    offset: Option<usize>,
    /// Events on a page; default 100, at most 1,000.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
    /// All that match as one file: `csv`, `ndjson` or `json`. Pages do not count then.
    #[param(example = "csv")]
    format: Option<String>,
}

/// Events of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEvents)]
struct Answer {
    items: Vec<Event>,
    /// How many events match in all. Not said of pages after a cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_items: Option<u64>,
    /// `cursor` of the next page, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<i64>,
}

/// Something that was done, or refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEvent)]
struct Event {
    /// Its place in the log, from 1.
    #[schema(example = 1234)]
    position: i64,
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
    /// The policy that decided, when one did.
    policy: Option<String>,
    /// The address of who asked, when it came over HTTP.
    #[schema(example = "192.0.2.7")]
    source: Option<String>,
    /// The request, when it came over HTTP.
    request_id: Option<String>,
    /// Anything more.
    #[schema(value_type = Object)]
    details: Value,
    /// Covers the event and the hash of the one before it. See `portico audit verify`.
    hash: Option<String>,
}

impl From<AuditRecord> for Event {
    fn from(record: AuditRecord) -> Self {
        let event = record.event;
        Self {
            position: record.position,
            at: event.at,
            principal: event.principal,
            action: event.action,
            resource: event.resource,
            decision: event.decision,
            reason: event.reason,
            policy: event.policy,
            source: event.source,
            request_id: event.request_id,
            details: event.details,
            hash: record.hash,
        }
    }
}

/// The audit log
///
/// Every change that somebody made and every refusal, newest first. For administrators.
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
    let filter = filter(&parameters)?;
    if let Some(format) = &parameters.format {
        return export::file(&state, &who, filter, format);
    }
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::Input(format!(
            "\"limit\" must be 1 to {MAX_LIMIT}, not {limit}"
        )));
    }
    let (catalog, cursor) = (state.catalog(), parameters.cursor);
    let offset = parameters.offset.unwrap_or(0);
    let records = catalog
        .audit_page(&who, &filter, cursor, offset, limit)
        .await?;
    let total_items = match cursor {
        None => Some(catalog.count_audit(&who, &filter).await?),
        Some(_) => None,
    };
    let full = records.len() == limit;
    let next_cursor = records.last().map(|it| it.position).filter(|_| full);
    json::from_value(&Answer {
        items: records.into_iter().map(Event::from).collect(),
        total_items,
        next_cursor,
    })
}

fn filter(parameters: &Parameters) -> Result<AuditFilter, ApiError> {
    let decision = parameters.decision.as_deref();
    if let Some(other) = decision.filter(|it| !matches!(*it, "allow" | "deny")) {
        return Err(ApiError::Input(format!(
            "\"decision\" must be allow or deny, not {other}"
        )));
    }
    Ok(AuditFilter {
        principal: parameters.principal.clone(),
        action: parameters.action.clone(),
        resource: parameters.resource.clone(),
        decision: parameters.decision.clone(),
        policy: parameters.policy.clone(),
        source: parameters.source.clone(),
        request_id: parameters.request_id.clone(),
        from: time("from", parameters.from.as_deref())?,
        to: time("to", parameters.to.as_deref())?,
    })
}

/// Milliseconds since the Unix epoch.
fn time(name: &str, text: Option<&str>) -> Result<Option<i64>, ApiError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let date: jiff::civil::Date = text.parse().ok()?;
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(midnight.timestamp())
    });
    let millis = moment.map(Timestamp::as_millisecond);
    millis
        .or_else(|| text.parse().ok())
        .map(Some)
        .ok_or_else(|| {
            ApiError::Input(format!(
                "\"{name}\" must be a time such as 2026-11-01T00:00:00Z or a date, not {text}"
            ))
        })
}
