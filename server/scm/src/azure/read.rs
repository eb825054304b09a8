//! Reading what is in a repository.

use std::collections::HashMap;

use globset::GlobBuilder;
use portico_integrations::StatusCode;
use serde_json::Value;

use super::{
    client::{AzureClient, AzureScope},
    tree::TreeEntry,
};
use crate::{
    Branch, Commit, FolderEntry, FolderEntryKind, Repository, RepositoryFile, Result, ScmError,
    names::MAX_FILE_BYTES,
};

pub(super) const READ: &str = "Code (Read)";
/// How many files are read at once.
const MAX_FILES: usize = 20_000;
/// How large they are together, in bytes.
const MAX_BYTES: usize = 256 << 20;
/// Paths that one question answers with.
const MAX_FOUND: usize = 10_000;
const HEADS: &str = "refs/heads/";

impl AzureClient<'_> {
    /// What Azure DevOps says of the repository.
    pub(super) async fn info(&self) -> Result<Value> {
        self.get(AzureScope::Repository, "", &[], READ).await
    }

    pub(super) async fn describe(&self) -> Result<Repository> {
        let info = self.info().await?;
        Ok(Repository {
            name: self.name().to_owned(),
            url: self.url(),
            default_branch: default_branch(&info).unwrap_or_default(),
        })
    }

    pub(super) async fn branches(&self) -> Result<Vec<Branch>> {
        let scope = AzureScope::Repository;
        // A repository without commits has no statistics.
        let Some(found) = self.find(scope, "/stats/branches", &[], READ).await? else {
            self.info().await?;
            return Ok(Vec::new());
        };
        let found = found["value"].as_array().into_iter().flatten();
        let mut branches: Vec<Branch> = found
            .filter_map(|it| {
                Some(Branch {
                    name: it["name"].as_str()?.to_owned(),
                    tip: commit(&it["commit"]),
                })
            })
            .collect();
        branches.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(branches)
    }

    /// The newest commit of a branch; `None` when there is no such branch.
    pub(super) async fn branch(&self, name: &str) -> Result<Option<String>> {
        self.reference("heads", name).await
    }

    async fn reference(&self, kind: &str, name: &str) -> Result<Option<String>> {
        let filter = format!("{kind}/{name}");
        let query = [("filter", filter.as_str()), ("peelTags", "true")];
        let found = self
            .get(AzureScope::Repository, "/refs", &query, READ)
            .await?;
        // The filter is a prefix.
        let wanted = format!("refs/{filter}");
        let mut found = found["value"].as_array().into_iter().flatten();
        let found = found.find(|it| it["name"] == wanted);
        Ok(found.and_then(|it| {
            let object = it["peeledObjectId"].as_str().or(it["objectId"].as_str());
            object.map(str::to_owned)
        }))
    }

    /// The commit of a branch, a tag or a commit's id; of the default branch when none.
    pub(super) async fn resolve(&self, reference: Option<&str>) -> Result<String> {
        let name = match reference {
            Some(name) => name.to_owned(),
            None => default_branch(&self.info().await?)
                .ok_or_else(|| ScmError::NotFound(format!("a commit in {}", self.url())))?,
        };
        if let Some(commit) = self.branch(&name).await? {
            return Ok(commit);
        }
        if let Some(commit) = self.reference("tags", &name).await? {
            return Ok(commit);
        }
        let is_id = name.len() == 40 && name.bytes().all(|it| it.is_ascii_hexdigit());
        if is_id {
            let path = format!("/commits/{name}");
            let found = self.find(AzureScope::Repository, &path, &[], READ).await?;
            if found.is_some() {
                return Ok(name);
            }
        }
        Err(ScmError::NotFound(format!(
            "branch, tag or commit {name} of {}",
            self.url()
        )))
    }

    pub(super) async fn read_file(
        &self,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>> {
        let commit = self.resolve(reference).await?;
        let path = format!("/{path}");
        let mut query = vec![
            ("path", path.as_str()),
            ("versionDescriptor.versionType", "commit"),
            ("versionDescriptor.version", &commit),
            ("$format", "json"),
        ];
        let scope = AzureScope::Repository;
        let item = self.find(scope, "/items", &query, READ).await?;
        let Some(item) = item
            .filter(|it| it["gitObjectType"] == "blob" && it["isSymLink"].as_bool() != Some(true))
        else {
            return Ok(None);
        };
        query.pop();
        query.push(("$format", "octetStream"));
        let method = portico_integrations::Method::GET;
        let answer = self.ask(method, scope, ("/items", &query), None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let content = self.checked(answer, READ)?.body;
        if content.len() > MAX_FILE_BYTES {
            let what = item["path"].as_str().unwrap_or_default();
            let limit = format!("{} MiB", MAX_FILE_BYTES >> 20);
            return Err(ScmError::too_large(format!("\"{what}\""), limit));
        }
        Ok(Some(content))
    }

    pub(super) async fn folder(
        &self,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        let commit = self.resolve(reference).await?;
        let entries = self.entries(&commit).await?;
        let is_there = |it: &TreeEntry| it.is_folder() && it.path == folder;
        if !folder.is_empty() && !entries.iter().any(is_there) {
            return Ok(None);
        }
        let parent = |path: &str| path.rsplit_once('/').map_or("", |(parent, _)| parent).len();
        let inside = entries
            .into_iter()
            .filter(|it| &it.path[..parent(&it.path)] == folder)
            .map(|it| FolderEntry {
                kind: match () {
                    () if it.is_folder() => FolderEntryKind::Folder,
                    () if it.is_file() => FolderEntryKind::File,
                    () => FolderEntryKind::Other,
                },
                size: if it.is_file() { it.size } else { 0 },
                path: it.path,
            });
        Ok(Some(inside.collect()))
    }

    pub(super) async fn find_files(
        &self,
        reference: Option<&str>,
        glob: &str,
    ) -> Result<Vec<String>> {
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .map_err(|error| ScmError::invalid(format!("\"{glob}\" is no glob: {error}")))?
            .compile_matcher();
        let commit = self.resolve(reference).await?;
        let entries = self.entries(&commit).await?.into_iter();
        let found: Vec<String> = entries
            .filter(|it| it.is_file() && matcher.is_match(&it.path))
            .map(|it| it.path)
            .take(MAX_FOUND + 1)
            .collect();
        if found.len() > MAX_FOUND {
            return Err(ScmError::too_large(
                format!("what \"{glob}\" matches"),
                format!("{MAX_FOUND} files; write a narrower glob"),
            ));
        }
        Ok(found)
    }

    pub(super) async fn files(
        &self,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>> {
        let commit = self.resolve(reference).await?;
        let prefix = match folder.trim_matches('/') {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let entries = self.entries(&commit).await?.into_iter();
        let wanted: Vec<TreeEntry> = entries
            .filter(|it| it.is_file() && it.path.starts_with(&prefix))
            .collect();
        let bytes: usize = wanted.iter().map(|it| it.size).sum();
        if wanted.len() > MAX_FILES || bytes > MAX_BYTES {
            let limit = format!("{MAX_FILES} files or {} MiB", MAX_BYTES >> 20);
            return Err(ScmError::too_large(
                format!("the folder \"{folder}\""),
                limit,
            ));
        }
        let objects = wanted
            .iter()
            .map(|it| (it.object.as_str(), it.size))
            .collect();
        let contents: HashMap<String, Vec<u8>> = self.blobs(objects).await?;
        let files = wanted.iter().map(|it| {
            let content = contents.get(&it.object).cloned();
            let content = content.ok_or_else(|| {
                ScmError::Unavailable(format!("{} did not send {}", self.host(), it.path))
            })?;
            Ok(RepositoryFile {
                path: it.path[prefix.len()..].to_owned(),
                content,
                is_executable: it.is_executable(),
            })
        });
        files.collect()
    }
}

/// The default branch of a repository; `None` before there is a commit.
pub(super) fn default_branch(info: &Value) -> Option<String> {
    let name = info["defaultBranch"].as_str()?;
    Some(name.strip_prefix(HEADS).unwrap_or(name).to_owned())
}

/// A commit, as Azure DevOps describes it.
pub(super) fn commit(commit: &Value) -> Commit {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let comment = commit["comment"].as_str().unwrap_or_default();
    Commit {
        id: text(&commit["commitId"]),
        title: comment.lines().next().unwrap_or_default().to_owned(),
        author: text(&commit["author"]["name"]),
        at: millis(commit["author"]["date"].as_str()),
    }
}

/// A time as Azure DevOps writes it, in milliseconds; 0 for none.
pub(super) fn millis(time: Option<&str>) -> i64 {
    let parsed = time.and_then(|it| it.parse::<jiff::Timestamp>().ok());
    parsed.map_or(0, jiff::Timestamp::as_millisecond)
}
