//! What a repository is to those who read it.

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Its name on its host.
    pub name: String,
    /// What it is called in entities, plugins and calls: `local:NAME`, or a URL.
    pub url: String,
    /// The branch that changes are proposed for when nothing else is said.
    pub default_branch: String,
}

/// A branch and the commit it is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Name, without `refs/heads/`.
    pub name: String,
    /// Id of its newest commit.
    pub commit: String,
}
