//! What a target text means: a path, a place in a repository, or a plain address.

pub(crate) mod azure;
pub(crate) mod git;
pub(crate) mod github;
mod path;

pub(crate) use portico_integrations::{Hosts, host_of};
use url::Url;

use crate::ReadError;

pub(crate) use azure::AzureTarget;
pub(crate) use git::GitTarget;
pub(crate) use github::GitHubTarget;
pub(crate) use path::{FilePattern, Shape, join, looks_like_folder, shape};

/// An understood target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// An absolute path, folder or glob on this machine.
    File(String),
    /// A place in a GitHub repository.
    GitHub(GitHubTarget),
    /// A place in an Azure DevOps repository.
    Azure(AzureTarget),
    /// A place in any git repository, read with git itself.
    Git(GitTarget),
    /// Any other address.
    Web(Url),
}

impl Target {
    /// Understands the target of a location of this kind.
    pub(crate) fn parse(kind: &str, target: &str, hosts: &Hosts) -> Result<Self, ReadError> {
        match kind {
            "file" => Self::parse_file(target),
            "git" => GitTarget::parse(target).map(Self::Git),
            "url" if GitTarget::looks_like(target) => GitTarget::parse(target).map(Self::Git),
            "url" => Self::parse_url(target, hosts),
            _ => Err(ReadError::invalid(
                target,
                format!("\"{kind}\" is not a location type; the types are url, git and file"),
            )),
        }
    }

    fn parse_file(target: &str) -> Result<Self, ReadError> {
        if std::path::Path::new(target).is_absolute() {
            Ok(Self::File(target.to_owned()))
        } else {
            Err(ReadError::invalid(
                target,
                "a file target is an absolute path",
            ))
        }
    }

    fn parse_url(target: &str, hosts: &Hosts) -> Result<Self, ReadError> {
        let url = Url::parse(target).map_err(|error| {
            ReadError::invalid(
                target,
                format!("it is not a URL ({error}); write https://…"),
            )
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ReadError::invalid(
                target,
                "url locations begin with https://, git+https:// or git+ssh://",
            ));
        }
        if url.password().is_some() {
            return Err(ReadError::invalid(
                "(a URL with a password)",
                "credentials belong into integrations.*, not into the address",
            ));
        }
        if let Some(target) = GitHubTarget::parse(&url, hosts)? {
            return Ok(Self::GitHub(target));
        }
        if let Some(target) = AzureTarget::parse(&url, hosts)? {
            return Ok(Self::Azure(target));
        }
        Ok(Self::Web(url))
    }

    /// Whether two targets are in the same repository, whatever the branch.
    pub(crate) fn same_repository(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::GitHub(a), Self::GitHub(b)) => a.same_repository(b),
            (Self::Azure(a), Self::Azure(b)) => a.same_repository(b),
            (Self::Git(a), Self::Git(b)) => a.remote == b.remote,
            _ => false,
        }
    }

    /// Whether this target is a place in a repository.
    pub(crate) fn is_repository(&self) -> bool {
        self.in_repository().is_some()
    }

    /// Branch, tag or commit, and path, of a place in a repository.
    pub(crate) fn in_repository(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::GitHub(it) => Some((it.reference.as_deref(), &it.path)),
            Self::Azure(it) => Some((it.version.as_ref().map(|it| it.descriptor().1), &it.path)),
            Self::Git(it) => Some((it.reference.as_deref(), &it.path)),
            Self::File(_) | Self::Web(_) => None,
        }
    }

    /// The repository of a git remote that is on a known host, as that host writes it.
    pub(crate) fn hosted(&self, hosts: &Hosts) -> Option<Self> {
        match self {
            Self::Git(it) if it.remote.starts_with("https://") => {
                let hosted = Self::parse_url(&it.remote, hosts).ok()?;
                hosted.is_repository().then_some(hosted)
            }
            _ => None,
        }
    }

    /// The target text for a path relative to the file this target is.
    pub(crate) fn join(&self, reference: &str) -> Result<String, ReadError> {
        let outside = || {
            ReadError::invalid(
                reference,
                "it leads out of the repository; remove the surplus ../",
            )
        };
        match self {
            Self::File(path) => {
                let folder = std::path::Path::new(path).parent();
                let joined = folder
                    .map(|folder| folder.join(reference))
                    .ok_or_else(outside)?;
                path::normalize_local(&joined).ok_or_else(outside)
            }
            Self::GitHub(it) => join(&it.path, reference)
                .map(|path| it.at(&path))
                .ok_or_else(outside),
            Self::Azure(it) => join(&it.path, reference)
                .map(|path| it.at(&path))
                .ok_or_else(outside),
            Self::Git(it) => join(&it.path, reference)
                .map(|path| it.at(&path))
                .ok_or_else(outside),
            Self::Web(url) => url
                .join(reference)
                .map(String::from)
                .map_err(|error| ReadError::invalid(reference, error.to_string())),
        }
    }
}

/// The path segments of a URL, decoded; empty ones left out.
pub(crate) fn segments(url: &Url) -> Vec<String> {
    let decode = |segment: &str| {
        percent_encoding::percent_decode_str(segment)
            .decode_utf8_lossy()
            .into_owned()
    };
    let segments = url.path_segments().into_iter().flatten();
    segments
        .filter(|segment| !segment.is_empty())
        .map(decode)
        .collect()
}
