//! Reading a repository.

use std::{
    collections::BTreeSet,
    io::{Cursor, Write as _},
};

use axum::{http::Method, response::IntoResponse as _};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Answer, Call, Refusal, answer, refuse,
    state::{Commit, Repository, blob_id},
};

pub(super) fn route(repository: &Repository, call: &Call, rest: &[&str]) -> Answer {
    match (&call.method, rest) {
        (&Method::GET, ["refs"]) => refs(repository, call),
        (&Method::GET, ["stats", "branches"]) => branches(repository),
        (&Method::GET, ["commits"]) => commits(repository),
        (&Method::GET, ["commits", id]) => answer(200, &one(repository, id)?),
        (&Method::GET, ["trees", id]) => tree(repository, call, id),
        (&Method::GET, ["items"]) => item(repository, call),
        (&Method::GET, ["diffs", "commits"]) => compare(repository, call),
        (&Method::POST, ["blobs"]) => blobs(repository, call),
        _ => refuse(404, "", "The controller for this path was not found."),
    }
}

fn refs(repository: &Repository, call: &Call) -> Answer {
    let filter = call.query.get("filter").map_or("", String::as_str);
    let prefix = format!("refs/{filter}");
    let found = repository
        .refs
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix));
    let found: Vec<Value> = found
        .map(|(name, id)| json!({"name": name, "objectId": id}))
        .collect();
    answer(200, &json!({"count": found.len(), "value": found}))
}

fn branches(repository: &Repository) -> Answer {
    if repository.commits.is_empty() {
        return refuse(
            404,
            "GitUnresolvableToCommitException",
            "VS403403: Cannot find any branches for the repository",
        );
    }
    let heads = repository
        .refs
        .iter()
        .filter_map(|(name, id)| Some((name.strip_prefix("refs/heads/")?, id)));
    let found = heads.map(|(name, id)| {
        Ok(json!({"name": name, "commit": one(repository, id)?, "aheadCount": 0}))
    });
    let found: Vec<Value> = found.collect::<Result<_, Refusal>>()?;
    answer(200, &json!({"count": found.len(), "value": found}))
}

fn commits(repository: &Repository) -> Answer {
    let Some(tip) = repository
        .default_branch
        .as_ref()
        .and_then(|it| repository.refs.get(it))
    else {
        return refuse(
            404,
            "GitUnresolvableToCommitException",
            "TF401175: the version descriptor could not be resolved",
        );
    };
    let found = repository.ancestors(tip);
    let found: Vec<Value> = found
        .iter()
        .map(|id| one(repository, id))
        .collect::<Result<_, Refusal>>()?;
    answer(200, &json!({"count": found.len(), "value": found}))
}

pub(super) fn one(repository: &Repository, id: &str) -> Result<Value, Refusal> {
    let commit = find(repository, id)?;
    // A tree is called after its commit: nothing but a name, for the peer.
    Ok(json!({
        "commitId": id, "treeId": id, "parents": commit.parents, "comment": commit.comment,
        "author": commit.author, "committer": commit.committer,
    }))
}

fn find<'a>(repository: &'a Repository, id: &str) -> Result<&'a Commit, Refusal> {
    match repository.commits.get(id) {
        Some(commit) => Ok(commit),
        None => refuse(
            404,
            "GitCommitDoesNotExistException",
            format!("TF401175: {id} does not exist"),
        ),
    }
}

fn tree(repository: &Repository, call: &Call, id: &str) -> Answer {
    if call.query.get("recursive").map(String::as_str) != Some("true") {
        return refuse(
            400,
            "ArgumentException",
            "the peer knows recursive trees only",
        );
    }
    let files = &find(repository, id)?.files;
    let mut entries = Vec::new();
    let mut folders = BTreeSet::new();
    for (path, file) in files {
        folders.extend(path.match_indices('/').map(|(at, _)| path[..at].to_owned()));
        entries.push(json!({
            "relativePath": path, "mode": file.mode, "gitObjectType": "blob",
            "objectId": blob_id(&file.content), "size": file.content.len(),
        }));
    }
    entries.extend(folders.iter().map(|path| json!({
        "relativePath": path, "mode": "40000", "gitObjectType": "tree", "objectId": blob_id(path.as_bytes()),
    })));
    answer(200, &json!({"objectId": id, "treeEntries": entries}))
}

fn item(repository: &Repository, call: &Call) -> Answer {
    let get = |name: &str| call.query.get(name).map_or("", String::as_str);
    let version = get("versionDescriptor.version");
    let commit = match get("versionDescriptor.versionType") {
        "commit" => version,
        "branch" => repository
            .refs
            .get(&format!("refs/heads/{version}"))
            .map_or("", String::as_str),
        _ => return refuse(400, "ArgumentException", "versionType is missing"),
    };
    let path = get("path").trim_start_matches('/');
    let files = &find(repository, commit)?.files;
    let missing = || {
        refuse(
            404,
            "GitItemNotFoundException",
            format!(
                "TF401174: The item '/{path}' could not be found in the repository at the version specified."
            ),
        )
    };
    let below = format!("{path}/");
    match (files.get(path), get("$format")) {
        (Some(file), "octetStream") => Ok(file.content.clone().into_response()),
        (Some(file), _) => answer(
            200,
            &json!({
                "objectId": blob_id(&file.content), "gitObjectType": "blob", "path": format!("/{path}"),
                "isSymLink": file.mode == "120000",
            }),
        ),
        (None, _) if files.keys().any(|it| it.starts_with(&below)) => answer(
            200,
            &json!({"gitObjectType": "tree", "isFolder": true, "path": format!("/{path}")}),
        ),
        (None, _) => missing(),
    }
}

fn compare(repository: &Repository, call: &Call) -> Answer {
    let get = |name: &str| call.query.get(name).map_or("", String::as_str);
    let (base, target) = (
        get("baseVersionDescriptor.version"),
        get("targetVersionDescriptor.version"),
    );
    find(repository, base)?;
    find(repository, target)?;
    let known = repository.ancestors(base);
    let common = repository
        .ancestors(target)
        .into_iter()
        .find(|it| known.contains(it));
    answer(
        200,
        &json!({"commonCommit": common, "baseCommit": base, "targetCommit": target, "changes": []}),
    )
}

fn blobs(repository: &Repository, call: &Call) -> Answer {
    let Some(wanted) = call.body.as_array() else {
        return refuse(400, "ArgumentException", "the body is a list of objects");
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = BTreeSet::new();
    for file in repository.commits.values().flat_map(|it| it.files.values()) {
        let id = blob_id(&file.content);
        if wanted.contains(&Value::String(id.clone())) && found.insert(id.clone()) {
            zip.start_file(id, SimpleFileOptions::default())
                .expect("an entry");
            zip.write_all(&file.content).expect("its content");
        }
    }
    if found.len() < wanted.len() {
        return refuse(
            404,
            "GitObjectDoesNotExistException",
            "TF401035: the object does not exist",
        );
    }
    Ok(zip
        .finish()
        .expect("an archive")
        .into_inner()
        .into_response())
}
