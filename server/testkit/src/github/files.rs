//! Files and archives.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::{Call, Repository, not_found, said, told};

/// What is at a path: a file as it is, or what is in a folder.
pub(super) fn contents(repository: &Repository, call: &Call<'_>, path: &str) -> Response {
    let default = repository.settings["default_branch"].as_str();
    let reference = call.query.get("ref").map(String::as_str).or(default);
    let Some(commit) = repository.git.resolve(reference.unwrap_or_default()) else {
        return told((StatusCode::NOT_FOUND, said("No commit found for the ref")));
    };
    let tree = repository.git.tree_of(&commit);
    if let Some((_, object)) = tree.get(path) {
        let content = repository.git.blobs[object].clone();
        if call.accept.contains("raw") {
            let kind = [(header::CONTENT_TYPE, "application/vnd.github.raw+json")];
            return (kind, content).into_response();
        }
        let size = content.len();
        return told((
            StatusCode::OK,
            json!({"type": "file", "path": path, "size": size}),
        ));
    }
    let prefix = if path.is_empty() {
        String::new()
    } else {
        format!("{path}/")
    };
    let mut entries: Vec<Value> = Vec::new();
    for (file, (_, object)) in tree {
        let Some(rest) = file.strip_prefix(&prefix) else {
            continue;
        };
        let entry = match rest.split_once('/') {
            Some((folder, _)) => {
                json!({"type": "dir", "path": format!("{prefix}{folder}"), "size": 0})
            }
            None => {
                json!({"type": "file", "path": file, "size": repository.git.blobs[object].len()})
            }
        };
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    if entries.is_empty() {
        return told(not_found());
    }
    told((StatusCode::OK, entries.into()))
}

/// Everything in a commit.
pub(super) fn tarball(repository: &Repository, reference: &str) -> Response {
    let Some(commit) = repository.git.resolve(reference) else {
        return told(not_found());
    };
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, (mode, object)) in repository.git.tree_of(&commit) {
        let content = &repository.git.blobs[object];
        let mut head = tar::Header::new_gnu();
        head.set_size(content.len() as u64);
        head.set_mode(if mode == "100755" { 0o755 } else { 0o644 });
        let path = format!("contoso-repository-{}/{path}", &commit[..7]);
        let appended = archive.append_data(&mut head, path, content.as_slice());
        appended.expect("an archive in memory");
    }
    let archive = archive.into_inner().and_then(GzEncoder::finish);
    archive.expect("an archive in memory").into_response()
}
