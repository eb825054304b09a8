//! Reading what is in a repository.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_integrations::{
    Method, StatusCode, encode_segment,
    github::{GitHubCall, RAW},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    GitHubClient,
    client::{json as read_json, unanswered},
};
use crate::{
    Branch, Commit, FolderEntry, FolderEntryKind, Repository, Result, ScmError,
    edits::{EXECUTABLE, EntryKind, PLAIN},
    names,
};

pub(super) const READ: &str = "Contents: read";
/// Answers with the id of a commit only.
const SHA: &str = "application/vnd.github.sha";
/// The newest commits of the first hundred branches, in one question.
const BRANCHES: &str = "query($owner: String!, $name: String!) { repository(owner: $owner, name: \
    $name) { refs(refPrefix: \"refs/heads/\", first: 100, orderBy: {field: ALPHABETICAL, \
    direction: ASC}) { nodes { name target { ... on Commit { oid messageHeadline committedDate \
    author { name } } } } } } }";

/// What GitHub says of a repository.
#[derive(Deserialize)]
pub(super) struct Info {
    pub(super) default_branch: String,
    #[serde(default = "yes")]
    pub(super) allow_merge_commit: bool,
    #[serde(default = "yes")]
    pub(super) allow_squash_merge: bool,
}

/// Who may not administer a repository is not told how it may be merged.
fn yes() -> bool {
    true
}

/// One path of a commit.
#[derive(Deserialize)]
pub(super) struct TreeEntry {
    pub(super) path: String,
    mode: String,
    pub(super) sha: String,
}

impl TreeEntry {
    pub(super) fn kind(&self) -> EntryKind {
        match self.mode.as_str() {
            PLAIN => EntryKind::File(PLAIN),
            EXECUTABLE => EntryKind::File(EXECUTABLE),
            "040000" => EntryKind::Folder,
            _ => EntryKind::Other,
        }
    }
}

#[derive(Deserialize)]
struct Tree {
    tree: Vec<TreeEntry>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    size: usize,
}

impl GitHubClient<'_> {
    pub(super) async fn info(&self) -> Result<Info> {
        let call = GitHubCall::get(self.path(""));
        let answer = self.call(call, "Metadata: read").await?;
        answer.json(&self.address.url()).map_err(unanswered)
    }

    pub(super) async fn describe(&self) -> Result<Repository> {
        Ok(Repository {
            name: format!("{}/{}", self.owner(), self.name()),
            url: self.address.url(),
            default_branch: self.info().await?.default_branch,
        })
    }

    /// The commit of a branch, tag or commit id; of the default branch when none.
    pub(super) async fn resolve(&self, reference: Option<&str>) -> Result<String> {
        let name = encode_segment(reference.unwrap_or("HEAD"));
        let call = GitHubCall::get(self.path(&format!("/commits/{name}"))).accept(SHA);
        let answer = self.ask(call).await?;
        match answer.status {
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT => {
                Err(ScmError::NotFound(match reference {
                    Some(reference) => format!("branch {reference} of {}", self.address.url()),
                    None => format!("the default branch of {}", self.address.url()),
                }))
            }
            status if status.is_success() => {
                Ok(String::from_utf8_lossy(&answer.body).trim().to_owned())
            }
            _ => Err(self.refused(&answer, READ)),
        }
    }

    /// The commit of a branch; `None` when there is no such branch.
    pub(super) async fn branch(&self, name: &str) -> Result<Option<String>> {
        let path = format!("/git/ref/heads/{}", encode_path(name));
        let found = self.find_at(&path, READ).await?;
        Ok(found.and_then(|it| it["object"]["sha"].as_str().map(str::to_owned)))
    }

    /// The first hundred branches, by name.
    pub(super) async fn branches(&self) -> Result<Vec<Branch>> {
        // GraphQL is beside the REST API, and only there are the commits told with the branches.
        let call = GitHubCall::new(Method::POST, "../graphql").json(&json!({
            "query": BRANCHES,
            "variables": {"owner": self.owner(), "name": self.name()},
        }));
        let answer = read_json(&self.call(call.repeatable(), READ).await?)?;
        let repository = &answer["data"]["repository"];
        if repository.is_null() {
            let said = answer["errors"][0]["message"].as_str().unwrap_or_default();
            return Err(ScmError::NotFound(format!(
                "{} ({said})",
                self.address.url()
            )));
        }
        let nodes = repository["refs"]["nodes"].as_array().into_iter().flatten();
        Ok(nodes.filter_map(branch).collect())
    }

    pub(super) async fn read_file(
        &self,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>> {
        let answer = self.ask(self.contents(reference, path).accept(RAW)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            // Is it the file that is missing, or more?
            self.resolve(reference).await?;
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(self.refused(&answer, READ));
        }
        let kind = answer.header("content-type").unwrap_or_default();
        if kind.starts_with("application/json") {
            return Ok(None);
        }
        if answer.body.len() > names::MAX_FILE_BYTES {
            return Err(ScmError::too_large(
                format!("\"{path}\""),
                format!("{} MiB", names::MAX_FILE_BYTES >> 20),
            ));
        }
        Ok(Some(answer.body))
    }

    /// GitHub lists the first thousand entries of a folder.
    pub(super) async fn folder(
        &self,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        let answer = self.ask(self.contents(reference, path)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            self.resolve(reference).await?;
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(self.refused(&answer, READ));
        }
        let Ok(listed) = answer.json::<Vec<Listed>>(path) else {
            return Ok(None);
        };
        let entries = listed.into_iter().map(|it| FolderEntry {
            kind: match it.kind.as_str() {
                "dir" => FolderEntryKind::Folder,
                "file" => FolderEntryKind::File,
                _ => FolderEntryKind::Other,
            },
            size: it.size,
            path: it.path,
        });
        let mut entries: Vec<FolderEntry> = entries.collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Some(entries))
    }

    fn contents(&self, reference: Option<&str>, path: &str) -> GitHubCall {
        let path = format!("/contents/{}", encode_path(path));
        let call = GitHubCall::get(self.path(path.trim_end_matches('/')));
        match reference {
            Some(reference) => call.query("ref", reference),
            None => call,
        }
    }

    pub(super) async fn find(&self, reference: Option<&str>, glob: &str) -> Result<Vec<String>> {
        let commit = self.resolve(reference).await?;
        let entries = self.entries(&commit).await?.into_iter();
        let files = entries.filter(|it| matches!(it.kind(), EntryKind::File(_)));
        names::matching(glob, files.map(|it| it.path))
    }

    /// Everything in a commit (or tree) but folders, by path.
    pub(super) async fn entries(&self, commit: &str) -> Result<Vec<TreeEntry>> {
        let call = GitHubCall::get(self.path(&format!("/git/trees/{commit}")));
        let answer = self.call(call.query("recursive", "1"), READ).await?;
        let mut tree: Tree = answer.json(&self.address.url()).map_err(unanswered)?;
        if tree.truncated {
            return Err(ScmError::too_large(self.address.url(), "100,000 files"));
        }
        tree.tree.retain(|it| it.kind() != EntryKind::Folder);
        tree.tree.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree.tree)
    }

    /// The content of an object.
    pub(super) async fn blob(&self, object: &str) -> Result<Vec<u8>> {
        let blob = self.get(&format!("/git/blobs/{object}"), READ).await?;
        let text: String = blob["content"]
            .as_str()
            .unwrap_or_default()
            .split('\n')
            .collect();
        let content = STANDARD.decode(text);
        content.map_err(|error| ScmError::Unavailable(format!("a file is not readable: {error}")))
    }

    /// The objects of the files of a commit, by path.
    pub(super) fn objects(entries: &[TreeEntry]) -> HashMap<&str, &str> {
        let pairs = entries.iter();
        pairs
            .map(|it| (it.path.as_str(), it.sha.as_str()))
            .collect()
    }
}

fn branch(node: &Value) -> Option<Branch> {
    let target = &node["target"];
    Some(Branch {
        name: node["name"].as_str()?.to_owned(),
        tip: Commit {
            id: target["oid"].as_str()?.to_owned(),
            title: target["messageHeadline"].as_str()?.to_owned(),
            author: target["author"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            at: millis(target["committedDate"].as_str()),
        },
    })
}

/// A time as GitHub writes it, in milliseconds; 0 for none.
pub(super) fn millis(time: Option<&str>) -> i64 {
    let parsed = time.and_then(|it| it.parse::<jiff::Timestamp>().ok());
    parsed.map_or(0, jiff::Timestamp::as_millisecond)
}

/// Encodes what may have several segments.
pub(super) fn encode_path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(encode_segment).collect();
    parts.join("/")
}
