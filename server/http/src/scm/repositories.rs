//! `GET /api/scm/repositories` and `GET /api/scm/repositories/{name}`

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{local, schemas::Repository};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Segments},
    json,
    problem::ProblemBody,
};

/// A repository with its branches and owners.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RepositoryDetail)]
pub(super) struct Detail {
    #[serde(flatten)]
    repository: Repository,
    /// Its branches, by name.
    branches: Vec<Branch>,
    /// Who may merge changes to it, beside administrators: the owners of the entities that
    /// say they live in it.
    #[schema(example = json!(["group:default/orders"]))]
    owners: Vec<String>,
}

/// A branch and the commit it is at.
#[derive(Serialize, ToSchema)]
#[schema(as = RepositoryBranch)]
struct Branch {
    /// Its name.
    #[schema(example = "main")]
    name: String,
    /// Id of its newest commit.
    commit: String,
    /// The first line of that commit's message.
    #[schema(example = "Add Azure Cache for Redis")]
    title: String,
    /// Who made it.
    author: String,
    /// When, in milliseconds since 1970 (UTC).
    at: i64,
}

/// All repositories
///
/// Those that Portico keeps itself, by name.
#[utoipa::path(
    get,
    path = "/api/scm/repositories",
    tag = "source control",
    responses((status = 200, description = "The repositories", body = Vec<Repository>)),
)]
pub(super) async fn repositories(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<Response, ApiError> {
    let repositories = state.scm()?.kept(&who).await?;
    let repositories: Vec<_> = repositories.into_iter().map(Repository::from).collect();
    json::from_value(&repositories)
}

/// One repository
///
/// With its branches, and who may merge changes to it.
#[utoipa::path(
    get,
    path = "/api/scm/repositories/{name}",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository", example = "orders-api")),
    responses(
        (status = 200, description = "The repository", body = Detail),
        (status = 404, description = "There is no such repository", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn repository(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
) -> Result<Response, ApiError> {
    let (scm, url) = (state.scm()?, local(&name));
    let repository = scm.repository(&who, &url).await?.into();
    let branches = scm.branches(&who, &url).await?.into_iter();
    let branches = branches.map(|branch| Branch {
        name: branch.name,
        commit: branch.tip.id,
        title: branch.tip.title,
        author: branch.tip.author,
        at: branch.tip.at,
    });
    json::from_value(&Detail {
        repository,
        branches: branches.collect(),
        owners: scm.owners(&who, &url).await?,
    })
}
