//! Proposed changes: pull requests, by whatever name their host knows them.

use portico_store::{ChangeRequestState, Millis};

use crate::Diff;

/// A proposed change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// The repository, as `local:NAME` or a URL.
    pub repository: String,
    /// Number in its repository, from 1.
    pub number: i64,
    /// Where people see it: a URL, or a path on this portal when it does not know its own URL.
    pub url: String,
    /// One line.
    pub title: String,
    /// What it is about, in Markdown.
    pub body: String,
    /// The branch it is for.
    pub base: String,
    /// The branch it is on.
    pub branch: String,
    /// The newest commit of that branch when it was proposed: what is reviewed and merged.
    pub head_commit: String,
    /// Who proposed it, as audit events name principals.
    pub author: String,
    /// What made it for the author, if not the author themselves.
    pub via: Option<String>,
    /// Whether it still waits.
    pub state: ChangeRequestState,
    /// When it was proposed.
    pub created_at: Millis,
    /// Who merged or closed it.
    pub settled_by: Option<String>,
    /// When it was merged or closed.
    pub settled_at: Option<Millis>,
    /// The commit that brought it into the base branch.
    pub merge_commit: Option<String>,
}

/// A proposed change with what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequestDetail {
    /// The change request.
    pub change_request: ChangeRequest,
    /// The commits of its branch, oldest first.
    pub commits: Vec<Commit>,
    /// What they change.
    pub diff: Diff,
    /// Whether it can be merged now; `None` once it is merged or closed.
    pub mergeability: Option<Mergeability>,
}

/// Whether a change request can be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mergeability {
    /// Nothing is in the way.
    Clean,
    /// These files were changed on the base branch too, in the same places.
    Conflicts(Vec<String>),
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The first line of its message.
    pub title: String,
    /// The author's name.
    pub author: String,
    /// When it was made.
    pub at: Millis,
}
