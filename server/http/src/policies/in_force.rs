//! `GET` and `PUT /api/policies`

use axum::{extract::State, response::Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
    problem::ProblemBody,
};

/// The policies in force
///
/// The text that the portal keeps, the configured files, and every policy with what it says.
#[utoipa::path(
    get,
    path = "/api/policies",
    tag = "policies",
    responses((status = 200, description = "What is in force", body = Object)),
)]
pub(super) async fn policies(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    json::from_value(&state.permissions().in_force(&who).await?)
}

/// Policies that replace those of the portal.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPolicies)]
pub(super) struct NewPolicies {
    /// The version that they were written from: the one in force.
    #[schema(example = 0)]
    base: i64,
    /// The policies, in Cedar.
    text: String,
    /// What changed and why.
    #[schema(example = "Guests may read")]
    #[serde(default)]
    note: String,
}

/// Put policies in force
///
/// On every replica, within a second. Refused when something is wrong with them, when somebody
/// else changed the policies meanwhile, and when the caller could not take them back.
#[utoipa::path(
    put,
    path = "/api/policies",
    tag = "policies",
    request_body = NewPolicies,
    responses(
        (status = 200, description = "An object with the `number` of the version", body = Object),
        (status = 409, description = "Somebody else was faster, or the caller would lock themselves out", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn put_policies(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(new): JsonBody<NewPolicies>,
) -> Result<Response, ApiError> {
    let permissions = state.permissions();
    let number = permissions
        .put_in_force(&who, new.base, &new.text, &new.note)
        .await?;
    json::from_value(&json!({"number": number}))
}
