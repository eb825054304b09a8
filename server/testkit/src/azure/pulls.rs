//! Pull requests.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    Answer, Call, answer, check, reads, refuse,
    state::{Commit, Organization, Pull, Repository},
};

/// Characters that a description may have.
const MAX_DESCRIPTION: usize = 4_000;

pub(super) fn route(state: &mut Organization, call: &Call, id: &str, rest: &[&str]) -> Answer {
    let is_blocked = |target: &str| {
        state.policies.iter().any(|it| {
            it["isEnabled"] == true
                && it["isBlocking"] == true
                && it["settings"]["scope"][0]["refName"] == target
        })
    };
    let blocked: Vec<String> = ["refs/heads/main"]
        .iter()
        .filter(|it| is_blocked(it))
        .map(|it| (*it).to_owned())
        .collect();
    let Some(repository) = state.repositories.get_mut(id) else {
        return refuse(404, "", "gone");
    };
    match (&call.method, rest) {
        (&Method::GET, []) => list(repository, call),
        (&Method::POST, []) => create(repository, call),
        (method, [number, rest @ ..]) => {
            let index = number
                .parse::<usize>()
                .ok()
                .and_then(|it| it.checked_sub(1));
            let Some(index) = index.filter(|it| *it < repository.pulls.len()) else {
                return refuse(
                    404,
                    "GitPullRequestNotFoundException",
                    format!("TF401180: The requested pull request {number} was not found."),
                );
            };
            match (method, rest) {
                (&Method::GET, []) => {
                    complete(repository, index);
                    answer(200, &describe(repository, index))
                }
                (&Method::PATCH, []) => update(repository, call, index, &blocked),
                (&Method::GET, ["commits"]) => commits(repository, index),
                _ => refuse(404, "", "The controller for this path was not found."),
            }
        }
        _ => refuse(405, "", "not there"),
    }
}

fn create(repository: &mut Repository, call: &Call) -> Answer {
    let body = &call.body;
    check::fields(
        body,
        &["sourceRefName", "targetRefName", "title"],
        &[
            "description",
            "isDraft",
            "reviewers",
            "workItemRefs",
            "supportsIterations",
        ],
    )?;
    if body["description"]
        .as_str()
        .is_some_and(|it| it.chars().count() > MAX_DESCRIPTION)
    {
        return refuse(
            400,
            "InvalidArgumentValueException",
            "A maximum of 4000 characters is allowed in the description.",
        );
    }
    for side in ["sourceRefName", "targetRefName"] {
        let name = body[side].as_str().unwrap_or_default();
        if !repository.refs.contains_key(name) {
            return refuse(
                400,
                "GitRefNotFoundException",
                format!("TF401398: the {side} {name} does not exist"),
            );
        }
    }
    let same = |it: &Pull| {
        it.status == "active"
            && it.body["sourceRefName"] == body["sourceRefName"]
            && it.body["targetRefName"] == body["targetRefName"]
    };
    if repository.pulls.iter().any(same) {
        return refuse(
            409,
            "GitPullRequestExistsException",
            "TF401179: An active pull request for the source and target branch already exists.",
        );
    }
    repository.pulls.push(Pull {
        body: body.clone(),
        status: "active".to_owned(),
        completing: false,
        conflicts: false,
        merge_commit: None,
        deletes_source: false,
        head: None,
    });
    let made = describe(repository, repository.pulls.len() - 1);
    answer(201, &made)
}

fn list(repository: &Repository, call: &Call) -> Answer {
    let get = |name: &str| call.query.get(name).map(String::as_str);
    let status = get("searchCriteria.status").unwrap_or("active");
    let number =
        |name: &str, usual: usize| get(name).and_then(|it| it.parse().ok()).unwrap_or(usual);
    let is_wanted = |it: &Pull| {
        (status == "all" || it.status == status)
            && get("searchCriteria.sourceRefName")
                .is_none_or(|name| it.body["sourceRefName"] == name)
            && get("searchCriteria.targetRefName")
                .is_none_or(|name| it.body["targetRefName"] == name)
    };
    let found = (0..repository.pulls.len())
        .rev()
        .filter(|it| is_wanted(&repository.pulls[*it]));
    let page = found.skip(number("$skip", 0)).take(number("$top", 101));
    let page: Vec<Value> = page.map(|it| describe(repository, it)).collect();
    answer(200, &json!({"count": page.len(), "value": page}))
}

fn update(repository: &mut Repository, call: &Call, index: usize, blocked: &[String]) -> Answer {
    check::fields(
        &call.body,
        &[],
        &[
            "status",
            "lastMergeSourceCommit",
            "completionOptions",
            "autoCompleteSetBy",
            "title",
            "description",
        ],
    )?;
    let head = describe(repository, index)["lastMergeSourceCommit"].clone();
    let pull = &mut repository.pulls[index];
    match call.body["status"].as_str() {
        None => pull.body["autoCompleteSetBy"] = call.body["autoCompleteSetBy"].clone(),
        Some(_) if pull.status != "active" => {
            return refuse(
                400,
                "GitPullRequestNotEditableException",
                "TF401181: The pull request cannot be edited due to its state.",
            );
        }
        Some("abandoned") => "abandoned".clone_into(&mut pull.status),
        Some("completed") => {
            if call.body["lastMergeSourceCommit"]["commitId"] != head["commitId"] {
                return refuse(
                    409,
                    "GitPullRequestStaleException",
                    "TF401192: the source branch was changed since the merge was asked for",
                );
            }
            if blocked
                .iter()
                .any(|it| pull.body["targetRefName"] == it.as_str())
            {
                return refuse(
                    403,
                    "GitPullRequestUpdateRejectedByPolicyException",
                    "TF402455: Pushes to this branch are not permitted; required policies are not satisfied.",
                );
            }
            pull.completing = true;
            pull.deletes_source = call.body["completionOptions"]["deleteSourceBranch"] == true;
        }
        Some(other) => {
            return refuse(
                400,
                "InvalidArgumentValueException",
                format!("{other} is no status"),
            );
        }
    }
    answer(200, &describe(repository, index))
}

/// The host merges in the background: what was asked for is done when somebody looks.
fn complete(repository: &mut Repository, index: usize) {
    let pull = repository.pulls[index].clone();
    if !pull.completing || pull.conflicts {
        return;
    }
    let name = |side: &str| pull.body[side].as_str().unwrap_or_default().to_owned();
    let (source, target) = (
        repository.refs[&name("sourceRefName")].clone(),
        repository.refs[&name("targetRefName")].clone(),
    );
    let mut files = repository.commits[&target].files.clone();
    files.extend(repository.commits[&source].files.clone());
    let by =
        json!({"name": "Portico", "email": "p@contoso.example", "date": "2026-11-02T10:00:00Z"});
    let merged = repository.keep(Commit {
        comment: format!("Merged PR {}", index + 1),
        parents: vec![target, source.clone()],
        author: by.clone(),
        committer: by,
        files,
    });
    repository
        .refs
        .insert(name("targetRefName"), merged.clone());
    let pull = &mut repository.pulls[index];
    "completed".clone_into(&mut pull.status);
    pull.completing = false;
    pull.merge_commit = Some(merged);
    pull.head = Some(source);
    if pull.deletes_source {
        repository.refs.remove(&name("sourceRefName"));
    }
}

fn describe(repository: &Repository, index: usize) -> Value {
    let pull = &repository.pulls[index];
    let tip = |side: &str| {
        let name = pull.body[side].as_str().unwrap_or_default();
        let head = pull.head.as_ref().filter(|_| side == "sourceRefName");
        json!({"commitId": head.or_else(|| repository.refs.get(name))})
    };
    let mut described = pull.body.clone();
    described["pullRequestId"] = (index + 1).into();
    described["status"] = pull.status.as_str().into();
    described["creationDate"] = "2026-11-01T11:00:00.0000000Z".into();
    described["createdBy"] = json!({"id": "11111111-1111-1111-1111-111111111111", "displayName": "Portico", "uniqueName": "portico@contoso.example"});
    described["mergeStatus"] = if pull.conflicts {
        "conflicts"
    } else if pull.completing {
        "queued"
    } else {
        "succeeded"
    }
    .into();
    described["lastMergeSourceCommit"] = tip("sourceRefName");
    described["lastMergeTargetCommit"] = tip("targetRefName");
    if pull.status != "active" {
        described["closedDate"] = "2026-11-02T10:00:00Z".into();
    }
    if let Some(commit) = &pull.merge_commit {
        described["lastMergeCommit"] = json!({"commitId": commit});
    }
    described
}

fn commits(repository: &Repository, index: usize) -> Answer {
    let pull = &repository.pulls[index];
    let tip = |side: &str| {
        let name = pull.body[side].as_str().unwrap_or_default();
        repository
            .refs
            .get(name)
            .map(|it| repository.ancestors(it))
            .unwrap_or_default()
    };
    let known = tip("targetRefName");
    let own = tip("sourceRefName")
        .into_iter()
        .filter(|it| !known.contains(it));
    let own: Vec<Value> = own
        .filter_map(|it| reads::one(repository, &it).ok())
        .collect();
    answer(200, &json!({"count": own.len(), "value": own}))
}
