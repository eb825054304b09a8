//! One repository: its settings, and what is kept beside its files.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Git, git::Commit, pulls::Pull};

#[derive(Debug, Default)]
pub(crate) struct Repository {
    pub(crate) git: Git,
    pub(crate) settings: Value,
    pub(crate) pulls: Vec<Pull>,
    /// Protections, hooks, keys, variables, …: by path.
    pub(crate) kept: BTreeMap<String, Vec<Value>>,
}

impl Repository {
    /// With the settings of a request to make it, and GitHub's own first commit when asked for.
    pub(crate) fn new(body: &Value) -> Self {
        let mut settings = json!({
            "default_branch": "main", "description": null, "private": false,
            "allow_merge_commit": true, "allow_squash_merge": true,
        });
        let fields = body.as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, _)| *name != "auto_init") {
            settings[name] = value.clone();
        }
        if settings["visibility"].is_null() {
            let private = settings["private"] == true;
            settings["visibility"] = if private { "private" } else { "public" }.into();
        }
        let mut repository = Self {
            settings,
            ..Self::default()
        };
        if body["auto_init"] == true {
            let readme = format!("# {}\n", body["name"].as_str().unwrap_or_default());
            let files = [("README.md", "100644", readme.as_bytes())];
            let files = files.into_iter();
            repository.git.push("main", files, "Initial commit");
        }
        repository
    }

    pub(crate) fn describe(&self, host: &str, owner: &str) -> Value {
        let name = self.settings["name"].as_str().unwrap_or_default();
        let mut shown = self.settings.clone();
        shown["full_name"] = format!("{owner}/{name}").into();
        shown["owner"] = json!({"login": owner});
        shown["html_url"] = format!("https://{host}/{owner}/{name}").into();
        shown["clone_url"] = format!("https://{host}/{owner}/{name}.git").into();
        shown["id"] = 1.into();
        shown
    }

    pub(crate) fn is_private(&self) -> bool {
        self.settings["visibility"] != "public"
    }

    /// Whether rules protect a branch.
    pub(crate) fn is_protected(&self, branch: &str) -> bool {
        self.kept
            .contains_key(&format!("branches/{branch}/protection"))
    }

    /// Keeps one more at a path.
    pub(crate) fn add(&mut self, path: String, body: Value) -> usize {
        let kept = self.kept.entry(path).or_default();
        kept.push(body);
        kept.len()
    }

    /// Moves a branch, by the rules.
    pub(crate) fn move_branch(&mut self, branch: &str, body: &Value) -> Answer {
        let refuse = |text: &str| (StatusCode::UNPROCESSABLE_ENTITY, super::said(text));
        let Some(at) = self.git.branches.get(branch) else {
            return refuse("Reference does not exist");
        };
        let to = body["sha"].as_str().unwrap_or_default();
        if !self.git.commits.contains_key(to) {
            return refuse("Object does not exist");
        }
        let forward = self.git.is_ancestor(at, to);
        if !forward && body["force"] != true {
            return refuse("Update is not a fast forward");
        }
        if self.is_protected(branch) {
            return refuse("Changes must be made through a pull request.");
        }
        if !forward && self.settings["forbids_force"] == true {
            return refuse("Repository rule violations found: Cannot force-push to this branch");
        }
        self.git.branches.insert(branch.to_owned(), to.to_owned());
        (StatusCode::OK, reference(branch, to))
    }

    /// Makes a commit of a request.
    pub(crate) fn commit(&mut self, body: &Value) -> Answer {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let parents = body["parents"].as_array().into_iter().flatten();
        let parents: Vec<String> = parents
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect();
        let known = parents.iter().all(|it| self.git.commits.contains_key(it));
        if !self.git.trees.contains_key(&text("tree")) || !known {
            let body = super::said("Tree SHA does not exist");
            return (StatusCode::UNPROCESSABLE_ENTITY, body);
        }
        for person in ["author", "committer"] {
            let fields = ["name", "email", "date"];
            if fields.iter().any(|field| !body[person][field].is_string()) {
                return super::invalid(person, "name, email and date are missing");
            }
        }
        let id = self.git.write_commit(Commit {
            tree: text("tree"),
            parents,
            message: text("message"),
            author: body["author"].clone(),
            committer: body["committer"].clone(),
        });
        (StatusCode::CREATED, self.git.describe(&id))
    }
}

pub(crate) fn reference(branch: &str, commit: &str) -> Value {
    json!({"ref": format!("refs/heads/{branch}"), "object": {"type": "commit", "sha": commit}})
}
