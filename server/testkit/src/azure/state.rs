//! What the organisation keeps.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use uuid::Uuid;

use super::{PROJECT, Refusal, refuse};

/// Everything of one organisation.
#[derive(Debug)]
pub struct Organization {
    /// The id of its project.
    pub project_id: String,
    /// By id.
    pub repositories: BTreeMap<String, Repository>,
    /// Pipelines as they were made, with their ids from 1.
    pub pipelines: Vec<Value>,
    /// Runs of pipelines; each look at one moves it on.
    pub runs: Vec<Value>,
    /// How runs end: `succeeded`, `failed`, `canceled`; nothing for those that go on for ever.
    pub run_result: Option<String>,
    /// What pipelines may use, by `type/id`.
    pub permissions: BTreeMap<String, Value>,
    /// Policies of branches as they were made.
    pub policies: Vec<Value>,
    /// What was asked: method and path.
    pub log: Vec<String>,
    pub(crate) failing: Option<String>,
    pub(crate) throttled: usize,
}

/// A repository.
#[derive(Debug, Default)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// `refs/heads/…`, once there is a commit.
    pub default_branch: Option<String>,
    /// Commits of references.
    pub refs: BTreeMap<String, String>,
    /// By id.
    pub commits: BTreeMap<String, Commit>,
    /// Pull requests; the first is number 1.
    pub pulls: Vec<Pull>,
}

/// A commit with all files.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The message.
    pub comment: String,
    /// What it follows.
    pub parents: Vec<String>,
    /// Name, email and date.
    pub author: Value,
    /// The same of who made it.
    pub committer: Value,
    /// By path, without a leading slash.
    pub files: BTreeMap<String, File>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Git's.
    pub mode: &'static str,
    /// All of it.
    pub content: Vec<u8>,
}

/// A pull request.
#[derive(Clone, Debug)]
pub struct Pull {
    /// As it was made, and changed.
    pub body: Value,
    /// `active`, `completed`, `abandoned`.
    pub status: String,
    /// It is being completed: the next look finds it done.
    pub completing: bool,
    /// The two branches cannot be merged.
    pub conflicts: bool,
    /// The commit that brought it in.
    pub merge_commit: Option<String>,
    /// Its branch goes with its completion.
    pub deletes_source: bool,
    /// The commit of its branch when it was brought in.
    pub head: Option<String>,
}

impl Organization {
    pub(super) fn new() -> Self {
        Self {
            project_id: Uuid::new_v4().to_string(),
            repositories: BTreeMap::new(),
            pipelines: Vec::new(),
            runs: Vec::new(),
            run_result: Some("succeeded".to_owned()),
            permissions: BTreeMap::new(),
            policies: Vec::new(),
            log: Vec::new(),
            failing: None,
            throttled: 0,
        }
    }

    pub(super) fn check_project(&self, name: &str) -> Result<(), Refusal> {
        if name.eq_ignore_ascii_case(PROJECT) || name == self.project_id {
            return Ok(());
        }
        refuse(
            404,
            "ProjectDoesNotExistWithNameException",
            format!("TF200016: The following project does not exist: {name}."),
        )
    }

    /// The id of the repository with this name or id.
    pub(super) fn id_of(&self, name: &str) -> Option<String> {
        let found = self
            .repositories
            .iter()
            .find(|(id, it)| *id == name || it.name.eq_ignore_ascii_case(name));
        found.map(|(id, _)| id.clone())
    }

    /// The repository with this name.
    pub fn repository(&self, name: &str) -> Option<&Repository> {
        self.repositories.get(&self.id_of(name)?)
    }

    /// The same, to change.
    pub fn repository_mut(&mut self, name: &str) -> Option<&mut Repository> {
        let id = self.id_of(name)?;
        self.repositories.get_mut(&id)
    }

    /// Adds a repository with one commit of these files on `main`; gives its id.
    pub fn add(&mut self, name: &str, files: &[(&str, &str)]) -> String {
        let id = Uuid::new_v4().to_string();
        let mut repository = Repository {
            name: name.to_owned(),
            ..Repository::default()
        };
        if !files.is_empty() {
            let files = files.iter().map(|(path, content)| {
                let is_script = content.starts_with("#!");
                let mode = if is_script { "100755" } else { "100644" };
                let content = content.as_bytes().to_vec();
                ((*path).to_owned(), File { mode, content })
            });
            let commit = repository.commit("main", "Begin", files.collect());
            repository.default_branch = Some("refs/heads/main".to_owned());
            repository.refs.insert("refs/heads/main".to_owned(), commit);
        }
        self.repositories.insert(id.clone(), repository);
        id
    }

    pub(super) fn describe(&self, id: &str, repository: &Repository) -> Value {
        let mut described = json!({
            "id": id,
            "name": repository.name,
            "project": {"id": self.project_id, "name": PROJECT, "state": "wellFormed"},
            "size": 0,
            "isDisabled": false,
            "remoteUrl": format!("https://peer/{PROJECT}/_git/{}", repository.name),
        });
        if let Some(branch) = &repository.default_branch {
            described["defaultBranch"] = branch.as_str().into();
        }
        described
    }
}

impl Repository {
    /// Somebody pushes a commit of these files, behind the newest of the branch.
    pub fn commit(&mut self, branch: &str, comment: &str, files: BTreeMap<String, File>) -> String {
        let reference = format!("refs/heads/{branch}");
        let by =
            json!({"name": "Ada", "email": "ada@contoso.example", "date": "2026-11-01T10:00:00Z"});
        let commit = Commit {
            comment: comment.to_owned(),
            parents: self.refs.get(&reference).cloned().into_iter().collect(),
            author: by.clone(),
            committer: by,
            files,
        };
        let id = self.keep(commit);
        self.refs.insert(reference, id.clone());
        id
    }

    pub(super) fn keep(&mut self, commit: Commit) -> String {
        let mut hash = Sha1::new();
        hash.update(format!("{} {:?}", self.commits.len(), commit));
        let id = hex::encode(hash.finalize());
        self.commits.insert(id.clone(), commit);
        id
    }

    /// The text of a file on a branch.
    pub fn text(&self, branch: &str, path: &str) -> Option<String> {
        let commit = self.refs.get(&format!("refs/heads/{branch}"))?;
        let file = self.commits.get(commit)?.files.get(path)?;
        Some(String::from_utf8_lossy(&file.content).into_owned())
    }
}

/// The id git gives to a file with this content.
pub(super) fn blob_id(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    hex::encode(hash.finalize())
}

/// The content of a change of a push.
pub(super) fn new_content(change: &Value) -> Result<Vec<u8>, Refusal> {
    let content = change["newContent"]["content"].as_str();
    match (content, change["newContent"]["contentType"].as_str()) {
        (Some(text), Some("rawtext")) => Ok(text.as_bytes().to_vec()),
        (Some(text), Some("base64encoded")) => STANDARD
            .decode(text)
            .or_else(|_| refuse(400, "ArgumentException", "the content is no base64")),
        _ => refuse(400, "ArgumentException", "newContent is missing"),
    }
}
