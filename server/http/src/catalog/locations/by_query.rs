//! `POST /api/catalog/locations/by-query`

use axum::{extract::State, response::Response};
use portico_store::LocationRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Location;
use crate::{
    AppState,
    catalog::selection,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
    problem::ProblemBody,
};

const DEFAULT_LIMIT: usize = 1000;

/// Which locations, from where.
#[derive(Deserialize, ToSchema)]
#[schema(as = LocationsByQueryRequest)]
pub(super) struct Body {
    /// `pageInfo.nextCursor` of an earlier answer, sent with the same `query`.
    cursor: Option<String>,
    /// Locations on a page; default 1,000, at most 10,000.
    #[schema(example = 100)]
    limit: Option<usize>,
    /// A predicate on `id`, `type` and `target`, as for entities.
    #[schema(value_type = Option<Object>, example = json!({"target": {"$hasPrefix": "https://github.com/contoso/"}}))]
    query: Option<Value>,
}

/// One page of locations.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LocationPage)]
pub(super) struct Answer {
    items: Vec<Location>,
    /// How many locations match in all.
    #[schema(example = 1)]
    total_items: usize,
    page_info: PageInfo,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LocationPageInfo)]
struct PageInfo {
    /// Asks for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// A page of registered locations
///
/// Oldest first, those that match a predicate.
#[utoipa::path(
    post,
    path = "/api/catalog/locations/by-query",
    tag = "locations",
    request_body = Body,
    responses(
        (status = 200, description = "The page", body = Answer),
        (status = 400, description = "The request is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn locations_by_query(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    let predicate = selection::predicate(&[], body.query.as_ref())?;
    let limit = selection::limit(body.limit, DEFAULT_LIMIT)?;
    let mut rows = state.catalog().locations(&who).await?;
    rows.retain(|row| predicate.matches(&searchable(row)));
    json::from_value(&page(rows, body.cursor.as_deref(), limit)?)
}

fn searchable(row: &LocationRow) -> [(String, Option<String>); 3] {
    [
        ("id", row.id.to_string()),
        ("type", row.key.kind.clone()),
        ("target", row.key.target.clone()),
    ]
    .map(|(key, value)| (key.to_owned(), Some(value)))
}

/// The page after the location that `cursor` names.
fn page(rows: Vec<LocationRow>, cursor: Option<&str>, limit: usize) -> Result<Answer, ApiError> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let last: Option<Uuid> = cursor.parse().ok();
            let at = rows.iter().position(|row| Some(row.id) == last);
            at.ok_or_else(|| {
                ApiError::input("\"cursor\" names no location of this list; start again without it")
            })? + 1
        }
    };
    let total_items = rows.len();
    let items: Vec<Location> = rows
        .into_iter()
        .skip(start)
        .take(limit)
        .map(Location::from)
        .collect();
    let more = start + items.len() < total_items;
    let next_cursor = items.last().filter(|_| more).map(|last| last.id.clone());
    Ok(Answer {
        items,
        total_items,
        page_info: PageInfo { next_cursor },
    })
}
