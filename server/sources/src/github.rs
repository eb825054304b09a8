//! Reading from GitHub and GitHub Enterprise: contents and trees APIs with `ETag`s.

use portico_config::GitHubIntegration;
use portico_integrations::{
    Answer, GitHubApi, StatusCode, encode_segment as encode,
    github::{GitHubCall, JSON, RAW},
};
use serde::Deserialize;

use crate::ReadError;
use crate::raw::{Listed, RawFile, RawOutcome};
use crate::target::{FilePattern, GitHubTarget};

/// One GitHub host.
pub(crate) struct GitHub<'a>(pub(crate) GitHubApi<'a>);

#[derive(Deserialize)]
struct Tree {
    tree: Vec<TreeEntry>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct TreeEntry {
    path: String,
    #[serde(rename = "type")]
    kind: String,
    sha: String,
    #[serde(default)]
    mode: String,
}

#[derive(Deserialize)]
struct Repository {
    default_branch: String,
    description: Option<String>,
}

impl GitHub<'_> {
    /// Reads one file.
    pub(crate) async fn read(
        &self,
        at: &GitHubTarget,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let path: Vec<_> = at.path.split('/').map(encode).collect();
        let mut call = call(at, &format!("/contents/{}", path.join("/"))).accept(RAW);
        if let Some(reference) = &at.reference {
            call = call.query("ref", reference);
        }
        let answer = self.0.send(call.unless(fingerprint)).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(RawOutcome::Unchanged);
        }
        self.check(&answer, at, target)?;
        if answer
            .header("content-type")
            .is_some_and(|it| it.starts_with("application/json"))
        {
            return Err(ReadError::invalid(
                target,
                "it is a folder; write /tree/ instead of /blob/ to read the catalog files in it",
            ));
        }
        let fingerprint = answer.header("etag").map(str::to_owned);
        Ok(RawOutcome::File(RawFile {
            content: answer.body,
            fingerprint,
        }))
    }

    /// Lists the files that a pattern matches.
    pub(crate) async fn expand(
        &self,
        at: &GitHubTarget,
        pattern: &FilePattern,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let at = self.with_reference(at, target).await?;
        let reference = at.reference.as_deref().unwrap_or("HEAD");
        let answer = self.tree(&at, reference, true, fingerprint).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(RawOutcome::Unchanged);
        }
        self.check(&answer, &at, target)?;
        let fingerprint = answer.header("etag").map(str::to_owned);
        let mut tree: Tree = answer.json(target)?;
        if tree.truncated {
            tree.tree = self.walk(&at, reference, &pattern.folder, target).await?;
        }
        let files = tree
            .tree
            .iter()
            .filter(|it| it.kind == "blob" && pattern.matches(&it.path));
        let found = files.map(|it| Listed::new(at.at(&it.path), &it.path, &it.mode));
        Ok(RawOutcome::expanded(found, fingerprint))
    }

    /// The repository's description.
    pub(crate) async fn description(
        &self,
        at: &GitHubTarget,
        target: &str,
    ) -> Result<Option<String>, ReadError> {
        let description = self.repository(at, target).await?.description;
        Ok(description.filter(|text| !text.trim().is_empty()))
    }

    /// Walks a tree too large for one answer, folder by folder, only where the pattern looks.
    async fn walk(
        &self,
        at: &GitHubTarget,
        root: &str,
        folder: &str,
        target: &str,
    ) -> Result<Vec<TreeEntry>, ReadError> {
        let mut files = Vec::new();
        let mut folders = vec![(String::new(), root.to_owned())];
        while let Some((prefix, sha)) = folders.pop() {
            let leads_there = |path: &str| {
                let inside = |a: &str, b: &str| a == b || a.starts_with(&format!("{b}/"));
                folder.is_empty() || inside(path, folder) || inside(folder, path)
            };
            // A folder may fit into one answer although the repository does not.
            let mut recursive = !prefix.is_empty();
            let mut tree = self.tree_entries(at, &sha, recursive, target).await?;
            if tree.truncated {
                recursive = false;
                tree = self.tree_entries(at, &sha, recursive, target).await?;
            }
            for mut entry in tree.tree {
                entry.path = format!("{prefix}{}", entry.path);
                match entry.kind.as_str() {
                    "blob" => files.push(entry),
                    "tree" if !recursive && leads_there(&entry.path) => {
                        folders.push((format!("{}/", entry.path), entry.sha));
                    }
                    _ => {}
                }
            }
        }
        Ok(files)
    }

    async fn tree_entries(
        &self,
        at: &GitHubTarget,
        tree: &str,
        recursive: bool,
        target: &str,
    ) -> Result<Tree, ReadError> {
        let answer = self.tree(at, tree, recursive, None).await?;
        self.check(&answer, at, target)?;
        Ok(answer.json(target)?)
    }

    async fn tree(
        &self,
        at: &GitHubTarget,
        tree: &str,
        recursive: bool,
        fingerprint: Option<&str>,
    ) -> Result<Answer, ReadError> {
        let mut call = call(at, &format!("/git/trees/{}", encode(tree))).accept(JSON);
        if recursive {
            call = call.query("recursive", "1");
        }
        Ok(self.0.send(call.unless(fingerprint)).await?)
    }

    /// Names the default branch where the address names none.
    async fn with_reference(
        &self,
        at: &GitHubTarget,
        target: &str,
    ) -> Result<GitHubTarget, ReadError> {
        let mut at = at.clone();
        if at.reference.is_none() {
            at.reference = Some(self.repository(&at, target).await?.default_branch);
        }
        Ok(at)
    }

    async fn repository(&self, at: &GitHubTarget, target: &str) -> Result<Repository, ReadError> {
        let answer = self.0.send(call(at, "")).await?;
        self.check(&answer, at, target)?;
        Ok(answer.json(target)?)
    }

    /// Turns a refusal into what the operator can do about it.
    fn check(&self, answer: &Answer, at: &GitHubTarget, target: &str) -> Result<(), ReadError> {
        let GitHubIntegration { key, host, .. } = self.0.integration();
        let used = self.0.credential_key();
        let repository = format!("{}/{}", at.owner, at.repository);
        if let Some(to) = answer.redirect() {
            let fix = format!("{host} redirects to {to}; correct {key}.apiBaseUrl");
            return Err(ReadError::denied(target, fix));
        }
        match (answer.status, used) {
            (StatusCode::UNAUTHORIZED, Some(used)) => Err(ReadError::denied(
                target,
                format!("{host} does not accept {used}; it may have expired or been revoked"),
            )),
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, None) => Err(ReadError::denied(
                target,
                format!(
                    "{host} wants a token; set {key}.token (or apps) to one that may read \
                     {repository}"
                ),
            )),
            (StatusCode::FORBIDDEN, Some(used)) => Err(ReadError::denied(
                target,
                format!(
                    "{used} may not read {repository}; grant it \"Contents: read\" (and \
                     authorise a token for single sign-on)"
                ),
            )),
            (StatusCode::NOT_FOUND, Some(used)) => Err(ReadError::not_found(
                target,
                format!("check branch and path, and that {used} may read {repository}"),
            )),
            (StatusCode::NOT_FOUND, None) => Err(ReadError::not_found(
                target,
                format!("check branch and path; if {repository} is private, set {key}.token"),
            )),
            (StatusCode::CONFLICT, _) => {
                Err(ReadError::not_found(target, "the repository is empty"))
            }
            (status, _) if status.is_success() => Ok(()),
            (status, _) => Err(ReadError::failed(
                target,
                format!("{host} answered {status}"),
            )),
        }
    }
}

/// A question about a repository.
fn call(at: &GitHubTarget, rest: &str) -> GitHubCall {
    let (owner, repository) = (encode(&at.owner), encode(&at.repository));
    GitHubCall::get(format!("repos/{owner}/{repository}{rest}"))
}
