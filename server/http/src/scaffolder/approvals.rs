//! `GET /api/scaffolder/v2/approvals`

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::schemas::Approval;
use crate::{AppState, error::ApiError, extract::Caller, json};

/// Questions to people about tasks.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskApprovals)]
pub(super) struct Approvals {
    /// What waits for who asks, the most urgent first.
    pending: Vec<Approval>,
    /// What was decided lately, by anybody, newest first.
    decided: Vec<Approval>,
}

/// List approvals
///
/// Tasks that wait until the caller decides, and what was decided lately.
#[utoipa::path(
    get,
    path = "/api/scaffolder/v2/approvals",
    tag = "scaffolder",
    responses((status = 200, description = "What waits, and what was decided", body = Approvals)),
)]
pub(super) async fn approvals(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    let tasks = state.tasks()?;
    let (pending, decided) = (
        tasks.approvals_for(&who).await?,
        tasks.decided_approvals(&who).await?,
    );
    json::from_value(&Approvals {
        pending: pending.into_iter().map(Approval::from).collect(),
        decided: decided.into_iter().map(Approval::from).collect(),
    })
}
