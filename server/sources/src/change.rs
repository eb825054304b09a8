//! Something outside changed: which sources should be read again.

use std::path::{Path, PathBuf};

use portico_config::{AzureIntegration, GitHubIntegration};

use crate::target::{Hosts, Shape, Target, shape};

/// A change noticed by a file watch or told by a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file or folder (with everything below it) on this machine.
    Path(PathBuf),
    /// A push to a repository on a host.
    Push(Push),
}

/// What a push changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Whose addresses name the repository.
    pub host: PushHost,
    /// The repository's web address.
    pub repository: String,
    /// Branch or tag name.
    pub reference: String,
    /// Whether that is what an address without a branch means.
    pub is_default: bool,
    /// Paths from the repository's root; `None` when the host does not say.
    pub paths: Option<Vec<String>>,
}

/// The kinds of host that send webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushHost {
    /// GitHub or GitHub Enterprise.
    GitHub,
    /// Azure DevOps services or server.
    AzureDevOps,
}

impl Change {
    /// Whether a source with this location, or a placeholder that read it, may have changed.
    pub fn affects(&self, kind: &str, target: &str) -> bool {
        match self {
            Self::Path(path) => kind == "file" && path_affects(path, target),
            Self::Push(push) => push.affects(kind, target),
        }
    }
}

fn path_affects(changed: &Path, target: &str) -> bool {
    let source = Path::new(target);
    // A folder stands for everything below it.
    if source.starts_with(changed) {
        return true;
    }
    match shape(target, !has_extension(source)) {
        // New, renamed or removed files change what a pattern expands to; so does a
        // folder that came or went, between the pattern's root and its files.
        Ok(Shape::Pattern(pattern)) => {
            let root = Path::new(&pattern.folder);
            let below = changed.starts_with(root);
            let matches = changed
                .to_str()
                .is_some_and(|changed| pattern.matches(changed));
            root.starts_with(changed) || matches || (below && !has_extension(changed))
        }
        Ok(Shape::File) | Err(_) => false,
    }
}

fn has_extension(path: &Path) -> bool {
    path.extension().is_some()
}

impl Push {
    fn affects(&self, kind: &str, target: &str) -> bool {
        if kind == "file" {
            return false;
        }
        let Some(hosts) = self.hosts() else {
            return false;
        };
        let Ok(pushed) = Target::parse("url", &self.repository, &hosts) else {
            return false;
        };
        let Ok(source) = Target::parse(kind, target, &hosts) else {
            return false;
        };
        let (reference, path, is_folder) = match &source {
            Target::GitHub(it) if source.same_repository(&pushed) => {
                (it.reference.as_deref(), &it.path, it.is_folder)
            }
            Target::Azure(it) if source.same_repository(&pushed) => {
                let version = it.version.as_ref().map(|version| version.descriptor().1);
                (
                    version,
                    &it.path,
                    crate::target::looks_like_folder(&it.path),
                )
            }
            Target::Git(it) => {
                let Ok(remote) = Target::parse("url", &it.remote, &hosts) else {
                    return false;
                };
                if !remote.same_repository(&pushed) {
                    return false;
                }
                (
                    it.reference.as_deref(),
                    &it.path,
                    crate::target::looks_like_folder(&it.path),
                )
            }
            _ => return false,
        };
        let same_reference = match reference {
            None | Some("HEAD") => self.is_default,
            Some(reference) => reference == self.reference,
        };
        same_reference && self.touches(path, is_folder)
    }

    fn touches(&self, path: &str, is_folder: bool) -> bool {
        let Some(paths) = &self.paths else {
            return true;
        };
        match shape(path, is_folder) {
            Ok(Shape::File) => paths.iter().any(|changed| changed == path),
            Ok(Shape::Pattern(pattern)) => paths.iter().any(|changed| pattern.matches(changed)),
            Err(_) => true,
        }
    }

    /// The pushing host as the only one known: enough to compare addresses on it.
    fn hosts(&self) -> Option<Hosts> {
        let host = crate::target::host_of(&self.repository.parse().ok()?);
        let (mut github, mut azure) = (Vec::new(), Vec::new());
        match self.host {
            PushHost::GitHub if host == "github.com" => {
                github.push(GitHubIntegration::github_com());
            }
            PushHost::GitHub => github.push(GitHubIntegration {
                raw_base_url: format!("https://{host}/raw"),
                host,
                ..GitHubIntegration::github_com()
            }),
            PushHost::AzureDevOps => {
                azure.push(AzureIntegration {
                    host,
                    ..AzureIntegration::dev_azure_com()
                });
                azure.push(AzureIntegration::dev_azure_com());
            }
        }
        Some(Hosts { github, azure })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(host: PushHost, repository: &str, paths: Option<&[&str]>) -> Change {
        Change::Push(Push {
            host,
            repository: repository.to_owned(),
            reference: "main".to_owned(),
            is_default: true,
            paths: paths.map(|paths| paths.iter().map(|&path| path.to_owned()).collect()),
        })
    }

    #[test]
    fn a_push_affects_what_it_changed() {
        let change = push(
            PushHost::GitHub,
            "https://github.com/Org/Repo",
            Some(&["a/catalog-info.yaml"]),
        );
        let affects = |target: &str| change.affects("url", target);
        assert!(affects(
            "https://github.com/org/repo/blob/main/a/catalog-info.yaml"
        ));
        assert!(affects(
            "https://raw.githubusercontent.com/org/repo/main/a/catalog-info.yaml"
        ));
        assert!(affects(
            "https://github.com/org/repo/blob/main/**/catalog-info.yaml"
        ));
        assert!(affects("https://github.com/org/repo/tree/main/a"));
        assert!(affects("https://github.com/org/repo"));
        assert!(affects(
            "git+https://github.com/org/repo.git#main:a/catalog-info.yaml"
        ));
        assert!(!affects(
            "https://github.com/org/repo/blob/main/b/catalog-info.yaml"
        ));
        assert!(!affects(
            "https://github.com/org/repo/blob/dev/a/catalog-info.yaml"
        ));
        assert!(!affects(
            "https://github.com/org/other/blob/main/a/catalog-info.yaml"
        ));
        assert!(!affects(
            "https://ghe.contoso.com/org/repo/blob/main/a/catalog-info.yaml"
        ));
        assert!(!affects("not an address"));
        assert!(!change.affects("file", "/org/repo/a/catalog-info.yaml"));
    }

    #[test]
    fn without_paths_a_push_affects_the_whole_branch() {
        let change = push(
            PushHost::AzureDevOps,
            "https://dev.azure.com/org/proj/_git/repo",
            None,
        );
        let affects = |target: &str| change.affects("url", target);
        assert!(affects(
            "https://dev.azure.com/org/proj/_git/repo?path=/a.yaml&version=GBmain"
        ));
        assert!(affects(
            "https://dev.azure.com/org/proj/_git/repo?path=/a.yaml"
        ));
        assert!(affects(
            "https://org.visualstudio.com/proj/_git/repo?path=/a.yaml"
        ));
        assert!(!affects(
            "https://dev.azure.com/org/proj/_git/repo?path=/a.yaml&version=GBdev"
        ));
        assert!(!affects(
            "https://dev.azure.com/org/proj/_git/other?path=/a.yaml"
        ));
    }

    #[test]
    fn a_changed_path_affects_files_folders_and_patterns() {
        let affects = |changed: &str, target: &str| {
            Change::Path(PathBuf::from(changed)).affects("file", target)
        };
        assert!(affects("/c/a.yaml", "/c/a.yaml"));
        assert!(affects("/c", "/c/a.yaml"));
        assert!(!affects("/c/b.yaml", "/c/a.yaml"));
        assert!(!affects("/c/a", "/c/ab.yaml"));
        assert!(affects("/c/x/catalog-info.yaml", "/c/**/catalog-info.yaml"));
        assert!(!affects("/c/x/readme.md", "/c/**/catalog-info.yaml"));
        assert!(affects("/c/x", "/c/**/catalog-info.yaml"));
        assert!(affects("/", "/c/**/catalog-info.yaml"));
        assert!(affects("/c/x/catalog-info.yaml", "/c"));
        assert!(!Change::Path(PathBuf::from("/c/a.yaml")).affects("url", "/c/a.yaml"));
    }
}
