//! GitHub addresses: `https://github.com/{owner}/{repo}/blob/{ref}/{path}` and their kin.

use portico_integrations::encode_segment as encode;
use url::Url;

use super::{Hosts, host_of, segments};
use crate::ReadError;

/// A place in a GitHub repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitHubTarget {
    /// Scheme and host as written, for addresses built from this one.
    origin: String,
    /// Host (and port), the key of the integration.
    pub(crate) host: String,
    pub(crate) owner: String,
    pub(crate) repository: String,
    /// Branch, tag or commit; `None` is the default branch.
    pub(crate) reference: Option<String>,
    /// From the repository's root, decoded, without a leading slash.
    pub(crate) path: String,
    /// The address is one of a folder (`tree`, or no path at all).
    pub(crate) is_folder: bool,
}

impl GitHubTarget {
    /// `None` when the host is no GitHub host.
    pub(crate) fn parse(url: &Url, hosts: &Hosts) -> Result<Option<Self>, ReadError> {
        let host = host_of(url);
        let mut parts = segments(url);
        let raw = hosts.github.iter().find_map(|it| {
            let rest = url.as_str().strip_prefix(&it.raw_base_url)?;
            rest.starts_with('/').then_some(it)
        });
        let (origin, host) = if let Some(integration) = raw {
            // {raw}/{owner}/{repo}/{ref}/{path}: make it look like the others.
            let base = Url::parse(&integration.raw_base_url).map(|base| segments(&base).len());
            parts.drain(..base.unwrap_or_default());
            if parts.len() > 2 {
                parts.insert(2, "raw".to_owned());
            }
            (
                format!("https://{}", integration.host),
                integration.host.clone(),
            )
        } else if hosts.github(&host).is_some() {
            (format!("{}://{host}", url.scheme()), host)
        } else {
            return Ok(None);
        };
        let invalid = || {
            ReadError::invalid(
                url.as_str(),
                format!("a file on GitHub is {origin}/<owner>/<repository>/blob/<branch>/<path>"),
            )
        };
        let mut parts = parts.into_iter();
        let (Some(owner), Some(repository)) = (parts.next(), parts.next()) else {
            return Err(invalid());
        };
        let verb = parts.next();
        let mut rest: Vec<String> = parts.collect();
        if verb.as_deref() == Some("raw") && rest.len() > 3 && rest[0] == "refs" {
            // raw addresses may spell the reference out: refs/heads/main.
            rest.drain(..2);
        }
        let (reference, path) = match (verb.as_deref(), rest.as_slice()) {
            (None, _) => (None, String::new()),
            (Some("blob" | "tree" | "raw" | "edit" | "blame"), [reference, path @ ..]) => {
                (Some(reference.clone()), path.join("/"))
            }
            _ => return Err(invalid()),
        };
        let is_yaml = path
            .rsplit_once('.')
            .is_some_and(|(_, end)| matches!(end, "yaml" | "yml"));
        let is_folder = path.is_empty() || (verb.as_deref() == Some("tree") && !is_yaml);
        let repository = repository.trim_end_matches(".git").to_owned();
        Ok(Some(Self {
            origin,
            host,
            owner,
            repository,
            reference,
            path,
            is_folder,
        }))
    }

    /// The address of another file on the same branch.
    pub(crate) fn at(&self, path: &str) -> String {
        let reference = self.reference.as_deref().unwrap_or("HEAD");
        let path: Vec<_> = path.split('/').map(encode).collect();
        format!(
            "{}/blob/{}/{}",
            self.repository_url(),
            encode(reference),
            path.join("/")
        )
    }

    /// The address of the repository.
    pub(crate) fn repository_url(&self) -> String {
        format!(
            "{}/{}/{}",
            self.origin,
            encode(&self.owner),
            encode(&self.repository)
        )
    }

    pub(crate) fn same_repository(&self, other: &Self) -> bool {
        self.host == other.host
            && self.owner.eq_ignore_ascii_case(&other.owner)
            && self.repository.eq_ignore_ascii_case(&other.repository)
    }
}

#[cfg(test)]
mod tests {
    use portico_config::Config;

    use super::*;

    fn parse(url: &str) -> Result<Option<GitHubTarget>, ReadError> {
        GitHubTarget::parse(&url.parse().unwrap(), &Hosts::new(&Config::default()))
    }

    fn parts(url: &str) -> (String, Option<String>, String, bool) {
        let it = parse(url).unwrap().unwrap();
        (
            format!("{}/{}", it.owner, it.repository),
            it.reference,
            it.path,
            it.is_folder,
        )
    }

    fn expected(
        reference: &str,
        path: &str,
        is_folder: bool,
    ) -> (String, Option<String>, String, bool) {
        (
            "o/r".to_owned(),
            Some(reference.to_owned()),
            path.to_owned(),
            is_folder,
        )
    }

    #[test]
    fn every_form_of_address_is_understood() {
        let file = expected("main", "a/b.yaml", false);
        assert_eq!(parts("https://github.com/o/r/blob/main/a/b.yaml"), file);
        assert_eq!(parts("https://github.com/o/r/tree/main/a/b.yaml"), file);
        assert_eq!(parts("https://github.com/o/r/raw/main/a/b.yaml"), file);
        assert_eq!(
            parts("https://github.com/o/r/raw/refs/heads/main/a/b.yaml"),
            file
        );
        assert_eq!(
            parts("https://raw.githubusercontent.com/o/r/main/a/b.yaml"),
            file
        );
        assert_eq!(
            parts("https://raw.githubusercontent.com/o/r/refs/heads/main/a/b.yaml"),
            file
        );
        assert_eq!(
            parts("https://github.com/o/r/tree/main/a"),
            expected("main", "a", true)
        );
        assert_eq!(
            parts("https://github.com/o/r/blob/feature%2Fx/a%20b/**/{x,y}.yaml"),
            expected("feature/x", "a b/**/{x,y}.yaml", false)
        );
        assert_eq!(
            parts("https://github.com/o/r.git"),
            ("o/r".to_owned(), None, String::new(), true)
        );
    }

    #[test]
    fn other_hosts_are_not_github_and_half_addresses_are_told() {
        assert_eq!(parse("https://gitlab.com/o/r/blob/main/x").unwrap(), None);
        assert_eq!(
            parse("https://raw.githubusercontent.com.evil.com/o/r/main/x").unwrap(),
            None
        );
        let error = parse("https://github.com/o/r/issues/5")
            .unwrap_err()
            .to_string();
        assert!(error.contains("/blob/<branch>/<path>"), "{error}");
        assert!(parse("https://github.com/o").is_err());
    }

    #[test]
    fn addresses_of_other_files_are_encoded() {
        let it = parse("https://github.com/o/r/blob/feature%2Fx/a.yaml")
            .unwrap()
            .unwrap();
        assert_eq!(
            it.at("b c/d#e.yaml"),
            "https://github.com/o/r/blob/feature%2Fx/b%20c/d%23e.yaml"
        );
        assert_eq!(parts(&it.at("b c/d#e.yaml")).2, "b c/d#e.yaml");
    }
}
