//! `GET /api/scm/repositories/{name}/change-requests` and `…/{number}`

use axum::{extract::State, response::Response};
use portico_scm::ChangeRequestState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    local,
    schemas::{ChangeRequest, ChangeRequestDetail},
};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, Segments},
    json,
    problem::ProblemBody,
};

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Only those that are `open`, `merged` or `closed`.
    #[param(example = "open")]
    state: Option<String>,
    /// How many to skip.
    #[param(minimum = 0, example = 0)]
    offset: Option<usize>,
    /// Change requests on a page; default 100, at most 1,000.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
}

/// Change requests of a repository, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangeRequestPage)]
pub(super) struct Page {
    items: Vec<ChangeRequest>,
    /// How many match in all.
    #[schema(example = 1)]
    total_items: u64,
}

/// Change requests of a repository
///
/// Newest first.
#[utoipa::path(
    get,
    path = "/api/scm/repositories/{name}/change-requests",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository", example = "orders-api"), Parameters),
    responses(
        (status = 200, description = "The change requests", body = Page),
        (status = 404, description = "There is no such repository", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn change_requests(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let wanted = match parameters.state {
        None => None,
        Some(text) => Some(ChangeRequestState::parse(&text).ok_or_else(|| {
            ApiError::Input(format!(
                "\"state\" must be open, merged or closed, not \"{text}\""
            ))
        })?),
    };
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::Input(format!(
            "\"limit\" must be 1 to {MAX_LIMIT}, not {limit}"
        )));
    }
    let offset = parameters.offset.unwrap_or(0);
    let (found, total_items) = state
        .scm()?
        .change_requests(&who, &local(&name), wanted, offset, limit)
        .await?;
    json::from_value(&Page {
        items: found.into_iter().map(ChangeRequest::from).collect(),
        total_items,
    })
}

/// One change request
///
/// With its commits, what they change, and whether it can be merged.
#[utoipa::path(
    get,
    path = "/api/scm/repositories/{name}/change-requests/{number}",
    tag = "source control",
    params(
        ("name" = String, Path, description = "Name of the repository", example = "orders-api"),
        ("number" = i64, Path, description = "Number in the repository", example = 1),
    ),
    responses(
        (status = 200, description = "The change request", body = ChangeRequestDetail),
        (status = 404, description = "There is no such repository or change request", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn change_request(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments((name, number)): Segments<(String, i64)>,
) -> Result<Response, ApiError> {
    let detail = state
        .scm()?
        .change_request(&who, &local(&name), number)
        .await?;
    json::from_value(&ChangeRequestDetail::from(detail))
}
