//! `GET /api/scaffolder/v2/tasks`

use axum::{extract::State, response::Response};
use portico_tasks::{TaskOrder, TaskQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::schemas::Task;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query},
    json,
    problem::ProblemBody,
};

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    /// Only with this status; may be repeated.
    #[serde(default)]
    #[param(example = "completed")]
    status: Vec<String>,
    /// Only created by this principal.
    #[param(example = "user:default/ada")]
    created_by: Option<String>,
    /// Only of this template.
    #[param(example = "template:default/dotnet-api")]
    template_ref: Option<String>,
    /// Only for this entity.
    #[param(example = "component:default/orders-api")]
    entity_ref: Option<String>,
    /// `asc` or `desc`, and what by: `created_at`, `status` or `created_by`.
    #[param(example = "desc:created_at")]
    order: Option<String>,
    /// How many to skip.
    #[param(minimum = 0, example = 0)]
    offset: Option<usize>,
    /// Tasks on a page; default 100, at most 1,000.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<usize>,
}

/// Tasks, newest first unless asked otherwise.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TaskPage)]
pub(super) struct Page {
    tasks: Vec<Task>,
    /// How many match in all.
    #[schema(example = 1)]
    total_tasks: u64,
}

/// Tasks
///
/// Newest first, unless `order` says otherwise.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/tasks",
    tag = "scaffolder",
    params(Parameters),
    responses(
        (status = 200, description = "The tasks", body = Page),
        (status = 400, description = "A parameter is wrong", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn tasks(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::Input(format!(
            "\"limit\" must be 1 to {MAX_LIMIT}, not {limit}"
        )));
    }
    let query = TaskQuery {
        statuses: parameters.status,
        created_by: parameters.created_by,
        template_ref: parameters.template_ref,
        entity_ref: parameters.entity_ref,
        order: order(parameters.order.as_deref())?,
        offset: parameters.offset.unwrap_or(0),
        limit,
    };
    let page = state.tasks()?.list(&who, query).await?;
    json::from_value(&Page {
        tasks: page.tasks.into_iter().map(Task::from).collect(),
        total_tasks: page.total,
    })
}

fn order(text: Option<&str>) -> Result<TaskOrder, ApiError> {
    Ok(match text {
        None | Some("desc:created_at") => TaskOrder::NewestFirst,
        Some("asc:created_at") => TaskOrder::OldestFirst,
        Some("asc:status") => TaskOrder::StatusUp,
        Some("desc:status") => TaskOrder::StatusDown,
        Some("asc:created_by") => TaskOrder::CreatorUp,
        Some("desc:created_by") => TaskOrder::CreatorDown,
        Some(other) => {
            return Err(ApiError::Input(format!(
                "\"order\" must be asc or desc, a colon, and created_at, status or created_by, \
                 not \"{other}\""
            )));
        }
    })
}
