//! Which repository a URL names.

use portico_config::AzureIntegration;
use portico_integrations::{Hosts, encode_segment, host_of};
use url::Url;

/// A repository (or, without a name, a project) on an Azure DevOps host that is known here.
#[derive(Clone, Debug)]
pub(crate) struct Address<'a> {
    pub(crate) host: &'a AzureIntegration,
    /// The organisation; on a server, the path of the collection, such as `tfs/Main`.
    pub(crate) collection: String,
    pub(crate) project: String,
    /// The repository; empty when the address is of a project.
    pub(crate) name: String,
}

impl<'a> Address<'a> {
    /// `None` for what is not `https://HOST/ORGANIZATION/PROJECT/_git/NAME` on one of the hosts.
    pub(crate) fn parse(repository: &str, hosts: &'a Hosts) -> Option<Self> {
        let url = Url::parse(repository).ok()?;
        if !matches!(url.scheme(), "https" | "http") {
            return None;
        }
        let name = host_of(&url);
        let host = hosts.azure(&name)?;
        let parts = url.path_segments()?.filter(|part| !part.is_empty());
        let mut parts: Vec<String> = parts
            .map(|part| {
                let text = percent_encoding::percent_decode_str(part);
                Some(text.decode_utf8().ok()?.into_owned())
            })
            .collect::<Option<_>>()?;
        // The address of before: the organisation is in the name of the host.
        if let Some(organization) = name.strip_suffix(".visualstudio.com") {
            parts.retain(|part| !part.eq_ignore_ascii_case("DefaultCollection"));
            parts.insert(0, organization.to_owned());
        }
        if !parts.iter().all(|part| is_plain(part)) {
            return None;
        }
        let (collection, project, name) = match &parts[..] {
            [collection @ .., project, git, name] if git == "_git" && !collection.is_empty() => {
                (collection.join("/"), project, name)
            }
            // The repository that has the name of its project.
            [collection, git, name] if git == "_git" => (collection.clone(), name, name),
            _ => return None,
        };
        Some(Self {
            host,
            collection,
            project: project.clone(),
            name: name.clone(),
        })
    }

    /// What credentials of the configuration name: the organisation, the collection.
    pub(crate) fn organization(&self) -> &str {
        self.collection.rsplit('/').next().unwrap_or_default()
    }

    /// What the repository is called in calls, and where people see it.
    pub(crate) fn url(&self) -> String {
        let collection = encode_path(&self.collection);
        let (host, project) = (&self.host.host, encode_segment(&self.project));
        match self.name.as_str() {
            "" => format!("https://{host}/{collection}/{project}"),
            name => format!(
                "https://{host}/{collection}/{project}/_git/{}",
                encode_segment(name)
            ),
        }
    }

    /// For people, in messages: `contoso/Shop/orders`.
    pub(crate) fn label(&self) -> String {
        let label = format!("{}/{}/{}", self.collection, self.project, self.name);
        label.trim_end_matches('/').to_owned()
    }
}

/// Encodes what may have several segments.
pub(super) fn encode_path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(encode_segment).collect();
    parts.join("/")
}

/// What Azure DevOps allows in names of projects and repositories, and is one segment of a path.
fn is_plain(name: &str) -> bool {
    name.len() <= 256
        && !matches!(name, "" | "." | "..")
        && !name.contains(char::is_control)
        && !name.contains([
            '/', '\\', ':', '*', '?', '"', '<', '>', '|', ';', '#', '{', '}', ',',
        ])
}

#[cfg(test)]
mod tests {
    use portico_config::{AzureIntegration, Config};

    use super::*;

    #[test]
    fn only_repositories_of_known_hosts() {
        let mut config = Config::default();
        config.integrations.azure = vec![AzureIntegration {
            host: "tfs.contoso.example:8443".to_owned(),
            ..AzureIntegration::dev_azure_com()
        }];
        let hosts = Hosts::new(&config);
        let parsed = |url: &str| Address::parse(url, &hosts).map(|it| it.url());
        for (url, same) in [
            (
                "https://dev.azure.com/contoso/My%20Shop/_git/orders",
                "https://dev.azure.com/contoso/My%20Shop/_git/orders",
            ),
            (
                "https://dev.azure.com/contoso/_git/shop",
                "https://dev.azure.com/contoso/shop/_git/shop",
            ),
            (
                "https://contoso.visualstudio.com/DefaultCollection/Shop/_git/orders",
                "https://dev.azure.com/contoso/Shop/_git/orders",
            ),
            (
                "https://tfs.contoso.example:8443/tfs/Main/Shop/_git/orders",
                "https://tfs.contoso.example:8443/tfs/Main/Shop/_git/orders",
            ),
        ] {
            assert_eq!(parsed(url).as_deref(), Some(same), "{url}");
        }
        for other in [
            "local:orders",
            "https://github.com/contoso/orders",
            "https://dev.azure.com/contoso/Shop/orders",
            "https://dev.azure.com/contoso/Shop/_git/orders/more",
            "https://dev.azure.com/contoso/%2e%2e%2f/_git/orders",
        ] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
