//! Something outside changed: which sources should be read again.

use std::path::PathBuf;

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
    /// The repository's web address without scheme and `.git`, lower-case: `github.com/o/r`.
    pub repository: String,
    /// Branch or tag name.
    pub reference: String,
    /// Whether that is what a URL without a branch means.
    pub is_default: bool,
    /// Paths from the repository's root; `None` when the host does not say.
    pub paths: Option<Vec<String>>,
}

impl Change {
    /// Whether a source with this location, or a placeholder that read it, may have changed.
    pub fn affects(&self, kind: &str, target: &str) -> bool {
        let _ = (kind, target);
        true
    }
}
