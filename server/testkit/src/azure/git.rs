//! Repositories, and pushes to them.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    Answer, Call, ORGANIZATION, PROJECT, Refusal, answer, check, pulls, reads, refuse,
    state::{Commit, File, Organization, Repository, new_content},
};

const NOTHING: &str = "0000000000000000000000000000000000000000";

pub(super) fn project(state: &Organization, name: &str) -> Answer {
    state.check_project(name)?;
    answer(
        200,
        &json!({"id": state.project_id, "name": PROJECT, "state": "wellFormed"}),
    )
}

pub(super) fn list(state: &Organization, _project: Option<&str>) -> Answer {
    let all = state.repositories.iter();
    let all: Vec<Value> = all.map(|(id, it)| state.describe(id, it)).collect();
    answer(200, &json!({"count": all.len(), "value": all}))
}

pub(super) fn create(state: &mut Organization, call: &Call) -> Answer {
    check::fields(&call.body, &["name"], &["project", "parentRepository"])?;
    let project = call.body["project"]["id"].as_str();
    if project.is_some_and(|id| id != state.project_id) {
        return refuse(
            404,
            "ProjectDoesNotExistException",
            "TF200016: the project does not exist",
        );
    }
    let name = call.body["name"].as_str().unwrap_or_default();
    check_name(state, name)?;
    let id = state.add(name, &[]);
    let described = state.describe(&id, &state.repositories[&id]);
    answer(201, &described)
}

fn check_name(state: &Organization, name: &str) -> Result<(), Refusal> {
    if name.is_empty() || name.len() > 64 || name.contains(['/', ':', '*']) {
        return refuse(
            400,
            "InvalidGitRepositoryNameException",
            format!("{name} is not a valid name"),
        );
    }
    match state.id_of(name) {
        Some(_) => refuse(
            409,
            "GitRepositoryNameAlreadyExistsException",
            format!("TF400948: A Git repository with the name {name} already exists."),
        ),
        None => Ok(()),
    }
}

pub(super) fn route(
    state: &mut Organization,
    call: &Call,
    repository: &str,
    rest: &[&str],
) -> Answer {
    let Some(id) = state.id_of(repository) else {
        return refuse(
            404,
            "GitRepositoryNotFoundException",
            format!(
                "TF401019: The Git repository with name or identifier {repository} does not exist or you do not have permissions for the operation you are attempting."
            ),
        );
    };
    match (&call.method, rest) {
        (&Method::GET, []) => answer(200, &state.describe(&id, &state.repositories[&id])),
        (&Method::PATCH, []) => update(state, call, &id),
        (&Method::DELETE, []) => {
            state.repositories.remove(&id);
            answer(204, &Value::Null)
        }
        (&Method::POST, ["pushes"]) => push(state, call, &id),
        (_, [first, ..]) if first.eq_ignore_ascii_case("pullrequests") => {
            pulls::route(state, call, &id, &rest[1..])
        }
        _ => match state.repositories.get(&id) {
            Some(repository) => reads::route(repository, call, rest),
            None => refuse(404, "", "gone"),
        },
    }
}

fn update(state: &mut Organization, call: &Call, id: &str) -> Answer {
    check::fields(&call.body, &[], &["name", "defaultBranch"])?;
    if let Some(name) = call.body["name"].as_str() {
        check_name(state, name)?;
    }
    let Some(repository) = state.repositories.get_mut(id) else {
        return refuse(404, "", "gone");
    };
    if let Some(branch) = call.body["defaultBranch"].as_str() {
        if !repository.refs.contains_key(branch) {
            return refuse(
                400,
                "GitRefNotFoundException",
                format!("{branch} does not exist"),
            );
        }
        repository.default_branch = Some(branch.to_owned());
    }
    if let Some(name) = call.body["name"].as_str() {
        name.clone_into(&mut repository.name);
    }
    answer(200, &state.describe(id, &state.repositories[id]))
}

fn push(state: &mut Organization, call: &Call, id: &str) -> Answer {
    check::fields(&call.body, &["refUpdates", "commits"], &[])?;
    let (update, commit) = (&call.body["refUpdates"][0], &call.body["commits"][0]);
    check::fields(update, &["name", "oldObjectId"], &["newObjectId"])?;
    check::fields(
        commit,
        &["comment", "changes"],
        &["author", "committer", "parents"],
    )?;
    let Some(repository) = state.repositories.get_mut(id) else {
        return refuse(404, "", "gone");
    };
    let name = update["name"].as_str().unwrap_or_default();
    let old = update["oldObjectId"].as_str().unwrap_or_default();
    if !name.starts_with("refs/heads/") {
        return refuse(
            400,
            "InvalidArgumentValueException",
            "the reference is no branch",
        );
    }
    let parent = match (repository.refs.get(name), old) {
        (None, NOTHING) if repository.commits.is_empty() => None,
        (Some(tip), old) if tip == old => Some(old.to_owned()),
        // A new branch begins at the commit that is named.
        (None, old) if repository.commits.contains_key(old) => Some(old.to_owned()),
        _ => {
            return refuse(
                409,
                "GitReferenceStaleException",
                format!(
                    "TF401028: The reference '{name}' has already been updated by another client, so you cannot update it. Please try again."
                ),
            );
        }
    };
    let mut files = parent
        .as_ref()
        .map(|it| repository.commits[it].files.clone())
        .unwrap_or_default();
    for change in commit["changes"].as_array().into_iter().flatten() {
        check::fields(change, &["changeType", "item"], &["newContent"])?;
        let path = change["item"]["path"]
            .as_str()
            .and_then(|it| it.strip_prefix('/'));
        let Some(path) = path else {
            return refuse(
                400,
                "InvalidArgumentValueException",
                "a path begins with a slash",
            );
        };
        let there = files.get(path).cloned();
        match (change["changeType"].as_str(), there) {
            (Some("add"), None) => {
                let content = new_content(change)?;
                files.insert(
                    path.to_owned(),
                    File {
                        mode: "100644",
                        content,
                    },
                );
            }
            (Some("edit"), Some(file)) => {
                let content = new_content(change)?;
                files.insert(path.to_owned(), File { content, ..file });
            }
            (Some("delete"), Some(_)) => {
                files.remove(path);
            }
            (kind, there) => {
                let is = if there.is_some() {
                    "exists"
                } else {
                    "does not exist"
                };
                return refuse(
                    400,
                    "GitItemConflictException",
                    format!("TF401027: {kind:?} of /{path}, which {is}"),
                );
            }
        }
    }
    let made = repository.keep(Commit {
        comment: commit["comment"].as_str().unwrap_or_default().to_owned(),
        parents: parent.into_iter().collect(),
        author: commit["author"].clone(),
        committer: commit["committer"].clone(),
        files,
    });
    repository.refs.insert(name.to_owned(), made.clone());
    if repository.default_branch.is_none() {
        repository.default_branch = Some(name.to_owned());
    }
    answer(
        201,
        &json!({
            "pushId": repository.commits.len(),
            "commits": [{"commitId": made, "comment": commit["comment"]}],
            "refUpdates": [{"repositoryId": id, "name": name, "oldObjectId": old, "newObjectId": made}],
            "url": format!("https://peer/{ORGANIZATION}"),
        }),
    )
}

impl Repository {
    /// Everything that a commit follows, itself first.
    pub(super) fn ancestors(&self, commit: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut next = vec![commit.to_owned()];
        while let Some(id) = next.pop() {
            if found.contains(&id) {
                continue;
            }
            next.extend(
                self.commits
                    .get(&id)
                    .into_iter()
                    .flat_map(|it| it.parents.clone()),
            );
            found.push(id);
        }
        found
    }
}
