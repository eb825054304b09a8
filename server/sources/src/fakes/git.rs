//! A git server behind HTTP Basic: `git http-backend` as the CGI program that it is.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::serve;

/// Serves the repositories in a folder to who has the credentials. Gives `host:port`.
pub(crate) async fn serve_git(folder: &Path, authorization: String) -> String {
    let state = (folder.to_owned(), authorization);
    serve(Router::new().fallback(answer).with_state(state))
        .await
        .to_string()
}

async fn answer(
    State((folder, authorization)): State<(PathBuf, String)>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    if head
        .headers
        .get(header::AUTHORIZATION)
        .is_none_or(|it| it != authorization.as_str())
    {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"git\"")];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let text = |name: &str| {
        let value = head.headers.get(name).and_then(|it| it.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", head.method.as_str())
        .env("PATH_INFO", head.uri.path())
        .env("QUERY_STRING", head.uri.query().unwrap_or_default())
        .env("CONTENT_TYPE", text("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", text("content-encoding"))
        .env("GIT_PROTOCOL", text("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&body).await.unwrap();
    respond(&child.wait_with_output().await.unwrap().stdout.into())
}

/// Turns CGI output (headers, an empty line, the body) into a response.
fn respond(output: &Bytes) -> Response {
    let end = output.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let mut status = StatusCode::OK;
    let mut headers = HeaderMap::new();
    for line in std::str::from_utf8(&output[..end]).unwrap().lines() {
        let (name, value) = line.split_once(": ").unwrap();
        if name == "Status" {
            status = value[..3].parse().unwrap();
        } else {
            headers.insert(
                name.parse::<header::HeaderName>().unwrap(),
                value.parse().unwrap(),
            );
        }
    }
    (status, headers, output.slice(end + 4..)).into_response()
}
