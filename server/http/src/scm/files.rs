//! `GET /api/scm/repositories/{name}/files`, `…/folders` and `…/tree`

use axum::{extract::State, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_scm::FolderEntryKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::local;
use crate::{
    AppState,
    error::ApiError,
    extract::{Caller, Query, Segments},
    json,
    problem::ProblemBody,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FileParameters {
    /// The file, from the root of the repository.
    #[param(example = "bicep/main.bicep")]
    path: String,
    /// Branch, tag or commit; the default branch when left out.
    #[param(example = "main")]
    r#ref: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FolderParameters {
    /// The folder, from the root of the repository; the root when left out.
    #[param(example = "bicep")]
    path: Option<String>,
    /// Branch, tag or commit; the default branch when left out.
    #[param(example = "main")]
    r#ref: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TreeParameters {
    /// Which files: `*` and `?` stop at `/`, `**` does not. All when left out.
    #[param(example = "**/*.csproj")]
    glob: Option<String>,
    /// Branch, tag or commit; the default branch when left out.
    #[param(example = "main")]
    r#ref: Option<String>,
}

/// A file.
#[derive(Serialize, ToSchema)]
#[schema(as = RepositoryFile)]
pub(super) struct File {
    /// From the root of the repository.
    #[schema(example = "README.md")]
    path: String,
    /// In bytes.
    #[schema(example = 9)]
    size: usize,
    /// How `content` is written: `utf-8`, or `base64` when it is no text.
    #[schema(example = "utf-8")]
    encoding: &'static str,
    /// All of it.
    #[schema(example = "# Orders\n")]
    content: String,
}

/// A file of a repository
///
/// At most 5 MiB. Links and folders are no files.
#[utoipa::path(
    get,
    path = "/api/scm/repositories/{name}/files",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository", example = "orders-api"), FileParameters),
    responses(
        (status = 200, description = "The file", body = File),
        (status = 400, description = "The path is not one, or the file is too large", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository, branch or file", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read_file(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
    Query(FileParameters { path, r#ref }): Query<FileParameters>,
) -> Result<Response, ApiError> {
    let content = state
        .scm()?
        .read_file(&who, &local(&name), r#ref.as_deref(), &path)
        .await?
        .ok_or_else(|| ApiError::NotFound(format!("the file \"{path}\" in {name}")))?;
    let size = content.len();
    let (encoding, content) = match String::from_utf8(content) {
        Ok(text) => ("utf-8", text),
        Err(error) => ("base64", STANDARD.encode(error.as_bytes())),
    };
    json::from_value(&File {
        path,
        size,
        encoding,
        content,
    })
}

/// Something directly in a folder.
#[derive(Serialize, ToSchema)]
#[schema(as = RepositoryEntry)]
pub(super) struct Entry {
    /// From the root of the repository.
    #[schema(example = "bicep/main.bicep")]
    path: String,
    /// `folder`, `file`, or `other`: a link or a submodule, which are not followed.
    #[schema(example = "file")]
    kind: &'static str,
    /// Of a file, in bytes; 0 for others.
    #[schema(example = 812)]
    size: usize,
}

/// A folder of a repository
///
/// What is directly in it: folders first, then by name.
#[utoipa::path(
    get,
    path = "/api/scm/repositories/{name}/folders",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository", example = "orders-api"), FolderParameters),
    responses(
        (status = 200, description = "What is in it", body = Vec<Entry>),
        (status = 400, description = "The path is not one", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository, branch or folder", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn read_folder(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
    Query(FolderParameters { path, r#ref }): Query<FolderParameters>,
) -> Result<Response, ApiError> {
    let path = path.unwrap_or_default();
    let found = state
        .scm()?
        .folder(&who, &local(&name), r#ref.as_deref(), &path)
        .await?
        .ok_or_else(|| ApiError::NotFound(format!("the folder \"{path}\" in {name}")))?;
    let entries = found.into_iter().map(|entry| Entry {
        path: entry.path,
        kind: match entry.kind {
            FolderEntryKind::Folder => "folder",
            FolderEntryKind::File => "file",
            FolderEntryKind::Other => "other",
        },
        size: entry.size,
    });
    json::from_value(&entries.collect::<Vec<_>>())
}

/// The files of a repository
///
/// The paths that match a glob, in order; at most 10,000.
#[utoipa::path(
    get,
    path = "/api/scm/repositories/{name}/tree",
    tag = "source control",
    params(("name" = String, Path, description = "Name of the repository", example = "orders-api"), TreeParameters),
    responses(
        (status = 200, description = "The paths", body = Vec<String>),
        (status = 400, description = "The glob is not one, or matches too much", body = ProblemBody<'static>, content_type = "application/problem+json"),
        (status = 404, description = "There is no such repository or branch", body = ProblemBody<'static>, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn find_files(
    State(state): State<AppState>,
    Caller(who): Caller,
    Segments(name): Segments<String>,
    Query(TreeParameters { glob, r#ref }): Query<TreeParameters>,
) -> Result<Response, ApiError> {
    let glob = glob.as_deref().unwrap_or("**");
    let found = state
        .scm()?
        .find(&who, &local(&name), r#ref.as_deref(), glob)
        .await?;
    json::from_value(&found)
}
