//! Which request is answered by what.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::files::{contents, tarball};
use super::{
    Answer, Call, Repository, World, invalid, not_found, repository::reference, said, told,
};

pub(super) fn respond(world: &mut World, call: &Call<'_>) -> Response {
    let host = world.host.clone();
    match (call.method, call.path) {
        ("GET", ["users", login]) => told(match *login {
            "contoso" => (
                StatusCode::OK,
                json!({"login": "contoso", "type": "Organization"}),
            ),
            "ada" | "grace" => (
                StatusCode::OK,
                json!({"login": login, "type": "User", "id": 3}),
            ),
            _ => not_found(),
        }),
        ("GET", ["user"]) => told((StatusCode::OK, json!({"login": call.login}))),
        ("GET", ["user", "repos"]) => told((StatusCode::OK, list(world))),
        ("GET", ["installation", "repositories"]) => {
            let repositories = list(world);
            told((
                StatusCode::OK,
                json!({"total_count": 1, "repositories": repositories}),
            ))
        }
        ("POST", ["orgs", "contoso", "repos"]) => told(make(world, call, "contoso")),
        ("POST", ["user", "repos"]) => told(make(world, call, call.login)),
        ("POST", ["graphql"]) => told(graphql(world, call)),
        ("GET", ["codeload", owner, name, reference]) => {
            let key = ((*owner).to_owned(), (*name).to_owned());
            match world.repositories.get(&key) {
                Some(repository) => tarball(repository, reference),
                None => told(not_found()),
            }
        }
        ("GET", ["orgs", _, "teams", ..]) => told((StatusCode::OK, json!({"id": 7}))),
        ("POST", ["repos", owner, name, "forks"]) => told(fork(world, call, owner, name)),
        (_, ["repos", owner, name, below @ ..]) => {
            if call.method == "POST" && below == ["pulls"] {
                fetch_head(world, call, (owner, name));
            }
            let key = ((*owner).to_owned(), (*name).to_owned());
            match world.repositories.get_mut(&key) {
                // What is private does not exist for strangers.
                Some(it) if !it.is_private() || !call.login.is_empty() => {
                    in_repository(it, call, (&host, owner), below)
                }
                _ => told(not_found()),
            }
        }
        ("PUT" | "DELETE" | "POST", ["orgs", owner, "teams", _, "repos", _, name]) => {
            let key = ((*owner).to_owned(), (*name).to_owned());
            if let Some(repository) = world.repositories.get_mut(&key) {
                let team = call.path[3];
                repository.add(format!("teams/{team}"), call.body.clone());
            }
            told((StatusCode::NO_CONTENT, Value::Null))
        }
        _ => told(not_found()),
    }
}

fn list(world: &World) -> Value {
    let all = world.repositories.iter();
    all.map(|((owner, _), it)| it.describe(&world.host, owner))
        .collect()
}

fn make(world: &mut World, call: &Call<'_>, owner: &str) -> Answer {
    if call.login.is_empty() {
        return (StatusCode::UNAUTHORIZED, said("Requires authentication"));
    }
    let name = call.body["name"].as_str().unwrap_or_default();
    let key = (owner.to_owned(), name.to_owned());
    if world.repositories.contains_key(&key) {
        let (status, mut body) = invalid("name", "name already exists on this account");
        body["message"] = "Repository creation failed.".into();
        return (status, body);
    }
    let repository = Repository::new(&call.body);
    let shown = repository.describe(&world.host, owner);
    world.repositories.insert(key, repository);
    (StatusCode::CREATED, shown)
}

/// A copy that belongs to who asks: the one that is there, if it is.
fn fork(world: &mut World, call: &Call<'_>, owner: &str, name: &str) -> Answer {
    if call.login.is_empty() {
        return (StatusCode::UNAUTHORIZED, said("Requires authentication"));
    }
    let key = (owner.to_owned(), name.to_owned());
    let Some(upstream) = world.repositories.get(&key) else {
        return not_found();
    };
    let mut copy = Repository::new(&json!({"name": name, "fork": true}));
    copy.git = upstream.git.clone();
    let key = (call.login.to_owned(), name.to_owned());
    let fork = world.repositories.entry(key).or_insert(copy);
    (StatusCode::ACCEPTED, fork.describe(&world.host, call.login))
}

/// Brings the branch of a fork, as `owner:branch`, to where it is proposed.
fn fetch_head(world: &mut World, call: &Call<'_>, (owner, name): (&str, &str)) {
    let head = call.body["head"].as_str().unwrap_or_default();
    let Some((from, branch)) = head.split_once(':') else {
        return;
    };
    let fork = world.repositories.get(&(from.to_owned(), name.to_owned()));
    let Some(git) = fork.map(|it| it.git.clone()) else {
        return;
    };
    let key = (owner.to_owned(), name.to_owned());
    if let (Some(tip), Some(upstream)) =
        (git.branches.get(branch), world.repositories.get_mut(&key))
    {
        upstream.git.branches.insert(head.to_owned(), tip.clone());
        upstream.git.blobs.extend(git.blobs);
        upstream.git.trees.extend(git.trees);
        upstream.git.commits.extend(git.commits);
    }
}

fn graphql(world: &World, call: &Call<'_>) -> Answer {
    if call.login.is_empty() {
        return (
            StatusCode::UNAUTHORIZED,
            said("This endpoint requires you to be authenticated."),
        );
    }
    let text = |name: &str| {
        call.body["variables"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let Some(repository) = world.repositories.get(&(text("owner"), text("name"))) else {
        let error = json!({"type": "NOT_FOUND", "message": "Could not resolve to a Repository"});
        return (
            StatusCode::OK,
            json!({"data": {"repository": null}, "errors": [error]}),
        );
    };
    let nodes = repository.git.branches.iter().map(|(name, id)| {
        let commit = &repository.git.commits[id];
        json!({"name": name, "target": {
            "oid": id, "messageHeadline": commit.message.lines().next(),
            "committedDate": commit.committer["date"], "author": {"name": commit.author["name"]},
        }})
    });
    let refs = json!({"nodes": nodes.collect::<Vec<_>>()});
    (
        StatusCode::OK,
        json!({"data": {"repository": {"refs": refs}}}),
    )
}

fn in_repository(
    repository: &mut Repository,
    call: &Call<'_>,
    place: (&str, &str),
    below: &[&str],
) -> Response {
    if call.method != "GET" && call.login.is_empty() {
        return told((StatusCode::UNAUTHORIZED, said("Requires authentication")));
    }
    let is_empty = repository.git.branches.is_empty();
    match (call.method, below) {
        ("POST", ["git", ..]) | ("GET", ["commits", ..] | ["git", "trees", ..]) if is_empty => {
            told((StatusCode::CONFLICT, said("Git Repository is empty.")))
        }
        ("GET", []) => told((StatusCode::OK, repository.describe(place.0, place.1))),
        ("PATCH", []) => {
            if let Some(branch) = call.body["default_branch"].as_str()
                && !repository.git.branches.contains_key(branch)
            {
                let text = format!("The branch {branch} was not found.");
                return told(invalid("default_branch", &text));
            }
            for (name, value) in call.body.as_object().into_iter().flatten() {
                repository.settings[name] = value.clone();
            }
            told((StatusCode::OK, repository.describe(place.0, place.1)))
        }
        ("GET", ["tarball", reference]) => {
            // Archives are on a host of their own, or beside the API.
            let (owner, name) = (call.path[1], call.path[2]);
            let to = format!("http://{}/codeload/{owner}/{name}/{reference}", place.0);
            (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
        }
        ("PUT", ["contents", path @ ..]) => {
            let text = |name: &str| call.body[name].as_str().unwrap_or_default().to_owned();
            let content = STANDARD.decode(text("content")).expect("base64");
            let path = path.join("/");
            let files = [(path.as_str(), "100644", content.as_slice())];
            let (branch, message) = (text("branch"), text("message"));
            repository.git.push(&branch, files.into_iter(), &message);
            told((StatusCode::CREATED, json!({"content": {"path": path}})))
        }
        ("GET", ["contents", path @ ..]) => contents(repository, call, &path.join("/")),
        ("GET", ["commits", reference]) => {
            let branch = match *reference {
                "HEAD" => repository.settings["default_branch"]
                    .as_str()
                    .unwrap_or_default(),
                other => other,
            };
            match repository.git.resolve(branch) {
                Some(id) if call.accept == "application/vnd.github.sha" => id.into_response(),
                Some(id) => told((StatusCode::OK, json!({"sha": id}))),
                None => {
                    let text = format!("No commit found for SHA: {reference}");
                    told((StatusCode::UNPROCESSABLE_ENTITY, said(&text)))
                }
            }
        }
        (_, ["pulls", below @ ..]) => told(repository.answer_pulls(call, place, below)),
        _ => told(
            git(repository, call, below).unwrap_or_else(|| kept(repository, call, place, below)),
        ),
    }
}

/// Objects and references.
fn git(repository: &mut Repository, call: &Call<'_>, below: &[&str]) -> Option<Answer> {
    let created = |sha: String| (StatusCode::CREATED, json!({"sha": sha}));
    let unprocessable = |text: &str| (StatusCode::UNPROCESSABLE_ENTITY, said(text));
    let git = &mut repository.git;
    Some(match (call.method, below) {
        ("POST", ["git", "blobs"]) => git
            .blob_from(&call.body)
            .map_or_else(|| unprocessable("content is not base64"), created),
        ("POST", ["git", "trees"]) => match git.tree_from(&call.body) {
            Ok(sha) => created(sha),
            Err(text) => unprocessable(&text),
        },
        ("POST", ["git", "commits"]) => repository.commit(&call.body),
        ("GET", ["git", "blobs", sha]) => match git.blobs.get(*sha) {
            Some(content) => {
                let content = STANDARD.encode(content);
                (
                    StatusCode::OK,
                    json!({"sha": sha, "content": content, "encoding": "base64"}),
                )
            }
            None => not_found(),
        },
        ("GET", ["git", "trees", reference]) => {
            let Some(commit) = git.resolve(reference) else {
                return Some(not_found());
            };
            let tree = git.tree_of(&commit).iter().map(|(path, (mode, sha))| {
                json!({"path": path, "mode": mode, "type": "blob", "sha": sha,
                    "size": git.blobs[sha].len()})
            });
            let tree: Vec<Value> = tree.collect();
            (
                StatusCode::OK,
                json!({"sha": commit, "tree": tree, "truncated": false}),
            )
        }
        ("GET", ["git", "commits", id]) => match git.commits.contains_key(*id) {
            true => (StatusCode::OK, git.describe(id)),
            false => not_found(),
        },
        ("GET", ["commits"]) => {
            let default = repository.settings["default_branch"].as_str();
            let branch = call.query.get("sha").map(String::as_str).or(default);
            let history = git
                .history(&git.branches[branch.unwrap_or_default()])
                .into_iter();
            let commits = history.map(|id| json!({"sha": id, "commit": git.describe(&id)}));
            (StatusCode::OK, commits.collect())
        }
        ("GET", ["git", "ref", "heads", name @ ..]) => {
            let name = name.join("/");
            match git.branches.get(&name) {
                Some(commit) => (StatusCode::OK, reference(&name, commit)),
                None => not_found(),
            }
        }
        ("GET", ["git", "matching-refs", "heads"]) => {
            let all = git.branches.iter();
            let all: Vec<Value> = all.map(|(name, commit)| reference(name, commit)).collect();
            (StatusCode::OK, all.into())
        }
        ("POST", ["git", "refs"]) => {
            let name = call.body["ref"].as_str().unwrap_or_default();
            let Some(name) = name.strip_prefix("refs/heads/").map(str::to_owned) else {
                return Some(unprocessable("Reference name must start with 'refs/'"));
            };
            let sha = call.body["sha"].as_str().unwrap_or_default();
            if git.branches.contains_key(&name) {
                return Some(unprocessable("Reference already exists"));
            }
            if !git.commits.contains_key(sha) {
                return Some(unprocessable("Object does not exist"));
            }
            git.branches.insert(name.clone(), sha.to_owned());
            (StatusCode::CREATED, reference(&name, sha))
        }
        ("PATCH", ["git", "refs", "heads", name @ ..]) => {
            repository.move_branch(&name.join("/"), &call.body)
        }
        ("DELETE", ["git", "refs", "heads", name @ ..]) => {
            if repository.settings["default_branch"] == name.join("/") {
                return Some(unprocessable("Cannot delete the default branch"));
            }
            match git.branches.remove(&name.join("/")) {
                Some(_) => (StatusCode::NO_CONTENT, Value::Null),
                None => unprocessable("Reference does not exist"),
            }
        }
        _ => return None,
    })
}

/// Everything else that is put somewhere or added to a list.
fn kept(
    repository: &mut Repository,
    call: &Call<'_>,
    (host, owner): (&str, &str),
    below: &[&str],
) -> Answer {
    let path = below.join("/");
    let name = repository.settings["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let page = format!("https://{host}/{owner}/{name}/{path}");
    match (call.method, below) {
        ("GET", [.., "public-key"]) => {
            let key = STANDARD.encode(super::secrets::public_key());
            (
                StatusCode::OK,
                json!({"key_id": super::secrets::KEY_ID, "key": key}),
            )
        }
        ("GET", _) => match repository.kept.get(&path).and_then(|it| it.last()) {
            Some(last) => (StatusCode::OK, last.clone()),
            None => not_found(),
        },
        ("PUT", ["branches", branch, ..]) if !repository.git.branches.contains_key(*branch) => {
            (StatusCode::NOT_FOUND, said("Branch not found"))
        }
        ("PUT", ["collaborators", "nobody"]) => not_found(),
        ("POST", [.., "variables"]) => {
            let variable = call.body["name"].as_str().unwrap_or_default();
            let place = format!("{path}/{variable}");
            if repository.kept.contains_key(&place) {
                return (
                    StatusCode::CONFLICT,
                    said("Already exists - Variable already exists"),
                );
            }
            repository.add(place, call.body.clone());
            (StatusCode::CREATED, json!({}))
        }
        ("PATCH", _) if !path.starts_with("properties") && !repository.kept.contains_key(&path) => {
            not_found()
        }
        ("POST", ["actions", "workflows", .., "dispatches"]) => {
            repository.add(path, call.body.clone());
            match call.body["return_run_details"] == true {
                true => (
                    StatusCode::OK,
                    json!({
                        "workflow_run_id": 42, "run_url": format!("{page}/42"), "html_url": page,
                    }),
                ),
                false => (StatusCode::NO_CONTENT, Value::Null),
            }
        }
        ("POST", ["hooks"]) if call.body["config"]["url"].is_null() => {
            invalid("config", "config must contain a url")
        }
        ("POST", _) => {
            let kept = repository.kept.get(&path).into_iter().flatten();
            let unique = matches!(below, ["hooks" | "keys" | "autolinks" | "pages"]);
            if unique && kept.clone().any(|it| *it == call.body) {
                return invalid("url", "already exists on this repository");
            }
            let number = repository.add(path, call.body.clone());
            let html_url = format!("{page}/{number}");
            let status = match below {
                [
                    ..,
                    "labels" | "deployment-branch-policies" | "required_signatures",
                ] => StatusCode::OK,
                _ => StatusCode::CREATED,
            };
            (
                status,
                json!({
                    "id": number, "number": number, "html_url": html_url, "url": html_url,
                }),
            )
        }
        ("PUT" | "PATCH", ["actions", "secrets", ..] | ["environments", _, "secrets", ..]) => {
            repository.add(path, call.body.clone());
            (StatusCode::CREATED, json!({}))
        }
        ("PUT" | "PATCH", _) => {
            repository.add(path, call.body.clone());
            let status = match below {
                ["properties", ..] | ["actions", "variables", _] => StatusCode::NO_CONTENT,
                ["collaborators", ..] | ["actions", "oidc", ..] => StatusCode::CREATED,
                _ => StatusCode::OK,
            };
            (status, json!({"html_url": page}))
        }
        ("DELETE", _) => {
            repository.kept.remove(&path);
            (StatusCode::NO_CONTENT, Value::Null)
        }
        _ => not_found(),
    }
}
