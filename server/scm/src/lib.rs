//! Source control: repositories on whichever host they live, behind one interface.
//!
//! [`Scm`] is what edges and plugins call: it takes the
//! [`Principal`](portico_access::Principal) who asks, decides, and hands on to the
//! [`RepositoryHost`] that keeps the repository. [`LocalGit`] is the host of the
//! repositories that Portico keeps itself, as bare git repositories in its data folder,
//! [`AzureDevOps`] of those on the hosts of `integrations.azure`.
//!
//! Nothing here writes to a branch that exists: repositories are made whole, with their first
//! commit, and changes are proposed on a branch of their own, and reach the base branch when somebody merges the change request.

mod azure;
mod change_request;
mod diff;
mod error;
mod host;
mod local;
mod names;
mod owners;
mod proposal;
mod repository;
mod scm;

pub use azure::{AzureClient, AzureDevOps, AzureScope};
pub use change_request::{ChangeRequest, ChangeRequestDetail, Commit, Mergeability};
pub use diff::{ChangeKind, Diff, FileDiff, Hunk, Line, LineKind};
pub use error::{Result, ScmError};
pub use host::RepositoryHost;
pub use local::{Imported, LocalGit};
pub use owners::REPOSITORY_ANNOTATION;
pub use portico_store::ChangeRequestState;
pub use proposal::{Edit, Proposal};
pub use repository::{
    Branch, FolderEntry, FolderEntryKind, NewRepository, Repository, RepositoryFile,
    RepositoryOverview,
};
pub use scm::Scm;
