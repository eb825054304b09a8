//! Which repository a URL names.

use portico_config::GitHubIntegration;
use portico_integrations::{Hosts, encode_segment, host_of};
use url::Url;

/// A repository on a GitHub host that is known here.
#[derive(Clone, Debug)]
pub(crate) struct Address<'a> {
    pub(crate) host: &'a GitHubIntegration,
    /// A user or an organisation.
    pub(crate) owner: String,
    /// Its name.
    pub(crate) name: String,
}

impl<'a> Address<'a> {
    /// `None` for what is not `https://HOST/OWNER/NAME` on one of the hosts.
    pub(crate) fn parse(repository: &str, hosts: &'a Hosts) -> Option<Self> {
        let url = Url::parse(repository).ok()?;
        if !matches!(url.scheme(), "https" | "http") {
            return None;
        }
        let host = hosts.github(&host_of(&url))?;
        let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
        let mut part = || {
            let text = percent_encoding::percent_decode_str(parts.next()?);
            Some(text.decode_utf8().ok()?.into_owned())
        };
        let (owner, name) = (part()?, part()?);
        let name = name.strip_suffix(".git").unwrap_or(&name).to_owned();
        (parts.next().is_none() && is_plain(&owner) && is_plain(&name)).then_some(Self {
            host,
            owner,
            name,
        })
    }

    /// What the repository is called in calls, and where people see it.
    pub(crate) fn url(&self) -> String {
        url(&self.host.host, &self.owner, &self.name)
    }
}

/// The address of a repository.
pub(crate) fn url(host: &str, owner: &str, name: &str) -> String {
    let (owner, name) = (encode_segment(owner), encode_segment(name));
    format!("https://{host}/{owner}/{name}")
}

/// GitHub makes other names of what is not plain, which would be another repository.
fn is_plain(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.len() <= 100 && name.bytes().all(allowed) && !matches!(name, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use portico_config::Config;

    use super::*;

    #[test]
    fn only_repositories_of_known_hosts() {
        let hosts = Hosts::new(&Config::default());
        let parsed = |url: &str| Address::parse(url, &hosts).map(|it| it.url());
        let orders = Some("https://github.com/contoso/orders".to_owned());
        for same in [
            "https://github.com/contoso/orders",
            "https://github.com/contoso/orders.git",
            "https://github.com/contoso/orders/",
        ] {
            assert_eq!(parsed(same), orders, "{same}");
        }
        for other in [
            "local:orders",
            "https://gitlab.com/contoso/orders",
            "https://github.com/contoso",
            "https://github.com/contoso/orders/issues",
            "https://github.com/contoso/my%20orders",
            "https://github.com/contoso/%2e%2e",
            "git+https://github.com/contoso/orders",
        ] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
