//! `GET /api/git/{name}/info/refs`

use axum::{extract::State, http::HeaderMap, response::Response};
use portico_scm::PackRequest;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{answer, is_version_2, repository};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, Segments},
    problem::ProblemBody,
};

/// What git says before what the server offers.
const SERVICE: &str = "001e# service=git-upload-pack\n0000";

/// Which service a git client wants.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// `git-upload-pack`
    #[serde(default)]
    service: String,
}

/// What a repository offers git clients
///
/// The beginning of `git clone <portal>/api/git/<name>.git`. Clients send a token as the password.
#[utoipa::path(
    get,
    path = "/api/git/{name}/info/refs",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository, with or without .git", example = "orders-api.git"), Parameters),
    responses(
        (status = 200, description = "Branches and tags, in git's protocol", content_type = "application/x-git-upload-pack-advertisement"),
        (status = 403, description = "Pushing is not possible; propose a change instead", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn git_info_refs(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    match parameters.service.as_str() {
        "git-upload-pack" => {}
        "git-receive-pack" => {
            return Err(ApiError::Forbidden(
                "repositories of the portal cannot be pushed to; propose the change instead \
                 (POST /api/scaffolder/v2/tasks with a template that opens a change request)",
            ));
        }
        _ => {
            return Err(ApiError::Input(
                "service: should be git-upload-pack; use a git of this century".to_owned(),
            ));
        }
    }
    let request = PackRequest {
        version_2: is_version_2(&headers),
        body: None,
    };
    let pack = state
        .scm()?
        .upload_pack(&who, &repository(&name), request)
        .await?;
    Ok(answer(
        "application/x-git-upload-pack-advertisement",
        SERVICE,
        pack,
    ))
}
