//! The repositories that Portico keeps itself: bare git repositories below one folder,
//! read and written by git without a working tree, and change requests in the database.
//!
//! Several processes may share the folder and the database. Every write of git's is one
//! that git itself makes atomic (objects by their content, references by comparing with
//! the expected value), so nothing else is locked.

mod branch;
mod change_requests;
mod command;
mod commit;
mod contents;
mod create;
mod files;
mod import;
mod merge;
mod pack;
mod review;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use futures::future::try_join_all;
use portico_store::{AuditEvent, ChangeRequestState, Store};
use tokio::sync::Semaphore;

use crate::{
    Branch, ChangeRequest, ChangeRequestDetail, Diff, FolderEntry, NewRepository, Pack,
    PackRequest, Proposal, Repository, RepositoryFile, RepositoryHost, Result, ScmError, names,
};

use command::Git;
pub(crate) use commit::email;
pub use import::Imported;

/// What the names of local repositories begin with.
const SCHEME: &str = "local:";
/// Git processes at once, beside those that serve clones.
const PROCESSES: usize = 16;
/// Clones and fetches at once.
const CLONES: usize = 16;

/// The host of local repositories.
#[derive(Clone)]
pub struct LocalGit {
    store: Store,
    folder: PathBuf,
    portal: String,
    processes: Arc<Semaphore>,
    clones: Arc<Semaphore>,
}

impl LocalGit {
    /// A host that keeps `NAME.git` in `folder`, which is made when it is first needed.
    /// `portal` is the URL of the portal without a trailing slash, for links to change
    /// requests; empty when it does not know its own.
    pub fn new(store: Store, folder: impl Into<PathBuf>, portal: impl Into<String>) -> Self {
        let folder = folder.into();
        Self {
            store,
            // Git runs elsewhere than Portico does.
            folder: std::path::absolute(&folder).unwrap_or(folder),
            portal: portal.into(),
            processes: Arc::new(Semaphore::new(PROCESSES)),
            clones: Arc::new(Semaphore::new(CLONES)),
        }
    }

    /// What a repository is called in entities, plugins and calls.
    fn url(name: &str) -> String {
        format!("{SCHEME}{name}")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.git"))
    }

    /// The name in a URL.
    fn name(repository: &str) -> Result<&str> {
        let name = repository.strip_prefix(SCHEME).unwrap_or(repository);
        names::check_name(name)?;
        Ok(name)
    }

    /// Git in a repository that exists.
    fn git(&self, repository: &str) -> Result<Git> {
        let path = self.path(Self::name(repository)?);
        if is_repository(&path) {
            Ok(Git::new(path, Arc::clone(&self.processes)))
        } else {
            Err(ScmError::NotFound(format!("repository {repository}")))
        }
    }

    async fn describe(&self, name: &str) -> Result<Repository> {
        let url = Self::url(name);
        let default_branch = self.git(&url)?.default_branch().await?;
        Ok(Repository {
            name: name.to_owned(),
            url,
            default_branch,
        })
    }

    /// The names of the repositories that are there.
    fn list(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(ScmError::io("the folder of repositories cannot be read")(
                    error,
                ));
            }
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let name = name.strip_suffix(".git")?;
                names::check_name(name).ok()?;
                is_repository(&entry.path()).then(|| name.to_owned())
            })
            .collect();
        names.sort_unstable();
        Ok(names)
    }
}

/// Whether a folder is a whole repository, as [`LocalGit::import`] leaves it.
fn is_repository(path: &Path) -> bool {
    path.join("HEAD").is_file()
}

#[async_trait]
impl RepositoryHost for LocalGit {
    fn keeps(&self, repository: &str) -> bool {
        repository.starts_with(SCHEME)
    }

    fn is_portal(&self) -> bool {
        true
    }

    async fn repositories(&self) -> Result<Vec<Repository>> {
        let names = self.list()?;
        try_join_all(names.iter().map(|name| self.describe(name))).await
    }

    async fn repository(&self, repository: &str) -> Result<Repository> {
        self.describe(Self::name(repository)?).await
    }

    async fn branches(&self, repository: &str) -> Result<Vec<Branch>> {
        self.git(repository)?.branches().await
    }

    async fn read_file(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>> {
        let git = self.git(repository)?;
        let commit = git.resolve(reference).await?;
        git.read_file(&commit, path).await
    }

    async fn folder(
        &self,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        let git = self.git(repository)?;
        let commit = git.resolve(reference).await?;
        git.read_folder(&commit, path).await
    }

    async fn find(
        &self,
        repository: &str,
        reference: Option<&str>,
        glob: &str,
    ) -> Result<Vec<String>> {
        let git = self.git(repository)?;
        let commit = git.resolve(reference).await?;
        git.find(&commit, glob).await
    }

    async fn files(
        &self,
        repository: &str,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>> {
        let git = self.git(repository)?;
        let commit = git.resolve(reference).await?;
        git.contents(&commit, folder).await
    }

    async fn create(
        &self,
        repository: &str,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<String> {
        self.create_repository(repository, new, audit).await
    }

    fn page(&self, repository: &str) -> String {
        let name = Self::name(repository).unwrap_or(repository);
        format!("{}/repositories/{name}", self.portal)
    }

    async fn preview(&self, repository: &str, proposal: &Proposal) -> Result<Diff> {
        self.preview_change(repository, proposal).await
    }

    async fn propose(
        &self,
        repository: &str,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        self.add_change_request(repository, proposal, audit).await
    }

    async fn change_requests(
        &self,
        repository: &str,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)> {
        self.git(repository)?;
        let (rows, total) = self
            .store
            .change_requests(repository, state, offset, limit)
            .await?;
        let rows = rows.into_iter().map(|row| self.present(row));
        Ok((rows.collect(), total))
    }

    async fn change_request(&self, repository: &str, number: i64) -> Result<ChangeRequestDetail> {
        self.review(repository, number).await
    }

    async fn merge(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        self.merge_change_request(repository, number, audit).await
    }

    async fn close(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        self.close_change_request(repository, number, audit).await
    }

    async fn upload_pack(&self, repository: &str, request: PackRequest) -> Result<Pack> {
        self.pack(repository, request)
    }
}
