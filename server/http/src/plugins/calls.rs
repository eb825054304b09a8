//! `POST /api/plugins/{id}/calls`

use axum::{
    extract::{Path, State},
    response::Response,
};
use portico_plugins::TrialInput;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// Call a plugin
///
/// Once, in the caller's name: an action with an input, a check with an entity, a provider
/// for its first batch. A call that fails is answered too, with `error`.
#[utoipa::path(
    post,
    path = "/api/plugins/{id}/calls",
    tag = "plugins",
    params(("id" = String, Path, description = "The plugin's id", example = "infra:add-redis")),
    request_body = Object,
    responses((status = 200, description = "Output or error, use of resources, log, effects of a dry run", body = Object)),
)]
pub(super) async fn call_plugin(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<TrialInput>,
) -> Result<Response, ApiError> {
    json::from_value(&state.plugins()?.try_it(&who, &id, input).await?)
}
