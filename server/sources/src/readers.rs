//! One reader a kind of host, and which of them a target is for.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::OnceLock;

use portico_config::{Config, ReadingAllow};
use portico_integrations::{Hosts, Integrations, check_public, github::Credential};
use url::Url;

use crate::azure::Azure;
use crate::git::{Git, GitAuth};
use crate::github::GitHub;
use crate::raw::RawOutcome;
use crate::target::{
    AzureTarget, FilePattern, GitHubTarget, GitTarget, Shape, Target, host_of, looks_like_folder,
    shape,
};
use crate::web::Web;
use crate::{ReadError, file};

/// Everything that reading needs.
pub(crate) struct Readers {
    pub(crate) integrations: Integrations,
    /// Folders of the configured file locations: what placeholders in them may refer to.
    pub(crate) roots: Vec<PathBuf>,
    /// Hosts an operator named: in `backend.reading.allow` or in `catalog.locations`.
    allowed: Vec<ReadingAllow>,
    /// Where the repositories are that Portico keeps itself.
    pub(crate) repositories: OnceLock<PathBuf>,
    git: Git,
}

impl Readers {
    pub(crate) fn new(config: &Config) -> Result<Self, ReadError> {
        let locations = &config.catalog.locations;
        let integrations = Integrations::new(config)?;
        let hosts = integrations.hosts();
        let urls = locations.iter().filter(|it| it.kind != "file");
        let named = urls.filter_map(|it| {
            let host = match Target::parse(&it.kind, &it.target, hosts).ok()? {
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
        Ok(Self {
            allowed: config
                .backend
                .reading_allow
                .iter()
                .cloned()
                .chain(named)
                .collect(),
            roots: roots.collect(),
            repositories: OnceLock::new(),
            git: Git::default(),
            integrations,
        })
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        self.integrations.hosts()
    }

    /// Reads a target: one file, or the list of files that a folder or a pattern stands for.
    pub(crate) async fn read(
        &self,
        at: &Target,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let shape = match at {
            Target::File(_) | Target::Web(_) => Shape::File,
            Target::GitHub(at) => shape(&at.path, at.is_folder)?,
            Target::Azure(at) => shape(&at.path, looks_like_folder(&at.path))?,
            Target::Git(at) => shape(&at.path, looks_like_folder(&at.path))?,
        };
        match shape {
            Shape::File => self.read_file(at, target, fingerprint).await,
            Shape::Pattern(pattern) => self.expand(at, &pattern, target, fingerprint).await,
        }
    }

    /// Reads a target as one file, whatever its name looks like. (A local folder expands.)
    pub(crate) async fn read_file(
        &self,
        at: &Target,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        match at {
            Target::File(path) => file::read(path, fingerprint).await,
            Target::Web(url) => self.web().read(url, target, fingerprint).await,
            Target::GitHub(at) => {
                let host = self.github(at, target).await?;
                host.read(at, target, fingerprint).await
            }
            Target::Azure(at) => self.azure(at, target)?.read(at, target, fingerprint).await,
            Target::Git(at) => {
                let auth = self.git_auth(at, target).await?;
                let at = self.kept(at, target)?;
                self.git.read(&at, &auth, target, fingerprint).await
            }
        }
    }

    /// Lists the files of a target's repository that a pattern matches.
    pub(crate) async fn expand(
        &self,
        at: &Target,
        pattern: &FilePattern,
        target: &str,
        known: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        match at {
            Target::GitHub(at) => {
                let host = self.github(at, target).await?;
                host.expand(at, pattern, target, known).await
            }
            Target::Azure(at) => {
                self.azure(at, target)?
                    .expand(at, pattern, target, known)
                    .await
            }
            Target::Git(at) => {
                let auth = self.git_auth(at, target).await?;
                let at = self.kept(at, target)?;
                self.git.expand(&at, pattern, &auth, target, known).await
            }
            Target::File(_) | Target::Web(_) => {
                Err(ReadError::invalid(target, "it is not a repository"))
            }
        }
    }

    /// The description that the host has for a repository.
    pub(crate) async fn description(
        &self,
        at: &Target,
        target: &str,
    ) -> Result<Option<String>, ReadError> {
        match at {
            Target::GitHub(at) => {
                let host = self.github(at, target).await?;
                host.description(at, target).await
            }
            Target::Azure(at) => self.azure(at, target)?.description(at, target).await,
            Target::File(_) | Target::Git(_) | Target::Web(_) => Ok(None),
        }
    }

    /// Where git finds a repository: of those that Portico keeps itself a target has the name.
    fn kept<'a>(&self, at: &'a GitTarget, target: &str) -> Result<Cow<'a, GitTarget>, ReadError> {
        if !at.is_kept() {
            return Ok(Cow::Borrowed(at));
        }
        let kept = self.repositories.get().and_then(|it| at.kept_in(it));
        let kept = kept.ok_or_else(|| ReadError::invalid(target, "no repositories are kept here"));
        kept.map(Cow::Owned)
    }

    fn web(&self) -> Web<'_> {
        Web {
            http: self.integrations.http(),
            allowed: &self.allowed,
        }
    }

    async fn github<'a>(
        &'a self,
        at: &GitHubTarget,
        target: &'a str,
    ) -> Result<GitHub<'a>, ReadError> {
        let host = self.hosts().github(&at.host);
        let host = host.ok_or_else(|| unknown(target))?;
        let api = self.integrations.github(host, &at.owner, target).await?;
        Ok(GitHub(api))
    }

    fn azure<'a>(&'a self, at: &'a AzureTarget, target: &'a str) -> Result<Azure<'a>, ReadError> {
        let host = self.hosts().azure(&at.host);
        let host = host.ok_or_else(|| unknown(target))?;
        let organization = &at.organization;
        Ok(Azure(self.integrations.azure(host, organization, target)))
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
        if let Some(integration) = self.hosts().github(&with_port) {
            let Some((url, address)) = url.as_ref().zip(address) else {
                return Ok(GitAuth::anonymous(Some(&format!(
                    "{}.token",
                    integration.key
                ))));
            };
            let owner = url.path().trim_start_matches('/').split('/').next();
            let owner = owner.unwrap_or_default();
            let found = self
                .integrations
                .github_credential(integration, owner, target);
            let found = found.await?;
            return Ok(match found {
                Some(Credential { token, key }) => {
                    GitAuth::basic(&address, "x-access-token", token.expose(), &key)
                }
                None => GitAuth::anonymous(Some(&format!("{}.token", integration.key))),
            });
        }
        if let Some(integration) = self.hosts().azure(&with_port) {
            let organization = url.as_ref().and_then(|url| {
                let parsed = AzureTarget::parse(url, self.hosts()).ok().flatten()?;
                Some(parsed.organization)
            });
            let credential = integration.credential_for(&organization.unwrap_or_default());
            return Ok(match (credential, address) {
                (Some(credential), Some(address)) => {
                    let header = self
                        .integrations
                        .azure_auth()
                        .header(credential, target)
                        .await?;
                    let value = String::from_utf8_lossy(header.as_bytes()).into_owned();
                    GitAuth::header(&address, &value, &integration.key)
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
