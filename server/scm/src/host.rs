//! What a place that keeps repositories can do.

use std::sync::Arc;

use async_trait::async_trait;
use portico_config::Secret;
use portico_store::{AuditEvent, ChangeRequestState};

use crate::{
    Branch, ChangeRequest, ChangeRequestDetail, Diff, FolderEntry, NewRepository, Pack,
    PackRequest, Proposal, Repository, RepositoryFile, Result, ScmError,
};

/// A place that keeps repositories. Decides nothing about who may do what: [`Scm`](crate::Scm)
/// has done that before it calls.
///
/// Repositories are named as in calls of [`Scm`](crate::Scm), and only those that
/// [`RepositoryHost::keeps`] says yes to are asked for. Proposals, paths, branches and globs
/// from outside have been checked for form, not for existence.
#[async_trait]
pub trait RepositoryHost: Send + Sync {
    /// Whether repositories with such a URL live here. Says nothing about existence.
    fn keeps(&self, repository: &str) -> bool;

    /// Whether this is the portal itself, and not a place elsewhere.
    fn is_portal(&self) -> bool {
        false
    }

    /// The same host, signed in with this token in place of what is configured. `None` for hosts
    /// that know no tokens.
    fn with_token(&self, token: &Secret) -> Option<Arc<dyn RepositoryHost>> {
        let _ = token;
        None
    }

    /// Every repository here, by name.
    async fn repositories(&self) -> Result<Vec<Repository>>;

    /// One repository.
    async fn repository(&self, repository: &str) -> Result<Repository>;

    /// Its branches, by name.
    async fn branches(&self, repository: &str) -> Result<Vec<Branch>>;

    /// The content of a file on a branch, tag or commit (the default branch when none).
    /// `None` when there is no such file; links and folders are no files.
    async fn read_file(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>>;

    /// What is directly in a folder (in the root when the path is empty), in git's order.
    /// `None` when there is no such folder.
    async fn folder(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>>;

    /// The paths of the files that match a glob, in order.
    async fn find(
        &self,
        repository: &str,
        reference: Option<&str>,
        glob: &str,
    ) -> Result<Vec<String>>;

    /// All files below a folder (of the repository when the path is empty), by path from there.
    async fn files(
        &self,
        repository: &str,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>>;

    /// Makes a repository with one commit, and gives the commit. Author and time are those of
    /// `audit`, which is written with it. `Conflict` when there is one of that name that another
    /// key made.
    async fn create(
        &self,
        repository: &str,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<String>;

    /// Where people see a repository: a URL, or a path on this portal.
    fn page(&self, repository: &str) -> String;

    /// What [`RepositoryHost::propose`] would change, changing nothing.
    async fn preview(&self, repository: &str, proposal: &Proposal) -> Result<Diff>;

    /// Makes a branch with one commit on the base branch, and a change request for it. The
    /// author and the time are those of `audit`, which is written with it.
    async fn propose(
        &self,
        repository: &str,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest>;

    /// Change requests, newest first, and how many there are in all.
    async fn change_requests(
        &self,
        repository: &str,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)>;

    /// One change request with what it changes.
    async fn change_request(&self, repository: &str, number: i64) -> Result<ChangeRequestDetail>;

    /// Brings an open change request into its base branch with a merge commit. The branch of one
    /// that the portal proposed goes. Who and when
    /// are those of `audit`, which is written with it. `Conflict` names the files in the way.
    async fn merge(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest>;

    /// Closes an open change request; its branch stays.
    async fn close(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest>;

    /// Answers a git client that clones or fetches. Hosts that people reach themselves do not.
    async fn upload_pack(&self, repository: &str, _request: PackRequest) -> Result<Pack> {
        Err(ScmError::invalid(format!(
            "{repository} is cloned from its own host"
        )))
    }
}
