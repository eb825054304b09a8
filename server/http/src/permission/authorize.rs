//! `POST /api/permission/authorize`

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, JsonBody},
    json,
};

/// Questions that are answered at once.
const MOST: usize = 1_000;

/// What to ask.
#[derive(Deserialize, ToSchema)]
#[schema(as = PermissionRequest)]
pub(super) struct Body {
    items: Vec<Question>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = PermissionQuestion)]
#[serde(rename_all = "camelCase")]
struct Question {
    /// Comes back with the answer.
    #[schema(example = "1")]
    id: String,
    permission: Permission,
    /// The entity it is about; without one, whether it is allowed for anything at all.
    #[schema(example = "component:default/orders-api")]
    resource_ref: Option<String>,
}

/// A permission; its other fields are of no use here.
#[derive(Deserialize, ToSchema)]
#[schema(as = Permission)]
struct Permission {
    #[schema(example = "catalog.entity.read")]
    name: String,
}

/// The answers, in the order of the questions.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionAnswers)]
pub(super) struct Answers {
    items: Vec<Answer>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PermissionAnswer)]
struct Answer {
    id: String,
    /// `ALLOW` or `DENY`.
    #[schema(example = "ALLOW")]
    result: &'static str,
}

/// What the caller may do
///
/// Permissions that Portico does not know are denied, and so is everything about an entity
/// that the caller does not see. Answers are never conditional: lists hold what may be seen.
#[utoipa::path(
    post,
    path = "/api/permission/authorize",
    tag = "permission",
    request_body = Body,
    responses((status = 200, description = "The answers", body = Answers)),
    security(()),
)]
pub(super) async fn authorize(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    if body.items.len() > MOST {
        return Err(ApiError::Input(format!("items: at most {MOST}")));
    }
    let items = body.items.into_iter().map(|question| {
        let resource = question.resource_ref.as_deref();
        let allowed = state
            .catalog()
            .permits(&who, &question.permission.name, resource);
        Answer {
            id: question.id,
            result: if allowed { "ALLOW" } else { "DENY" },
        }
    });
    json::from_value(&Answers {
        items: items.collect(),
    })
}
