//! The one door to every kind of source.

use std::path::PathBuf;
use std::sync::Arc;

use portico_config::{Config, ReadingAllow};
use url::Url;

use crate::azure::{Azure, AzureAuth};
use crate::git::{Git, GitAuth};
use crate::github::GitHub;
use crate::http::{Http, check_public};
use crate::target::{
    AzureTarget, FilePattern, GitHubTarget, GitTarget, Hosts, Shape, Target, host_of,
};
use crate::target::{looks_like_folder, shape};
use crate::web::Web;
use crate::{ReadError, file};

/// What reading a source gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// The fingerprint still holds: nothing changed since.
    Unchanged,
    /// The text of one file.
    File(ReadFile),
    /// The target is a folder or a glob: the files it stands for now, each a source of its own.
    Expanded {
        /// Absolute targets of the same location type, sorted.
        targets: Vec<String>,
        /// Pass it to the next read.
        fingerprint: Option<String>,
    },
}

/// One file's text and the mark that says whether it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFile {
    /// The content, UTF-8.
    pub text: String,
    /// Pass it to the next read; `None` when the host gives nothing to go by.
    pub fingerprint: Option<String>,
}

/// A location: a type and an absolute target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// `file`, `url` or `git`.
    pub kind: String,
    /// Absolute path or URL.
    pub target: String,
}

/// The content behind a `$text`, `$json` or `$yaml` placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceholderText {
    /// Where it was read: the refresh key is `kind:target`.
    pub location: Location,
    /// The content.
    pub text: String,
}

/// Reads catalog files where they live. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    inner: Arc<Inner>,
}

struct Inner {
    http: Http,
    hosts: Hosts,
    /// Hosts an operator named: in `backend.reading.allow` or in `catalog.locations`.
    allowed: Vec<ReadingAllow>,
    azure: AzureAuth,
    git: Git,
    /// Folders of the configured file locations: what placeholders in them may refer to.
    roots: Vec<PathBuf>,
}

impl Sources {
    /// Readers for the hosts that the configuration names.
    pub fn new(config: &Config) -> Result<Self, ReadError> {
        Self::with_http(config, Http::new()?)
    }

    pub(crate) fn with_http(config: &Config, http: Http) -> Result<Self, ReadError> {
        let locations = &config.catalog.locations;
        let hosts = Hosts::new(config);
        let urls = locations.iter().filter(|it| it.kind != "file");
        let named = urls.filter_map(|it| {
            let host = match Target::parse(&it.kind, &it.target, &hosts).ok()? {
                Target::Web(url) => host_of(&url),
                Target::Git(git) => git.host()?,
                _ => return None,
            };
            Some(ReadingAllow {
                host,
                paths: Vec::new(),
            })
        });
        let files = locations.iter().filter(|it| it.kind == "file");
        let roots = files.filter_map(|it| {
            let path = PathBuf::from(&it.target);
            match shape(&it.target, path.is_dir()).ok()? {
                Shape::Pattern(pattern) => Some(PathBuf::from(pattern.folder)),
                Shape::File => path.parent().map(PathBuf::from),
            }
        });
        let inner = Inner {
            http,
            allowed: config
                .backend
                .reading_allow
                .iter()
                .cloned()
                .chain(named)
                .collect(),
            azure: AzureAuth::new(config)?,
            git: Git::new()?,
            roots: roots.collect(),
            hosts,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Reads a location. With the fingerprint of the last read, an unchanged source
    /// costs one cheap request and no content.
    pub async fn read(
        &self,
        kind: &str,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<ReadOutcome, ReadError> {
        let inner = &self.inner;
        match Target::parse(kind, target, &inner.hosts)? {
            Target::File(path) => file::read(&path, fingerprint).await,
            Target::Web(url) => inner.web().read(&url, target, fingerprint).await,
            Target::GitHub(at) => {
                let github = inner.github(&at, target)?;
                match shape(&at.path, at.is_folder)? {
                    Shape::File => github.read(&at, target, fingerprint).await,
                    Shape::Pattern(it) => github.expand(&at, &it, target, fingerprint).await,
                }
            }
            Target::Azure(at) => {
                let azure = inner.azure(&at, target)?;
                match shape(&at.path, looks_like_folder(&at.path))? {
                    Shape::File => azure.read(&at, target, fingerprint).await,
                    Shape::Pattern(it) => azure.expand(&at, &it, target, fingerprint).await,
                }
            }
            Target::Git(at) => {
                let auth = inner.git_auth(&at, target).await?;
                match shape(&at.path, looks_like_folder(&at.path))? {
                    Shape::File => inner.git.read(&at, &auth, target, fingerprint).await,
                    Shape::Pattern(it) => {
                        inner.git.expand(&at, &it, &auth, target, fingerprint).await
                    }
                }
            }
        }
    }

    /// Reads what a placeholder in the file `base` refers to: a relative path or an
    /// absolute URL, in the same repository as `base`.
    pub async fn read_text(
        &self,
        base: &Location,
        reference: &str,
    ) -> Result<PlaceholderText, ReadError> {
        let location = self.resolve(base, None, reference)?;
        let from = Target::parse(&base.kind, &base.target, &self.inner.hosts)?;
        let to = Target::parse(&location.kind, &location.target, &self.inner.hosts)?;
        if to.is_repository() && !matches!(from, Target::File(_)) && !to.same_repository(&from) {
            return Err(ReadError::denied(
                &location.target,
                "a placeholder reads files of its entity's own repository only; move the file there",
            ));
        }
        let text = match (&from, &to) {
            (Target::File(base), Target::File(path)) => {
                file::read_inside(base, path, &self.inner.roots).await?
            }
            _ => match self.read_one(&to, &location.target).await? {
                ReadOutcome::File(file) => file.text,
                ReadOutcome::Unchanged | ReadOutcome::Expanded { .. } => {
                    let reason = "a placeholder names one file, not a folder or a pattern";
                    return Err(ReadError::invalid(&location.target, reason));
                }
            },
        };
        Ok(PlaceholderText { location, text })
    }

    /// The absolute location that a Location entity in the file `base` names:
    /// `kind` is its `spec.type`, `reference` one of its targets.
    pub fn resolve(
        &self,
        base: &Location,
        kind: Option<&str>,
        reference: &str,
    ) -> Result<Location, ReadError> {
        let from_file = base.kind == "file";
        let is_address = reference.contains("://") || GitTarget::looks_like(reference);
        let kind = match kind.unwrap_or(&base.kind) {
            // A repository's files name each other the same way wherever they are read from.
            "file" if !from_file && !is_address && !reference.starts_with('/') => &base.kind,
            "file" if from_file && is_address => "url",
            kind => kind,
        };
        let target = if is_address {
            reference.to_owned()
        } else if (kind == "file") == from_file {
            Target::parse(&base.kind, &base.target, &self.inner.hosts)?.join(reference)?
        } else if kind == "file" {
            reference.to_owned()
        } else {
            let reason = format!("a {kind} target in a local file is a complete address");
            return Err(ReadError::invalid(reference, reason));
        };
        if !from_file && self.is_local(kind, &target)? {
            return Err(ReadError::denied(
                &target,
                "only the configuration and local files may name files of the server",
            ));
        }
        Ok(Location {
            kind: kind.to_owned(),
            target,
        })
    }

    /// Whether a person may register this location (as opposed to an operator
    /// writing it into the configuration): well-formed, and not a local file.
    pub fn check_registrable(&self, kind: &str, target: &str) -> Result<(), ReadError> {
        if self.is_local(kind, target)? {
            return Err(ReadError::denied(
                target,
                "files of the server are added by an operator, in catalog.locations",
            ));
        }
        Ok(())
    }

    /// The catalog files (`filename` in any folder) of the repository that a URL points into.
    pub async fn find_catalog_files(
        &self,
        repository_url: &str,
        filename: &str,
    ) -> Result<Vec<String>, ReadError> {
        let pattern = FilePattern::new(&format!("**/{}", globset::escape(filename)))?;
        let inner = &self.inner;
        let outcome = match Target::parse("url", repository_url, &inner.hosts)? {
            Target::GitHub(at) => {
                inner
                    .github(&at, repository_url)?
                    .expand(&at, &pattern, repository_url, None)
                    .await?
            }
            Target::Azure(at) => {
                inner
                    .azure(&at, repository_url)?
                    .expand(&at, &pattern, repository_url, None)
                    .await?
            }
            Target::Git(at) if !at.is_local() => {
                let auth = inner.git_auth(&at, repository_url).await?;
                inner
                    .git
                    .expand(&at, &pattern, &auth, repository_url, None)
                    .await?
            }
            _ => {
                return Err(ReadError::invalid(
                    repository_url,
                    "it is not a repository; write the address of one on GitHub, Azure DevOps or git+https://…",
                ));
            }
        };
        match outcome {
            ReadOutcome::Expanded { targets, .. } => Ok(targets),
            ReadOutcome::Unchanged | ReadOutcome::File(_) => Ok(Vec::new()),
        }
    }

    /// The description that the host has for a repository.
    pub async fn repository_description(
        &self,
        repository_url: &str,
    ) -> Result<Option<String>, ReadError> {
        let inner = &self.inner;
        match Target::parse("url", repository_url, &inner.hosts)? {
            Target::GitHub(at) => {
                inner
                    .github(&at, repository_url)?
                    .description(&at, repository_url)
                    .await
            }
            Target::Azure(at) => {
                inner
                    .azure(&at, repository_url)?
                    .description(&at, repository_url)
                    .await
            }
            _ => Ok(None),
        }
    }

    /// Reads a target as one file, whatever its name looks like.
    async fn read_one(&self, at: &Target, target: &str) -> Result<ReadOutcome, ReadError> {
        let inner = &self.inner;
        match at {
            Target::File(path) => file::read(path, None).await,
            Target::Web(url) => inner.web().read(url, target, None).await,
            Target::GitHub(at) => inner.github(at, target)?.read(at, target, None).await,
            Target::Azure(at) => inner.azure(at, target)?.read(at, target, None).await,
            Target::Git(at) => {
                let auth = inner.git_auth(at, target).await?;
                inner.git.read(at, &auth, target, None).await
            }
        }
    }

    /// Whether a location is on this machine.
    fn is_local(&self, kind: &str, target: &str) -> Result<bool, ReadError> {
        Ok(match Target::parse(kind, target, &self.inner.hosts)? {
            Target::File(_) => true,
            Target::Git(git) => git.is_local(),
            Target::GitHub(_) | Target::Azure(_) | Target::Web(_) => false,
        })
    }
}

impl Inner {
    fn web(&self) -> Web<'_> {
        Web {
            http: &self.http,
            allowed: &self.allowed,
        }
    }

    fn github(&self, at: &GitHubTarget, target: &str) -> Result<GitHub<'_>, ReadError> {
        let integration = self.hosts.github(&at.host);
        let integration = integration.ok_or_else(|| unknown(target))?;
        Ok(GitHub {
            http: &self.http,
            integration,
        })
    }

    fn azure(&self, at: &AzureTarget, target: &str) -> Result<Azure<'_>, ReadError> {
        let integration = self.hosts.azure(&at.host).ok_or_else(|| unknown(target))?;
        Ok(Azure {
            http: &self.http,
            integration,
            auth: &self.azure,
        })
    }

    /// Credentials for a git remote, when it lives on the host of an integration. Other
    /// hosts must be public, or named by an operator.
    async fn git_auth(&self, at: &GitTarget, target: &str) -> Result<GitAuth, ReadError> {
        let Some(host) = at.host() else {
            return Ok(GitAuth::default());
        };
        let url = Url::parse(&at.remote)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let with_port = url.as_ref().map_or_else(|| host.clone(), host_of);
        let address = url
            .as_ref()
            .map(|url| format!("{}://{with_port}/", url.scheme()));
        if let Some(integration) = self.hosts.github(&with_port) {
            let key = format!("{}.token", integration.key);
            return Ok(match (&integration.token, address) {
                (Some(token), Some(address)) => {
                    GitAuth::basic(&address, "x-access-token", token.expose(), &key)
                }
                _ => GitAuth::anonymous(Some(&key)),
            });
        }
        if let Some(integration) = self.hosts.azure(&with_port) {
            let organization = url.as_ref().and_then(|url| {
                let parsed = AzureTarget::parse(url, &self.hosts).ok().flatten()?;
                Some(parsed.organization)
            });
            let credential = integration.credential_for(&organization.unwrap_or_default());
            return Ok(match (credential, address) {
                (Some(credential), Some(address)) => {
                    let header = self.azure.header(credential, target).await?;
                    let value = String::from_utf8_lossy(header.as_bytes()).into_owned();
                    GitAuth::header(&address, value, &integration.key)
                }
                _ => GitAuth::anonymous(Some(&integration.key)),
            });
        }
        let named = self
            .allowed
            .iter()
            .any(|it| it.host == with_port || it.host == host);
        if !named {
            check_public(&host, target).await?;
        }
        Ok(GitAuth::anonymous(None))
    }
}

fn unknown(target: &str) -> ReadError {
    ReadError::invalid(target, "its host is not one of integrations.*")
}

#[cfg(test)]
mod tests;
