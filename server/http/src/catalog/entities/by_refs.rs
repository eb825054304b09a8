//! `POST /api/catalog/entities/by-refs`

use axum::{extract::State, response::Response};
use portico_model::Predicate;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    AppState,
    catalog::{fields::Fields, schemas::EntitiesOrNullBody, selection},
    error::ApiError,
    extract::{Caller, JsonBody, Query},
    json,
    problem::ProblemBody,
};

/// More refs than this are asked for in several requests.
const MAX_REFS: usize = 10_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Entities that do not match are `null`, as if they did not exist. Syntax as in the list of entities.
    #[serde(default)]
    #[param(example = json!(["kind=component"]))]
    filter: Vec<String>,
}

/// The entities to get.
#[derive(Deserialize, ToSchema)]
#[schema(as = EntitiesByRefsRequest)]
pub(super) struct Body {
    /// Full references, lower-case: `kind:namespace/name`. At most 10,000.
    #[serde(rename = "entityRefs")]
    #[schema(example = json!(["component:default/orders-api", "group:default/team-orders"]))]
    entity_refs: Vec<String>,
    /// Only these parts of each entity, as dotted paths.
    #[serde(default)]
    #[schema(example = json!(["kind", "metadata.name"]))]
    fields: Vec<String>,
    /// Only entities that match this predicate.
    #[schema(value_type = Option<Object>, example = json!({"kind": "component"}))]
    query: Option<Value>,
}

/// Many entities by reference
///
/// The answer has one item for each reference, in the order of the request: the entity, or
/// `null` where there is none.
#[utoipa::path(
    post,
    path = "/api/catalog/entities/by-refs",
    tag = "entities",
    params(Parameters),
    request_body = Body,
    responses(
        (status = 200, description = "The entities", body = EntitiesOrNullBody),
        (status = 400, description = "The request is malformed", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn entities_by_refs(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    if body.entity_refs.len() > MAX_REFS {
        return Err(ApiError::Input(format!(
            "\"entityRefs\" has more than {MAX_REFS} references"
        )));
    }
    let within = match selection::predicate(&parameters.filter, body.query.as_ref())? {
        Predicate::Always => None,
        predicate => Some(predicate),
    };
    let fields = Fields::parse(&body.fields)?;
    let bodies = state
        .catalog()
        .entities_by_refs(&who, &body.entity_refs, within.as_ref())
        .await?;
    Ok(json::from_text(json::list(
        "{\"items\":",
        &fields.of_each(bodies)?,
        "}",
    )))
}
