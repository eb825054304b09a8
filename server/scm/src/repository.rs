//! What a repository is to those who read it.

use crate::Commit;

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

/// A repository and what happens in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryOverview {
    /// The repository.
    pub repository: Repository,
    /// The newest commit of its default branch; none before there is one.
    pub last_commit: Option<Commit>,
    /// Change requests that wait for somebody to merge or close them.
    pub open_change_requests: u64,
}

/// A branch and the commit it is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Name, without `refs/heads/`.
    pub name: String,
    /// Its newest commit.
    pub tip: Commit,
}

/// Something directly in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// From the root of the repository.
    pub path: String,
    /// What it is.
    pub kind: FolderEntryKind,
    /// Of a file, in bytes; 0 for others.
    pub size: usize,
}

/// What can be in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderEntryKind {
    /// A folder.
    Folder,
    /// A file that can be read.
    File,
    /// A link or a submodule, which are not followed.
    Other,
}

/// A file with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryFile {
    /// From the root of the repository, or of the folder that was asked for, with `/`.
    pub path: String,
    /// All of it.
    pub content: Vec<u8>,
    /// Whether somebody may run it.
    pub is_executable: bool,
}

/// A repository to be, with its first commit.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NewRepository {
    /// The name of its default branch.
    pub branch: String,
    /// The message of the commit.
    pub message: String,
    /// What is in it; at least one file.
    pub files: Vec<RepositoryFile>,
    /// Who has the same key may ask again, and gets what is there: for work that goes on after
    /// it was interrupted.
    pub key: Option<String>,
    /// What it is for, in a line, on hosts that show such a line.
    pub description: Option<String>,
    /// Who sees it, on hosts where not everybody sees everything.
    pub visibility: Visibility,
    /// Who its commit is by, if not the principal.
    pub author: Option<Author>,
}

/// Who sees a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Those who were let in.
    #[default]
    Private,
    /// Everybody of the company.
    Internal,
    /// Everybody.
    Public,
}

impl Visibility {
    /// As hosts name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Internal => "internal",
            Self::Public => "public",
        }
    }
}

/// Who a commit is by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}
