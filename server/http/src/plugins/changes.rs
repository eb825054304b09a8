//! `POST /api/plugins/{id}/{change}`: which version runs, and whether.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{AppState, error::ApiError, extract::Caller};

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// Run the version that ran before.
    RollBack,
    /// Keep the version until it is unpinned.
    Pin,
    /// Let other versions be activated again.
    Unpin,
    /// Stop on all replicas.
    Disable,
    /// Run again.
    Enable,
    /// Run again on this replica after repeated faults.
    Restore,
}

/// Change what runs
#[utoipa::path(
    post,
    path = "/api/plugins/{id}/{change}",
    tag = "plugins",
    params(
        ("id" = String, Path, description = "The plugin's id", example = "infra:add-redis"),
        ("change" = inline(Change), Path, description = "What to change"),
    ),
    responses((status = 204, description = "Done; on other replicas within a second or so")),
)]
pub(super) async fn change_plugin(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((id, change)): Path<(String, Change)>,
) -> Result<StatusCode, ApiError> {
    let plugins = state.plugins()?;
    match change {
        Change::RollBack => plugins.roll_back(&who, &id).await?,
        Change::Pin => plugins.pin(&who, &id, true).await?,
        Change::Unpin => plugins.pin(&who, &id, false).await?,
        Change::Disable => plugins.disable(&who, &id, true).await?,
        Change::Enable => plugins.disable(&who, &id, false).await?,
        Change::Restore => plugins.restore(&who, &id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
