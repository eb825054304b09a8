//! `GET` and `POST /api/catalog/entity-facets`

use axum::{extract::State, response::Response};
use portico_access::Principal;
use portico_model::Predicate;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    AppState,
    catalog::{schemas::FacetsBody, selection},
    error::ApiError,
    extract::{Caller, JsonBody, Query},
    json,
    problem::ProblemBody,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Dotted path of a field to count the values of; at least one.
    #[serde(default)]
    #[param(required = true, min_items = 1, example = json!(["spec.type"]))]
    facet: Vec<String>,
    /// Which entities to count. Syntax as in the list of entities.
    #[serde(default)]
    #[param(example = json!(["kind=component"]))]
    filter: Vec<String>,
}

/// What to count, over which entities.
#[derive(Deserialize, ToSchema)]
#[schema(as = EntityFacetsRequest)]
pub(super) struct Body {
    /// Dotted paths of fields; at least one.
    #[schema(example = json!(["spec.type", "metadata.tags"]))]
    facets: Vec<String>,
    /// Only entities that match this predicate.
    #[schema(value_type = Option<Object>, example = json!({"kind": "component"}))]
    query: Option<Value>,
}

/// Count the values of fields
///
/// For each field, every value with the number of entities that have it.
#[utoipa::path(
    get,
    path = "/api/catalog/entity-facets",
    tag = "entities",
    params(Parameters),
    responses(
        (status = 200, description = "The counts", body = FacetsBody),
        (status = 400, description = "No facet, or a malformed filter", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get_entity_facets(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let predicate = selection::predicate(&parameters.filter, None)?;
    answer(&state, &who, &parameters.facet, &predicate)
}

/// Count the values of fields, by predicate
#[utoipa::path(
    post,
    path = "/api/catalog/entity-facets",
    tag = "entities",
    request_body = Body,
    responses(
        (status = 200, description = "The counts", body = FacetsBody),
        (status = 400, description = "No facet, or a malformed predicate", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn post_entity_facets(
    State(state): State<AppState>,
    Caller(who): Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Response, ApiError> {
    let predicate = selection::predicate(&[], body.query.as_ref())?;
    answer(&state, &who, &body.facets, &predicate)
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(serialize_with = "as_map")]
    facets: Vec<(&'a str, Vec<Count<'a>>)>,
}

#[derive(Serialize)]
struct Count<'a> {
    value: &'a str,
    count: u64,
}

fn answer(
    state: &AppState,
    who: &Principal,
    keys: &[String],
    predicate: &Predicate,
) -> Result<Response, ApiError> {
    if keys.is_empty() {
        return Err(ApiError::input(
            "at least one facet is needed, for example facet=spec.type",
        ));
    }
    let counts = state.catalog().facets(who, keys, predicate)?;
    let facets = keys
        .iter()
        .zip(&counts)
        .map(|(key, counts)| {
            let counts = counts.iter().map(|(value, count)| Count {
                value,
                count: *count,
            });
            (key.as_str(), counts.collect())
        })
        .collect();
    json::from_value(&Answer { facets })
}

fn as_map<S: Serializer>(
    pairs: &[(&str, Vec<Count<'_>>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, counts)| (key, counts)))
}
