//! How templates name repositories: `github.com?owner=contoso&repo=orders`.

use portico_integrations::{Hosts, encode_segment};
use portico_scaffolder::ActionError;
use url::{Url, form_urlencoded};

/// How repository addresses name the repositories that Portico keeps: `local?repo=orders`.
pub(crate) const LOCAL_HOST: &str = "local";

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
        let (host, query) = address.split_once('?').unwrap_or((address, ""));
        let host = host.to_lowercase();
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let part = |name: &str, form: &str| {
            let mut found = query.iter().filter(|(key, _)| key == name);
            match found.next() {
                Some((_, value)) if !value.trim().is_empty() => Ok(value.trim().to_owned()),
                _ => Err(ActionError::Input(format!(
                    "input.repoUrl \"{address}\" has no {name}; write {form}"
                ))),
            }
        };
        if host == LOCAL_HOST {
            let repository = part("repo", "local?repo=NAME")?;
            return Ok(Self::Local { repository });
        }
        if hosts.github(&host).is_some() {
            let form = format!("{host}?owner=OWNER&repo=NAME");
            return Ok(Self::GitHub {
                owner: part("owner", &form)?,
                repository: part("repo", &form)?,
                host,
            });
        }
        if hosts.azure(&host).is_some() {
            let form = format!("{host}?organization=ORGANIZATION&project=PROJECT&repo=NAME");
            // Templates from before there were projects in it call the organisation the owner.
            let organization = part("organization", &form);
            return Ok(Self::Azure {
                organization: organization.or_else(|error| part("owner", &form).or(Err(error)))?,
                project: part("project", &form)?,
                repository: part("repo", &form)?,
                host,
            });
        }
        Err(unknown(address, &host, hosts))
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
        if hosts.github(&host).is_some() {
            return match &parts[..] {
                [owner, name] => Ok(Self::GitHub {
                    owner: owner.clone(),
                    repository: name.strip_suffix(".git").unwrap_or(name).to_owned(),
                    host,
                }),
                _ => Err(wrong(&format!("https://{host}/OWNER/NAME"))),
            };
        }
        if hosts.azure(&host).is_some() {
            return match &parts[..] {
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
            };
        }
        Err(unknown(address, &host, hosts))
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
    let github = hosts.github.iter().map(|it| it.host.as_str());
    let azure = hosts.azure.iter().map(|it| it.host.as_str());
    let known: Vec<&str> = [LOCAL_HOST]
        .into_iter()
        .chain(github)
        .chain(azure)
        .collect();
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
