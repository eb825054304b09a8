//! How templates name repositories: `github.com?owner=contoso&repo=orders`.

use portico_integrations::{Hosts, encode_segment};
use portico_model::repo_url::{Address, HostKind};
use portico_scaffolder::ActionError;
use url::Url;

use crate::repo_hosts::{kind_of, known};

/// A repository on one of the hosts that are known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RepoUrl {
    /// Kept by Portico itself.
    Local {
        /// Its name.
        repository: String,
    },
    /// On GitHub or a GitHub Enterprise server.
    GitHub {
        /// The host of the integration.
        host: String,
        /// A user or an organisation.
        owner: String,
        /// Its name.
        repository: String,
    },
    /// On Azure DevOps or a server of it.
    Azure {
        /// The host of the integration.
        host: String,
        /// The organisation; on a server, the path of the collection.
        organization: String,
        /// The project.
        project: String,
        /// Its name.
        repository: String,
    },
}

impl RepoUrl {
    /// Understands `HOST?owner=…&organization=…&project=…&repo=…`, the address of a repository as
    /// people see it in a browser, and `local:NAME`.
    pub(crate) fn parse(address: &str, hosts: &Hosts) -> Result<Self, ActionError> {
        if let Some(name) = address.strip_prefix("local:") {
            let repository = name.to_owned();
            return Ok(Self::Local { repository });
        }
        if address.contains("://") {
            return Self::parse_browser(address, hosts);
        }
        let host = Address::host_of(address).to_lowercase();
        let Some(kind) = kind_of(&host, hosts) else {
            return Err(unknown(address, &host, hosts));
        };
        let parts = Address::read(address, kind);
        let part = |name: &str| match parts.part(name) {
            Some(value) => Ok(value.to_owned()),
            None => Err(ActionError::Input(format!(
                "input.repoUrl \"{address}\" has no {name}; write {}",
                kind.form(&host)
            ))),
        };
        Ok(match kind {
            HostKind::Local => Self::Local {
                repository: part("repo")?,
            },
            HostKind::GitHub => Self::GitHub {
                owner: part("owner")?,
                repository: part("repo")?,
                host,
            },
            HostKind::Azure => Self::Azure {
                organization: part("organization")?,
                project: part("project")?,
                repository: part("repo")?,
                host,
            },
        })
    }

    fn parse_browser(address: &str, hosts: &Hosts) -> Result<Self, ActionError> {
        let wrong = |form: &str| {
            ActionError::Input(format!(
                "input.repoUrl \"{address}\" is not the address of a repository; write {form}"
            ))
        };
        let url = Url::parse(address).map_err(|_| wrong("github.com?owner=OWNER&repo=NAME"))?;
        let host = portico_integrations::host_of(&url);
        let decoded = |part: &str| {
            let text = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
            text.into_owned()
        };
        let parts = url.path_segments().into_iter().flatten();
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).map(decoded).collect();
        match kind_of(&host, hosts) {
            Some(HostKind::GitHub) => match &parts[..] {
                [owner, name] => Ok(Self::GitHub {
                    owner: owner.clone(),
                    repository: name.strip_suffix(".git").unwrap_or(name).to_owned(),
                    host,
                }),
                _ => Err(wrong(&format!("https://{host}/OWNER/NAME"))),
            },
            Some(HostKind::Azure) => match &parts[..] {
                [collection @ .., project, git, repository]
                    if git == "_git" && !collection.is_empty() =>
                {
                    Ok(Self::Azure {
                        organization: collection.join("/"),
                        project: project.clone(),
                        repository: repository.clone(),
                        host,
                    })
                }
                _ => Err(wrong(&format!(
                    "https://{host}/ORGANIZATION/PROJECT/_git/NAME"
                ))),
            },
            // Ours has no such address.
            Some(HostKind::Local) | None => Err(unknown(address, &host, hosts)),
        }
    }

    /// What source control calls it.
    pub(crate) fn scm_url(&self) -> String {
        match self {
            Self::Local { repository } => format!("local:{repository}"),
            Self::GitHub {
                host,
                owner,
                repository,
            } => format!(
                "https://{host}/{}/{}",
                encode_segment(owner),
                encode_segment(repository)
            ),
            Self::Azure {
                host,
                organization,
                project,
                repository,
            } => {
                let collection: Vec<String> = organization.split('/').map(encode_segment).collect();
                format!(
                    "https://{host}/{}/{}/_git/{}",
                    collection.join("/"),
                    encode_segment(project),
                    encode_segment(repository)
                )
            }
        }
    }

    /// Where people review a change to it, by where they see it.
    pub(crate) fn review_page(&self, page: &str, number: i64) -> String {
        let changes = match self {
            Self::Local { .. } => "change-requests",
            Self::GitHub { .. } => "pull",
            Self::Azure { .. } => "pullrequest",
        };
        format!("{page}/{changes}/{number}")
    }

    /// What `catalog:register` puts the path of a file after.
    pub(crate) fn contents_url(&self, branch: &str) -> String {
        let url = self.scm_url();
        match self {
            Self::Local { .. } => format!("{url}#{branch}:"),
            Self::GitHub { .. } => format!("{url}/blob/{}", encode_segment(branch)),
            Self::Azure { .. } => format!("{url}?version=GB{}&path=", encode_segment(branch)),
        }
    }
}

fn unknown(address: &str, host: &str, hosts: &Hosts) -> ActionError {
    let known: Vec<&str> = known(hosts).map(|(name, _)| name).collect();
    ActionError::Input(format!(
        "input.repoUrl \"{address}\" is on {host}, which is not known here; add it to \
         integrations.github or integrations.azure, or use one of {}",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use portico_config::{AzureIntegration, Config};

    use super::*;

    fn parse(address: &str) -> Result<RepoUrl, ActionError> {
        let mut config = Config::default();
        config.integrations.azure = vec![AzureIntegration {
            host: "tfs.contoso.example:8443".to_owned(),
            ..AzureIntegration::dev_azure_com()
        }];
        RepoUrl::parse(address, &Hosts::new(&config))
    }

    fn url(address: &str) -> String {
        parse(address).unwrap().scm_url()
    }

    #[test]
    fn addresses_of_every_host() {
        for (address, expected) in [
            ("local?repo=orders", "local:orders"),
            ("local?owner=x&repo=orders", "local:orders"),
            ("local:orders", "local:orders"),
            ("github.com?owner=o&repo=r", "https://github.com/o/r"),
            ("GitHub.com?repo=r&owner=o", "https://github.com/o/r"),
            ("https://github.com/o/r.git", "https://github.com/o/r"),
            (
                "dev.azure.com?organization=o&project=p%20q&repo=r",
                "https://dev.azure.com/o/p%20q/_git/r",
            ),
            (
                "dev.azure.com?owner=o&project=p&repo=r",
                "https://dev.azure.com/o/p/_git/r",
            ),
            (
                "https://dev.azure.com/o/p%20q/_git/r",
                "https://dev.azure.com/o/p%20q/_git/r",
            ),
            (
                "tfs.contoso.example:8443?organization=tfs/Main&project=p&repo=r",
                "https://tfs.contoso.example:8443/tfs/Main/p/_git/r",
            ),
            (
                "tfs.contoso.example:8443?organization=tfs%2FMain&project=R%26D+x&repo=r",
                "https://tfs.contoso.example:8443/tfs/Main/R&D%20x/_git/r",
            ),
        ] {
            assert_eq!(url(address), expected, "{address}");
        }
    }

    #[test]
    fn what_is_missing_is_told_with_the_right_form() {
        for (address, said) in [
            ("local", "has no repo; write local?repo=NAME"),
            ("local?repo=", "has no repo"),
            (
                "github.com?owner=o",
                "has no repo; write github.com?owner=OWNER&repo=NAME",
            ),
            ("github.com?repo=r", "has no owner"),
            ("dev.azure.com?project=p&repo=r", "has no organization"),
            ("dev.azure.com?organization=o&repo=r", "has no project"),
            (
                "gitlab.com?owner=o&repo=r",
                "gitlab.com, which is not known here; add it to",
            ),
            (
                "https://github.com/o",
                "write https://github.com/OWNER/NAME",
            ),
            ("https://dev.azure.com/o/r", "/_git/NAME"),
            ("https://gitlab.com/o/r", "not known here"),
        ] {
            let error = parse(address).unwrap_err().to_string();
            assert!(error.contains(said), "{address}: {error}");
        }
    }

    #[test]
    fn files_are_registered_where_the_branch_is() {
        let contents = |address: &str| parse(address).unwrap().contents_url("main");
        assert_eq!(contents("local:orders"), "local:orders#main:");
        assert_eq!(
            contents("github.com?owner=o&repo=r"),
            "https://github.com/o/r/blob/main"
        );
        assert_eq!(
            contents("dev.azure.com?organization=o&project=p&repo=r"),
            "https://dev.azure.com/o/p/_git/r?version=GBmain&path="
        );
    }
}
