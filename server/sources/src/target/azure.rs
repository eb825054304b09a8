//! Azure DevOps addresses: `https://dev.azure.com/{org}/{project}/_git/{repo}?path=/x&version=GBmain`,
//! `https://{org}.visualstudio.com/…` and servers (`https://host/{collection}/{project}/_git/{repo}`).

use portico_integrations::encode_segment as encode;
use url::Url;

use super::{Hosts, host_of, segments};
use crate::ReadError;

/// A place in an Azure DevOps repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AzureTarget {
    /// The address before the query, as written: addresses built from this one look alike.
    repository_url: String,
    /// Host (and port), the key of the integration.
    pub(crate) host: String,
    /// Scheme, host and organisation (services) or collection (server): `https://dev.azure.com/contoso`.
    pub(crate) collection_url: String,
    /// Organisation or collection name.
    pub(crate) organization: String,
    pub(crate) project: String,
    pub(crate) repository: String,
    /// `None` is the default branch.
    pub(crate) version: Option<Version>,
    /// From the repository's root, without a leading slash.
    pub(crate) path: String,
}

/// Which state of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Branch(String),
    Tag(String),
    Commit(String),
}

impl Version {
    /// The `version` query parameter: `GBmain`.
    fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_at_checked(2)?;
        match (kind, name) {
            (_, "") => None,
            ("GB", name) => Some(Self::Branch(name.to_owned())),
            ("GT", name) => Some(Self::Tag(name.to_owned())),
            ("GC", name) => Some(Self::Commit(name.to_owned())),
            _ => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Branch(name) => format!("GB{name}"),
            Self::Tag(name) => format!("GT{name}"),
            Self::Commit(name) => format!("GC{name}"),
        }
    }

    /// `versionType` and `version` of the REST API.
    pub(crate) fn descriptor(&self) -> (&'static str, &str) {
        match self {
            Self::Branch(name) => ("branch", name),
            Self::Tag(name) => ("tag", name),
            Self::Commit(name) => ("commit", name),
        }
    }
}

impl AzureTarget {
    /// `None` when the host is no Azure DevOps host.
    pub(crate) fn parse(url: &Url, hosts: &Hosts) -> Result<Option<Self>, ReadError> {
        let host = host_of(url);
        if hosts.azure(&host).is_none() {
            return Ok(None);
        }
        let invalid = |reason: &str| ReadError::invalid(url.as_str(), reason);
        let form = "a file in Azure Repos is \
                    https://dev.azure.com/<organization>/<project>/_git/<repository>?path=/<file>";
        let parts = segments(url);
        let git = parts
            .iter()
            .position(|part| part == "_git")
            .ok_or_else(|| invalid(form))?;
        let repository = parts.get(git + 1).ok_or_else(|| invalid(form))?.clone();
        let mut before = &parts[..git];
        let origin = format!("{}://{host}", url.scheme());
        let (collection_url, organization) =
            if let Some(name) = host.strip_suffix(".visualstudio.com") {
                if let [first, rest @ ..] = before
                    && first.eq_ignore_ascii_case("DefaultCollection")
                {
                    before = rest;
                }
                (origin, name.to_owned())
            } else {
                // A server may live in a folder of its site, usually `tfs`.
                let depth = match before {
                    [first, _, ..] if first.eq_ignore_ascii_case("tfs") => 2,
                    _ => before.len().saturating_sub(1).max(1),
                };
                let collection = before.get(..depth).ok_or_else(|| invalid(form))?;
                before = &before[depth..];
                let path: Vec<_> = collection.iter().map(|part| encode(part)).collect();
                let name = collection.last().cloned().unwrap_or_default();
                (format!("{origin}/{}", path.join("/")), name)
            };
        // Without a project, the project has the repository's name.
        let project = before.first().unwrap_or(&repository).clone();
        let query = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let version = match query("version") {
            None => None,
            Some(text) => Some(Version::parse(&text).ok_or_else(|| {
                invalid("\"version\" is GB<branch>, GT<tag> or GC<commit>, for example GBmain")
            })?),
        };
        let path = query("path")
            .unwrap_or_default()
            .trim_start_matches('/')
            .to_owned();
        let mut address = url.clone();
        address.set_query(None);
        address.set_fragment(None);
        Ok(Some(Self {
            repository_url: address.into(),
            host,
            collection_url,
            organization,
            project,
            repository,
            version,
            path,
        }))
    }

    /// The address of another file on the same branch.
    pub(crate) fn at(&self, path: &str) -> String {
        let path: Vec<_> = path.split('/').map(query_encode).collect();
        let mut address = format!("{}?path=/{}", self.repository_url, path.join("/"));
        if let Some(version) = &self.version {
            address.push_str("&version=");
            address.push_str(&query_encode(&version.text()));
        }
        address
    }

    /// The repository in the REST API.
    pub(crate) fn api_url(&self) -> String {
        format!(
            "{}/{}/_apis/git/repositories/{}",
            self.collection_url,
            encode(&self.project),
            encode(&self.repository)
        )
    }

    pub(crate) fn same_repository(&self, other: &Self) -> bool {
        let same_host = self.host == other.host || (self.is_services() && other.is_services());
        same_host
            && self.organization.eq_ignore_ascii_case(&other.organization)
            && self.project.eq_ignore_ascii_case(&other.project)
            && self.repository.eq_ignore_ascii_case(&other.repository)
    }

    /// Azure DevOps Services, as opposed to a server.
    pub(crate) fn is_services(&self) -> bool {
        self.host == "dev.azure.com" || self.host.ends_with(".visualstudio.com")
    }
}

/// Encodes a part of a query value; slashes and globs stay readable.
fn query_encode(text: &str) -> String {
    const QUERY: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'&')
        .add(b'+')
        .add(b'<')
        .add(b'>');
    percent_encoding::utf8_percent_encode(text, QUERY).to_string()
}

#[cfg(test)]
mod tests {
    use portico_config::{AzureIntegration, Config};

    use super::*;

    fn parse(url: &str) -> Result<Option<AzureTarget>, ReadError> {
        let mut hosts = Hosts::new(&Config::default());
        hosts.azure.push(AzureIntegration {
            host: "tfs.contoso.com".to_owned(),
            ..AzureIntegration::dev_azure_com()
        });
        AzureTarget::parse(&url.parse().unwrap(), &hosts)
    }

    fn api(url: &str) -> String {
        parse(url).unwrap().unwrap().api_url()
    }

    #[test]
    fn every_form_of_address_leads_to_its_api() {
        let services = "https://dev.azure.com/org/proj/_apis/git/repositories/repo";
        assert_eq!(
            api("https://dev.azure.com/org/proj/_git/repo?path=/x.yaml"),
            services
        );
        assert_eq!(api("https://me@dev.azure.com/org/proj/_git/repo"), services);
        assert_eq!(
            api("https://dev.azure.com/org/_git/repo"),
            "https://dev.azure.com/org/repo/_apis/git/repositories/repo"
        );
        let old = "https://org.visualstudio.com/My%20Proj/_apis/git/repositories/repo";
        assert_eq!(api("https://org.visualstudio.com/My%20Proj/_git/repo"), old);
        assert_eq!(
            api("https://org.visualstudio.com/DefaultCollection/My%20Proj/_git/repo"),
            old
        );
        assert_eq!(
            api("https://tfs.contoso.com/tfs/Main/proj/_git/repo"),
            "https://tfs.contoso.com/tfs/Main/proj/_apis/git/repositories/repo"
        );
        assert_eq!(
            api("https://tfs.contoso.com/Main/proj/_git/repo"),
            "https://tfs.contoso.com/Main/proj/_apis/git/repositories/repo"
        );
        assert_eq!(
            api("https://tfs.contoso.com/tfs/Main/_git/repo"),
            "https://tfs.contoso.com/tfs/Main/repo/_apis/git/repositories/repo"
        );
    }

    #[test]
    fn path_and_version_are_read_and_written_back() {
        let url = "https://dev.azure.com/o/p/_git/r?path=/a%20b/**/catalog-info.yaml&version=GBfeature%2Fx";
        let it = parse(url).unwrap().unwrap();
        assert_eq!(it.path, "a b/**/catalog-info.yaml");
        assert_eq!(it.version, Some(Version::Branch("feature/x".to_owned())));
        assert_eq!(
            it.at("c&d/e.yaml"),
            "https://dev.azure.com/o/p/_git/r?path=/c%26d/e.yaml&version=GBfeature/x"
        );
        let again = parse(&it.at("c&d/e.yaml")).unwrap().unwrap();
        assert_eq!(
            (again.path.as_str(), &again.version),
            ("c&d/e.yaml", &it.version)
        );
    }

    #[test]
    fn services_have_two_names_for_one_repository() {
        let a = parse("https://dev.azure.com/Org/proj/_git/repo")
            .unwrap()
            .unwrap();
        let b = parse("https://org.visualstudio.com/Proj/_git/Repo")
            .unwrap()
            .unwrap();
        let c = parse("https://dev.azure.com/other/proj/_git/repo")
            .unwrap()
            .unwrap();
        assert!(a.same_repository(&b));
        assert!(!a.same_repository(&c));
    }

    #[test]
    fn half_addresses_are_told() {
        assert_eq!(parse("https://example.com/o/p/_git/r").unwrap(), None);
        for url in [
            "https://dev.azure.com/org/proj",
            "https://dev.azure.com/org/proj/_git",
            "https://dev.azure.com/_git/repo",
            "https://dev.azure.com/o/p/_git/r?version=main",
            "https://dev.azure.com/o/p/_git/r?version=GB",
            "https://dev.azure.com/o/p/_git/r?version=é",
        ] {
            assert!(
                matches!(parse(url), Err(ReadError::Invalid { .. })),
                "{url}"
            );
        }
    }
}
