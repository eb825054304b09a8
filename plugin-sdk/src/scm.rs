//! Capability `scm`: repositories, on whichever host they live.
//!
//! A repository is named by its URL, or `local:NAME` for those that Portico keeps itself. Nothing
//! is pushed to an existing branch: changes are proposed, for people to accept.
//!
//! ```
//! use portico_plugin_sdk::{mock, scm};
//!
//! let host = mock::Host::new();
//! host.add_scm_file("local:orders", "README.md", "# Orders\n");
//!
//! let text = scm::read_text("local:orders", "README.md")?.unwrap_or_default();
//! let request = scm::propose(
//!     scm::Proposal::new("local:orders", "docs/owner", "Say who owns this")
//!         .body("Found by a check.")
//!         .write("README.md", text + "\nOwned by team-orders.\n"),
//! )?;
//! assert_eq!(host.proposals()[0].branch, "docs/owner");
//! # let _ = request;
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

use crate::{HostResult, entity, host};

/// One change of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Writes a whole file.
    Write {
        /// Relative to the root of the repository.
        path: String,
        /// All of it.
        content: Vec<u8>,
    },
    /// Removes a file.
    Remove {
        /// Relative to the root of the repository.
        path: String,
    },
}

/// A change to propose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Where.
    pub repository: String,
    /// The branch to propose it for; the default branch when none.
    pub base: Option<String>,
    /// The branch to create; it may not exist.
    pub branch: String,
    /// The first line people read, and the message of the commit.
    pub title: String,
    /// What it is about, in Markdown.
    pub body: String,
    /// What changes; at least one.
    pub edits: Vec<Edit>,
}

/// A proposed change: a pull request, by whatever name its host knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// Its number or name on the host.
    pub id: String,
    /// Where people see it.
    pub url: String,
}

impl Proposal {
    /// A proposal without edits yet, for the default branch.
    pub fn new(
        repository: impl Into<String>,
        branch: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        Self {
            repository: repository.into(),
            base: None,
            branch: branch.into(),
            title: title.into(),
            body: String::new(),
            edits: Vec::new(),
        }
    }

    /// For another branch than the default one.
    #[must_use]
    pub fn base(mut self, branch: impl Into<String>) -> Self {
        self.base = Some(branch.into());
        self
    }

    /// What it is about, in Markdown.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// Writes a whole file.
    #[must_use]
    pub fn write(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.edits.push(Edit::Write {
            path: path.into(),
            content: content.into(),
        });
        self
    }

    /// Removes a file.
    #[must_use]
    pub fn remove(mut self, path: impl Into<String>) -> Self {
        self.edits.push(Edit::Remove { path: path.into() });
        self
    }
}

/// A file on the default branch; none when the repository has no such file.
pub fn read(repository: &str, path: &str) -> HostResult<Option<Vec<u8>>> {
    host::scm_read(repository, path)
}

/// A file as text. What is not UTF-8 in it is replaced by `�`.
pub fn read_text(repository: &str, path: &str) -> HostResult<Option<String>> {
    Ok(read(repository, path)?.map(|bytes| entity::text(&bytes)))
}

/// The paths of the files that match a glob, on the default branch.
pub fn find(repository: &str, glob: &str) -> HostResult<Vec<String>> {
    host::scm_find(repository, glob)
}

/// Proposes a change. In a dry run it is recorded and not made.
pub fn propose(proposal: Proposal) -> HostResult<ChangeRequest> {
    host::scm_propose(proposal)
}
