//! Reading from GitHub and GitHub Enterprise: contents and trees APIs with `ETag`s.

mod app;

use portico_config::{GitHubIntegration, Secret};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use serde::Deserialize;
use url::Url;

use crate::http::{Answer, Http, Request};
use crate::target::github::encode;
use crate::target::{FilePattern, GitHubTarget};
use crate::{ReadError, ReadFile, ReadOutcome};

pub(crate) use app::AppTokens;

const RAW: &str = "application/vnd.github.raw+json";
const JSON: &str = "application/vnd.github+json";
const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// One GitHub host.
pub(crate) struct GitHub<'a> {
    pub(crate) http: &'a Http,
    pub(crate) integration: &'a GitHubIntegration,
    pub(crate) credential: Option<Credential>,
}

/// What signs in to a host, and where in the configuration it comes from.
pub(crate) struct Credential {
    pub(crate) token: Secret,
    pub(crate) key: String,
}

impl Credential {
    /// For an owner's repositories: an app that the owner installed, else the token.
    pub(crate) async fn of(
        http: &Http,
        apps: &AppTokens,
        host: &GitHubIntegration,
        owner: &str,
        target: &str,
    ) -> Result<Option<Self>, ReadError> {
        if let Some((token, key)) = apps.token(http, host, owner, target).await? {
            let key = key.to_owned();
            return Ok(Some(Self { token, key }));
        }
        Ok(host.token.clone().map(|token| Self {
            token,
            key: format!("{}.token", host.key),
        }))
    }
}

/// Adds the `Authorization` header.
fn bearer(
    headers: &mut HeaderMap,
    token: &Secret,
    key: &str,
    target: &str,
) -> Result<(), ReadError> {
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose()));
    let mut value = value
        .map_err(|_| ReadError::denied(target, format!("{key} is not a token; set it again")))?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(())
}

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
    ) -> Result<ReadOutcome, ReadError> {
        let path: Vec<_> = at.path.split('/').map(encode).collect();
        let mut url = self.url(target, at, &format!("contents/{}", path.join("/")))?;
        if let Some(reference) = &at.reference {
            url.query_pairs_mut().append_pair("ref", reference);
        }
        let answer = self.get(target, url, RAW, fingerprint).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(ReadOutcome::Unchanged);
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
        Ok(ReadOutcome::File(ReadFile {
            text: answer.text(target)?,
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
    ) -> Result<ReadOutcome, ReadError> {
        let at = self.with_reference(at, target).await?;
        let reference = at.reference.as_deref().unwrap_or("HEAD");
        let answer = self.tree(&at, reference, true, target, fingerprint).await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(ReadOutcome::Unchanged);
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
        let mut targets: Vec<_> = files.map(|it| at.at(&it.path)).collect();
        targets.sort_unstable();
        Ok(ReadOutcome::Expanded {
            targets,
            fingerprint,
        })
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
        let answer = self.tree(at, tree, recursive, target, None).await?;
        self.check(&answer, at, target)?;
        answer.json(target)
    }

    async fn tree(
        &self,
        at: &GitHubTarget,
        tree: &str,
        recursive: bool,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<Answer, ReadError> {
        let mut url = self.url(target, at, &format!("git/trees/{}", encode(tree)))?;
        if recursive {
            url.query_pairs_mut().append_pair("recursive", "1");
        }
        self.get(target, url, JSON, fingerprint).await
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
        let url = self.url(target, at, "")?;
        let answer = self.get(target, url, JSON, None).await?;
        self.check(&answer, at, target)?;
        answer.json(target)
    }

    fn url(&self, target: &str, at: &GitHubTarget, rest: &str) -> Result<Url, ReadError> {
        let base = &self.integration.api_base_url;
        let (owner, repository) = (encode(&at.owner), encode(&at.repository));
        let text = format!("{base}/repos/{owner}/{repository}/{rest}");
        Url::parse(text.trim_end_matches('/')).map_err(|error| {
            let key = &self.integration.key;
            ReadError::invalid(target, format!("{key}.apiBaseUrl is not a URL: {error}"))
        })
    }

    async fn get(
        &self,
        target: &str,
        url: Url,
        accept: &'static str,
        fingerprint: Option<&str>,
    ) -> Result<Answer, ReadError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        headers.insert(API_VERSION, HeaderValue::from_static("2022-11-28"));
        if let Some(etag) = fingerprint.and_then(|it| HeaderValue::from_str(it).ok()) {
            headers.insert(IF_NONE_MATCH, etag);
        }
        if let Some(Credential { token, key }) = &self.credential {
            bearer(&mut headers, token, key, target)?;
        }
        let lane = self.integration.host.clone();
        self.http
            .get(Request {
                target,
                url,
                lane,
                headers,
                trusted: true,
            })
            .await
    }

    /// Turns a refusal into what the operator can do about it.
    fn check(&self, answer: &Answer, at: &GitHubTarget, target: &str) -> Result<(), ReadError> {
        let GitHubIntegration { key, host, .. } = self.integration;
        let used = self.credential.as_ref().map(|it| it.key.as_str());
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
