//! `/api/catalog/entities/unprocessed`: what is in sources but not, or no longer freshly, in
//! the catalog. The shape is that of Backstage's module of the same name.

use axum::{extract::State, http::StatusCode, response::Response};
use portico_access::Principal;
use portico_catalog::{Catalog, SourceProblem};
use portico_model::{EntityRef, LocationRef};
use portico_store::{Severity, SourceStatus};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, UidPath},
    json,
    problem::ProblemBody,
};

/// Rows on one answer at most.
const LIMIT: usize = 1000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Only entities with this owner, as a reference; kind `group` may be left out.
    #[param(example = "group:default/team-orders")]
    owner: Option<String>,
}

/// Entities that wait, or that failed.
#[derive(Serialize, ToSchema)]
#[schema(as = UnprocessedEntities)]
pub(super) struct Unprocessed {
    /// `failed` or `pending`.
    #[serde(rename = "type")]
    #[schema(example = "failed")]
    kind: &'static str,
    entities: Vec<UnprocessedEntity>,
    /// How many there are in all; at most 1,000 are listed.
    total: u64,
}

/// One entity that waits, or that failed.
#[derive(Serialize, ToSchema)]
struct UnprocessedEntity {
    /// `metadata.uid` of the last good version, when there is one.
    entity_id: Option<String>,
    /// The entity, as far as its document tells.
    #[schema(example = "component:default/orders-api")]
    entity_ref: Option<String>,
    /// `type:target` of the file.
    location_key: String,
    /// What is wrong.
    errors: Vec<UnprocessedError>,
    /// When the source is read next, in milliseconds since 1970.
    next_update_at: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct UnprocessedError {
    /// `InputError`, `ConflictError`, …
    #[schema(example = "InputError")]
    name: &'static str,
    message: String,
    /// Line in the file, from 1.
    line: Option<i32>,
    /// Column in the file, from 1.
    column: Option<i32>,
}

/// Documents that failed
///
/// Each problem of a source: the catalog has an older version of the entity, or none.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/unprocessed/failed",
    tag = "unprocessed",
    params(Parameters),
    responses((status = 200, description = "The failed documents", body = Unprocessed)),
)]
pub(super) async fn failed_entities(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let catalog = state.catalog();
    let owner = parameters.owner.as_deref().map(parse_owner).transpose()?;
    let (problems, total) = catalog.problems(&who, None, 0, LIMIT).await?;
    let mut entities = Vec::new();
    for problem in problems {
        if problem.problem.severity != Severity::Error {
            continue;
        }
        let (entity_id, owned_by) = last_good_version(catalog, &who, &problem)?;
        if owner.is_none() || owner == owned_by {
            entities.push(failed(problem, entity_id));
        }
    }
    json::from_value(&Unprocessed {
        kind: "failed",
        entities,
        total,
    })
}

/// Sources that wait
///
/// Known to the catalog, and not read yet.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/unprocessed/pending",
    tag = "unprocessed",
    params(Parameters),
    responses((status = 200, description = "The waiting sources", body = Unprocessed)),
)]
pub(super) async fn pending_entities(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response, ApiError> {
    let (statuses, _) = state.catalog().source_statuses(&who, 0, LIMIT).await?;
    // Nobody owns what has not been read.
    let entities: Vec<UnprocessedEntity> = match parameters.owner {
        Some(_) => Vec::new(),
        None => statuses
            .into_iter()
            .filter(|source| source.read_at.is_none() && source.failures == 0)
            .map(pending)
            .collect(),
    };
    let total = entities.len() as u64;
    json::from_value(&Unprocessed {
        kind: "pending",
        entities,
        total,
    })
}

/// Forget the last good version of a failed entity
///
/// For owners of the entity and for administrators.
#[utoipa::path(
    delete,
    path = "/api/catalog/entities/unprocessed/delete/{entity_id}",
    tag = "unprocessed",
    params(("entity_id" = uuid::Uuid, Path, description = "`entity_id` of a failed entity")),
    responses(
        (status = 204, description = "The entity is gone"),
        (status = 404, description = "There is no such entity", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_unprocessed_entity(
    State(state): State<AppState>,
    Caller(who): Caller,
    UidPath(uid): UidPath,
) -> Result<Response, ApiError> {
    super::by_uid::delete(&state, &who, uid).await?;
    Ok(json::empty(StatusCode::NO_CONTENT))
}

fn parse_owner(text: &str) -> Result<String, ApiError> {
    EntityRef::parse(text, Some("group"), EntityRef::DEFAULT_NAMESPACE)
        .map(|owner| owner.to_string())
        .map_err(ApiError::input)
}

/// The id and the owner of the version that the catalog still has.
fn last_good_version(
    catalog: &Catalog,
    who: &Principal,
    problem: &SourceProblem,
) -> Result<(Option<String>, Option<String>), ApiError> {
    let Some(entity_ref) = &problem.problem.entity_ref else {
        return Ok((None, None));
    };
    let labels = catalog.labels_of(who, std::slice::from_ref(entity_ref))?;
    let label = labels.get(entity_ref);
    Ok((
        label.map(|label| label.id.to_string()),
        label
            .and_then(|label| label.owner.as_deref())
            .map(str::to_owned),
    ))
}

fn failed(problem: SourceProblem, entity_id: Option<String>) -> UnprocessedEntity {
    let SourceProblem { source, problem } = problem;
    UnprocessedEntity {
        entity_id,
        entity_ref: problem.entity_ref,
        location_key: source,
        errors: vec![UnprocessedError {
            name: if problem.code == "conflict" {
                "ConflictError"
            } else {
                "InputError"
            },
            message: problem.message,
            line: problem.line,
            column: problem.column,
        }],
        next_update_at: None,
    }
}

fn pending(source: SourceStatus) -> UnprocessedEntity {
    let location_key = source.key.to_string();
    let entity_ref = LocationRef::parse(&location_key)
        .ok()
        .map(|location| location.to_entity().entity_ref().to_string());
    UnprocessedEntity {
        entity_id: None,
        entity_ref,
        location_key,
        errors: Vec::new(),
        next_update_at: Some(source.next_read_at),
    }
}
