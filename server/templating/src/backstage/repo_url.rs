//! Repository addresses as the `RepoUrlPicker` field writes them:
//! `host?owner=…&repo=…&organization=…&workspace=…&project=…`.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use url::Url;

use crate::suggest::{did_you_mean, nearest};

/// The kinds of repository host, which differ in the parts that an address must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the products' names")]
pub enum HostKind {
    GitHub,
    Azure,
    GitLab,
    BitbucketCloud,
    BitbucketServer,
    Gitea,
    Gerrit,
    /// Any other host: owner and repository.
    Other,
}

impl HostKind {
    fn required(self, has_project: bool) -> &'static [&'static str] {
        match self {
            Self::BitbucketCloud => &["workspace", "project", "repo"],
            Self::BitbucketServer | Self::Azure => &["project", "repo"],
            Self::GitLab if has_project => &[],
            Self::Gitea | Self::Gerrit => &["repo"],
            Self::GitHub | Self::GitLab | Self::Other => &["repo", "owner"],
        }
    }
}

/// The repository hosts that there are.
#[derive(Clone, Debug, Default)]
pub struct RepoHosts {
    hosts: BTreeMap<String, HostKind>,
    any: bool,
}

impl RepoHosts {
    /// These hosts and no others.
    pub fn only(hosts: impl IntoIterator<Item = (String, HostKind)>) -> Self {
        Self {
            hosts: hosts.into_iter().collect(),
            any: false,
        }
    }

    /// The public hosts by their kind, and every other host. For trying templates out.
    pub fn any() -> Self {
        let public = [
            ("github.com", HostKind::GitHub),
            ("dev.azure.com", HostKind::Azure),
            ("gitlab.com", HostKind::GitLab),
            ("bitbucket.org", HostKind::BitbucketCloud),
        ];
        Self {
            hosts: public.map(|(host, kind)| (host.to_owned(), kind)).into(),
            any: true,
        }
    }

    fn kind(&self, host: &str) -> Option<HostKind> {
        let known = self.hosts.get(host).copied();
        known.or_else(|| self.any.then_some(HostKind::Other))
    }
}

/// Why a text is no repository address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepoUrlError {
    /// It is not `host?name=value&…`.
    #[error("\"{0}\" is not a repository address; write host?owner=…&repo=…")]
    Malformed(String),
    /// The host is not configured.
    #[error(
        "no matching integration configuration for host {host}{}; see integrations.* in the \
         configuration",
        did_you_mean(.suggestion.as_deref())
    )]
    UnknownHost {
        /// The host.
        host: String,
        /// The configured host that was probably meant.
        suggestion: Option<String>,
    },
    /// A part is missing that this kind of host needs.
    #[error("the repository address \"{address}\" has no {part}; write host?owner=…&repo=…")]
    Missing {
        /// The address.
        address: String,
        /// The part.
        part: &'static str,
    },
}

impl From<RepoUrlError> for String {
    fn from(error: RepoUrlError) -> Self {
        error.to_string()
    }
}

/// A repository address, in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the address")]
pub struct RepoUrl {
    pub host: String,
    pub owner: Option<String>,
    pub organization: Option<String>,
    pub workspace: Option<String>,
    pub project: Option<String>,
    pub repo: Option<String>,
}

impl RepoUrl {
    /// The parts of an address on one of these hosts.
    pub fn parse(address: &str, hosts: &RepoHosts) -> Result<Self, RepoUrlError> {
        let malformed = || RepoUrlError::Malformed(address.to_owned());
        let url = Url::parse(&format!("https://{address}")).map_err(|_| malformed())?;
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(malformed()),
        };
        let part = |name: &str| {
            let found = url.query_pairs().find(|(it, _)| it == name);
            found.map(|(_, value)| value.trim_matches('/').to_owned())
        };
        let given = |name: &str| part(name).is_some_and(|it| !it.is_empty());
        let kind = hosts.kind(&host).ok_or_else(|| RepoUrlError::UnknownHost {
            suggestion: nearest(&host, hosts.hosts.keys().map(String::as_str)),
            host: host.clone(),
        })?;
        for name in kind.required(given("project")) {
            if !given(name) {
                let address = address.to_owned();
                return Err(RepoUrlError::Missing {
                    address,
                    part: name,
                });
            }
        }
        Ok(Self {
            owner: part("owner"),
            organization: part("organization"),
            workspace: part("workspace"),
            project: part("project"),
            repo: part("repo"),
            host,
        })
    }

    /// The parts that there are, as JSON.
    pub fn to_json(&self) -> Json {
        let parts = [
            ("host", Some(&self.host)),
            ("owner", self.owner.as_ref()),
            ("organization", self.organization.as_ref()),
            ("workspace", self.workspace.as_ref()),
            ("project", self.project.as_ref()),
            ("repo", self.repo.as_ref()),
        ];
        let there = parts
            .into_iter()
            .filter_map(|(name, part)| Some((name, part?)));
        let fields = there.map(|(name, part)| (name.to_owned(), Json::String(part.clone())));
        Json::Object(fields.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> Result<RepoUrl, RepoUrlError> {
        let hosts = [
            ("github.com".to_owned(), HostKind::GitHub),
            ("dev.azure.com".to_owned(), HostKind::Azure),
        ];
        RepoUrl::parse(address, &RepoHosts::only(hosts))
    }

    #[test]
    fn parts_are_found_and_trimmed() {
        let url = parse("github.com?owner=contoso&repo=/orders/").unwrap();
        assert_eq!(url.owner.as_deref(), Some("contoso"));
        assert_eq!(url.repo.as_deref(), Some("orders"));
        assert_eq!(url.to_json().as_object().unwrap().len(), 3);
        parse("dev.azure.com?organization=contoso&project=shop&repo=orders").unwrap();
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |address| parse(address).unwrap_err().to_string();
        assert!(error("github.com?repo=orders").contains("has no owner"));
        assert!(error("dev.azure.com?repo=orders").contains("has no project"));
        assert!(error("githib.com?owner=a&repo=b").contains("did you mean \"github.com\"?"));
        assert!(error("").contains("host?owner"));
    }
}
