//! `/api/git`: git's smart HTTP protocol, for cloning the repositories that Portico keeps.
//!
//! Changes come back as change requests, so nothing can be pushed.

mod info_refs;
mod upload_pack;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use portico_scm::Pack;
use tokio_util::io::ReaderStream;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(info_refs::git_info_refs))
        .routes(routes!(upload_pack::git_upload_pack))
}

/// What services call the repository of `NAME.git` or `NAME`.
fn repository(name: &str) -> String {
    format!("local:{}", name.strip_suffix(".git").unwrap_or(name))
}

/// Whether the client speaks version 2 of the protocol.
fn is_version_2(headers: &HeaderMap) -> bool {
    let protocol = headers.get("git-protocol").and_then(|it| it.to_str().ok());
    protocol.is_some_and(|it| it.split(':').any(|part| part == "version=2"))
}

/// Git's answer as it comes; `first` goes before it.
fn answer(media_type: &'static str, first: &'static str, pack: Pack) -> Response {
    use futures::StreamExt as _;

    let first = futures::stream::iter([Ok(first.into())]);
    let body = Body::from_stream(first.chain(ReaderStream::new(pack)));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Packs are compressed already, and clients do not undo it.
        (
            header::CONTENT_ENCODING,
            HeaderValue::from_static("identity"),
        ),
    ];
    (headers, body).into_response()
}
