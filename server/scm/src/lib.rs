//! Source control: repositories on whichever host they live, behind one interface.
//!
//! [`Scm`] is what edges and plugins call: it takes the
//! [`Principal`](portico_access::Principal) who asks, decides, and hands on to the
//! [`RepositoryHost`] that keeps the repository. [`LocalGit`] is the host of the
//! repositories that Portico keeps itself, as bare git repositories in its data folder, [`GitHub`]
//! of those on the hosts of `integrations.github`, [`AzureDevOps`] of those on the hosts of
//! `integrations.azure`.
//!
//! Nothing here writes to a branch that exists: repositories are made whole, with their first
//! commit, and changes are proposed on a branch of their own, and reach the base branch when
//! somebody merges the change request.

mod azure;
mod change_request;
mod diff;
mod edits;
mod error;
mod github;
mod host;
mod local;
mod names;
mod owners;
mod pack;
mod proposal;
mod remark;
mod repository;
mod scm;

pub use azure::{AzureClient, AzureDevOps, AzureScope};
pub use change_request::{ChangeRequest, ChangeRequestDetail, Commit, Mergeability};
pub use diff::{ChangeKind, Diff, FileDiff, Hunk, Line, LineKind};
pub use error::{Result, ScmError};
pub use github::{GitHub, GitHubClient};
pub use host::RepositoryHost;
pub use local::{Imported, LocalGit};
pub use owners::REPOSITORY_ANNOTATION;
pub use pack::{Pack, PackRequest};
pub use portico_store::ChangeRequestState;
pub use proposal::{Edit, Head, Proposal};
pub use repository::{
    Author, Branch, FolderEntry, FolderEntryKind, NewRepository, Repository, RepositoryFile,
    RepositoryOverview, Visibility,
};
pub use scm::{OpenChanges, Scm};
