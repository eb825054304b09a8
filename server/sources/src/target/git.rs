//! Addresses of any git remote: `git+https://host/repo.git#main:catalog-info.yaml`,
//! `git+ssh://…`, `git+file://…`, `ssh://…`, `git@host:org/repo.git#…`, and of repositories
//! that Portico keeps itself: `local:repo#main:catalog-info.yaml`.

use std::path::Path;

use url::Url;

use crate::ReadError;

/// What the names of repositories that Portico keeps itself begin with.
const LOCAL: &str = "local:";

/// A place in a git repository that git itself fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitTarget {
    /// The address before `#`, as written.
    address: String,
    /// What git is given: the address without `git+`.
    pub(crate) remote: String,
    /// Branch, tag or commit; `None` is the remote's HEAD.
    pub(crate) reference: Option<String>,
    /// From the repository's root, without a leading slash.
    pub(crate) path: String,
}

impl GitTarget {
    /// Whether a `url` target is meant for git.
    pub(crate) fn looks_like(target: &str) -> bool {
        ["git+", "git@", "ssh://", "git://", "file://", LOCAL]
            .iter()
            .any(|it| target.starts_with(it))
    }

    pub(crate) fn parse(target: &str) -> Result<Self, ReadError> {
        let (address, fragment) = target.split_once('#').unwrap_or((target, ""));
        let remote = address.strip_prefix("git+").unwrap_or(address);
        let invalid = |reason: &str| ReadError::invalid(target, reason);
        if let Some(name) = remote.strip_prefix(LOCAL) {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if name.is_empty() || name.starts_with('.') || !name.chars().all(allowed) {
                return Err(invalid("write local:<name>#<branch>:<file>"));
            }
        } else if remote.starts_with("git@") {
            // scp form: host and path, nothing to check but that git takes it for no option.
            if !remote.contains(':') {
                return Err(invalid("write git@<host>:<path>.git#<branch>:<file>"));
            }
        } else {
            let url = Url::parse(remote)
                .map_err(|_| invalid("write git+https://<host>/<path>.git#<branch>:<file>"))?;
            if !matches!(url.scheme(), "https" | "http" | "ssh" | "file") {
                return Err(invalid("git remotes are read over https, ssh or file"));
            }
            if url.password().is_some() {
                return Err(ReadError::invalid(
                    "(a git address with a password)",
                    "credentials belong into integrations.*, not into the address",
                ));
            }
        }
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        let (reference, path) = fragment.split_once(':').unwrap_or((&fragment, ""));
        if reference.starts_with('-') || reference.contains(char::is_whitespace) {
            return Err(invalid("the part after # is <branch>:<file>"));
        }
        Ok(Self {
            address: address.to_owned(),
            remote: remote.to_owned(),
            reference: (!reference.is_empty()).then(|| reference.to_owned()),
            path: path.trim_start_matches('/').to_owned(),
        })
    }

    /// The address of another file on the same branch.
    pub(crate) fn at(&self, path: &str) -> String {
        let reference = self.reference.as_deref().unwrap_or_default();
        let path = path.replace('%', "%25");
        format!("{}#{reference}:{path}", self.address)
    }

    /// A repository that Portico keeps itself.
    pub(crate) fn is_kept(&self) -> bool {
        self.remote.starts_with(LOCAL)
    }

    /// The same place, with the path of a repository that Portico keeps in `folder` instead
    /// of its name; `None` for any other repository.
    pub(crate) fn kept_in(&self, folder: &Path) -> Option<Self> {
        let name = self.remote.strip_prefix(LOCAL)?;
        let path = folder.join(format!("{name}.git"));
        let remote = Url::from_file_path(path).ok()?.into();
        Some(Self {
            remote,
            ..self.clone()
        })
    }

    /// A repository on this machine: only the configuration may name it.
    pub(crate) fn is_local(&self) -> bool {
        self.remote.starts_with("file:")
    }

    /// The remote's host, when it is not local.
    pub(crate) fn host(&self) -> Option<String> {
        if let Some(rest) = self.remote.strip_prefix("git@") {
            return rest.split(':').next().map(str::to_owned);
        }
        Url::parse(&self.remote).ok()?.host_str().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_branch_and_path_are_told_apart() {
        let it = GitTarget::parse("git+https://host/a/b.git#main:x/catalog-info.yaml").unwrap();
        assert_eq!(it.remote, "https://host/a/b.git");
        assert_eq!(
            (it.reference.as_deref(), it.path.as_str()),
            (Some("main"), "x/catalog-info.yaml")
        );
        assert_eq!(it.at("y%.yaml"), "git+https://host/a/b.git#main:y%25.yaml");
        let scp = GitTarget::parse("git@host:a/b.git#:x.yaml").unwrap();
        assert_eq!(
            (scp.remote.as_str(), scp.reference.as_deref()),
            ("git@host:a/b.git", None)
        );
        assert_eq!(scp.host().as_deref(), Some("host"));
        assert_eq!(
            GitTarget::parse("ssh://git@host:22/a.git")
                .unwrap()
                .host()
                .as_deref(),
            Some("host")
        );
        assert!(
            GitTarget::parse("git+file:///srv/a.git")
                .unwrap()
                .is_local()
        );
    }

    #[test]
    fn repositories_that_portico_keeps_have_names() {
        let it = GitTarget::parse("local:orders-api#main:catalog-info.yaml").unwrap();
        assert!(!it.is_local() && it.host().is_none());
        let kept = it.kept_in(Path::new("/srv/my data/git")).unwrap();
        assert_eq!(kept.remote, "file:///srv/my%20data/git/orders-api.git");
        assert_eq!(kept.at("x.yaml"), "local:orders-api#main:x.yaml");
        let other = GitTarget::parse("git+https://host/r.git#main:x").unwrap();
        assert_eq!(other.kept_in(Path::new("/srv")), None);
    }

    #[test]
    fn what_git_could_take_for_something_else_is_refused() {
        for target in [
            "local:#main:x",
            "local:../r#main:x",
            "local:a/b#main:x",
            "git+ext::sh -c id",
            "git+https://host/r.git#--upload-pack=x:y",
            "git+https://user:pass@host/r.git#main:x",
            "-oProxyCommand=x",
            "git@host",
            "git+ftp://host/r.git",
        ] {
            assert!(
                matches!(GitTarget::parse(target), Err(ReadError::Invalid { .. })),
                "{target}"
            );
        }
        let told = GitTarget::parse("git+https://user:pass@host/r.git")
            .unwrap_err()
            .to_string();
        assert!(!told.contains("pass@"), "{told}");
    }
}
