//! `POST /api/git/{name}/git-upload-pack`

use std::io::Read as _;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use flate2::read::GzDecoder;
use portico_scm::PackRequest;

use super::{answer, is_version_2, repository};
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Segments},
    problem::ProblemBody,
};

/// What a client may ask at once, when it is unpacked.
const MAX_REQUEST: u64 = 8 << 20;

/// Download from a repository
///
/// What `git clone` and `git fetch` send.
#[utoipa::path(
    post,
    path = "/api/git/{name}/git-upload-pack",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository, with or without .git", example = "orders-api.git")),
    request_body(content_type = "application/x-git-upload-pack-request"),
    responses(
        (status = 200, description = "A pack, in git's protocol", content_type = "application/x-git-upload-pack-result"),
        (status = 404, description = "There is no such repository", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn git_upload_pack(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let request = PackRequest {
        version_2: is_version_2(&headers),
        body: Some(unpacked(&headers, &body)?),
    };
    let pack = state
        .scm()?
        .upload_pack(&who, &repository(&name), request)
        .await?;
    Ok(answer("application/x-git-upload-pack-result", "", pack))
}

/// Git packs what it asks when that is long.
fn unpacked(headers: &HeaderMap, body: &Bytes) -> Result<Vec<u8>, ApiError> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_none_or(|it| it == "identity") {
        return Ok(body.to_vec());
    }
    let mut plain = Vec::new();
    let read = GzDecoder::new(body.as_ref())
        .take(MAX_REQUEST + 1)
        .read_to_end(&mut plain);
    match read {
        Ok(read) if read as u64 <= MAX_REQUEST => Ok(plain),
        Ok(_) => Err(ApiError::Input("the request is too long".to_owned())),
        Err(error) => Err(ApiError::Input(format!("the request is no gzip: {error}"))),
    }
}
