//! `POST /api/catalog/locations`

use axum::{extract::State, response::Response};
use portico_access::Principal;
use portico_catalog::{LocationPreview, OnConflict};
use portico_config::ConflictStrategy;
use portico_store::SourceKey;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::{Location, LocationInput};
use crate::{
    AppState,
    catalog::schemas::EntityBody,
    error::ApiError,
    extract::{Caller, JsonBody, Query},
    json,
    problem::ProblemBody,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    /// Only say what would appear, and store nothing.
    #[serde(default, deserialize_with = "flag")]
    #[param(value_type = Option<bool>, example = false)]
    dry_run: bool,
    /// When the location is registered already: `refresh` it, or `reject` the request. The
    /// configuration (`catalog.defaultLocationConflictStrategy`) says what is default.
    #[param(inline, example = "refresh")]
    on_conflict: Option<Conflict>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Conflict {
    Refresh,
    Reject,
}

/// A registration, or what it would be.
#[derive(ToSchema)]
#[schema(as = LocationRegistration)]
#[expect(dead_code, reason = "the answer is put together as text")]
pub(super) struct Registration {
    location: Location,
    /// Of a dry run: the entities that would appear, without what the catalog adds to them.
    entities: Vec<EntityBody>,
    /// Of a dry run: whether the location is registered already.
    exists: Option<bool>,
    /// Of a dry run: what is wrong with its files.
    problems: Option<Vec<PreviewProblem>>,
}

/// Something wrong with a file of a location.
#[derive(ToSchema)]
#[schema(as = LocationProblem)]
#[expect(dead_code, reason = "the answer is put together as text")]
struct PreviewProblem {
    /// The file, as `type:target`.
    source: String,
    /// What is wrong.
    message: String,
    /// Line in the file, from 1.
    line: Option<i32>,
    /// Column in the file, from 1.
    column: Option<i32>,
    /// What to do about it.
    hint: Option<String>,
}

/// Register a location
///
/// Its entities appear as soon as it has been read, usually within a second. With
/// `dryRun=true` the location is read at once, nothing is stored, and the answer lists the
/// entities that would appear and every problem in its files.
#[utoipa::path(
    post,
    path = "/api/catalog/locations",
    tag = "locations",
    params(Parameters),
    request_body = LocationInput,
    responses(
        (status = 201, description = "The registration, or what it would be", body = Registration),
        (status = 400, description = "The location may not be registered, or cannot be read", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 409, description = "The location is registered already", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create_location(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
    JsonBody(location): JsonBody<LocationInput>,
) -> Result<Response, ApiError> {
    let key = SourceKey::from(location);
    check_type(&key)?;
    if parameters.dry_run {
        return preview(&state, &who, key).await;
    }
    let on_conflict = match (
        parameters.on_conflict,
        state.catalog().config().catalog.location_conflict,
    ) {
        (Some(Conflict::Refresh), _) | (None, ConflictStrategy::Refresh) => OnConflict::Refresh,
        (Some(Conflict::Reject), _) | (None, ConflictStrategy::Reject) => OnConflict::Reject,
    };
    let registration = state
        .catalog()
        .register_location(&who, &key, on_conflict)
        .await?;
    json::created(&json!({
        "location": Location::from(registration.location),
        "entities": [],
    }))
}

/// The API registers what can be read from anywhere, as clients of Backstage expect.
/// Local paths of a development portal are registered on its own page.
pub(super) fn check_type(key: &SourceKey) -> Result<(), ApiError> {
    if matches!(key.kind.as_str(), "url" | "git") {
        return Ok(());
    }
    Err(ApiError::Input(format!(
        "locations of type \"{}\" cannot be registered here; use \"url\" or \"git\"",
        key.kind
    )))
}

/// `true` or `false`, also in the other words that Backstage takes.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" | "1" | "yes" | "y" => Ok(true),
        "false" | "0" | "no" | "n" => Ok(false),
        other => Err(D::Error::custom(format!(
            "\"{other}\" is neither true nor false"
        ))),
    }
}

async fn preview(state: &AppState, who: &Principal, key: SourceKey) -> Result<Response, ApiError> {
    let LocationPreview {
        exists,
        entities,
        problems,
        ..
    } = state.catalog().preview_location(who, &key).await?;
    let location = Location {
        id: key.to_string(),
        kind: key.kind,
        target: key.target,
    };
    let problems: Vec<_> = problems
        .into_iter()
        .map(|(source, problem)| {
            json!({
                "source": source,
                "message": problem.message,
                "line": problem.line,
                "column": problem.column,
                "hint": problem.hint,
            })
        })
        .collect();
    let mut entity_texts = Vec::with_capacity(entities.len());
    for entity in entities {
        entity_texts.push(Some(entity.document.into()));
    }
    let prefix = format!(
        "{{\"location\":{},\"exists\":{exists},\"problems\":{},\"entities\":",
        json!(location),
        json!(problems)
    );
    let mut response = json::from_text(json::list(&prefix, &entity_texts, "}"));
    *response.status_mut() = axum::http::StatusCode::CREATED;
    Ok(response)
}
