//! The service: decides who may, finds the host, keeps the audit log.

mod configure;
mod open_changes;
mod visible;

use std::sync::Arc;

use futures::future::try_join_all;
use portico_access::{Action, Authorizer, Grounds, Principal, Resource};
use portico_catalog::Catalog;
use portico_store::{AuditEvent, ChangeRequestState};
use serde_json::{Value, json};

use crate::{
    Branch, ChangeRequest, ChangeRequestDetail, Diff, FolderEntry, FolderEntryKind, NewRepository,
    Pack, PackRequest, Proposal, Repository, RepositoryFile, RepositoryHost, RepositoryOverview,
    Result, ScmError, names, owners,
};

pub use open_changes::OpenChanges;
use open_changes::Recent;

/// Source control, on whichever host a repository lives. Cheap to clone.
///
/// Repositories are named by their URL or, for those that Portico keeps itself, `local:NAME`.
/// Calls fail with [`ScmError::Denied`] when the principal may not, and with
/// [`ScmError::NotFound`] when no host knows the repository.
#[derive(Clone)]
pub struct Scm {
    catalog: Catalog,
    hosts: Arc<[Arc<dyn RepositoryHost>]>,
    recent: Arc<Recent>,
}

impl Scm {
    /// Source control over these hosts; the first that keeps a repository is asked. The
    /// catalog knows who owns what.
    pub fn new(catalog: Catalog, hosts: Vec<Arc<dyn RepositoryHost>>) -> Self {
        Self {
            catalog,
            hosts: hosts.into(),
            recent: Arc::default(),
        }
    }

    /// Every repository that the hosts can list, host by host, by name.
    pub async fn repositories(&self, who: &Principal) -> Result<Vec<Repository>> {
        self.require(who, Action::ScmRead, &Resource::Any)?;
        let mut repositories = Vec::new();
        for host in self.hosts.iter() {
            match host.repositories().await {
                Ok(found) => repositories.extend(found),
                // One host that is away, or wants another token, does not hide the others.
                Err(error @ (ScmError::Unavailable(_) | ScmError::Refused(_))) => {
                    tracing::warn!(%error, "repositories of a host are not listed");
                }
                Err(error) => return Err(error),
            }
        }
        self.visible(who, repositories).await
    }

    /// Every repository that Portico keeps itself, by name. Asks no other host.
    pub async fn kept(&self, who: &Principal) -> Result<Vec<Repository>> {
        self.require(who, Action::ScmRead, &Resource::Any)?;
        let mut repositories = Vec::new();
        for host in self.hosts.iter().filter(|host| host.is_portal()) {
            repositories.extend(host.repositories().await?);
        }
        self.visible(who, repositories).await
    }

    /// A page of the repositories that Portico keeps itself with what happens in each, and how
    /// many there are in all.
    pub async fn overviews(
        &self,
        who: &Principal,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<RepositoryOverview>, u64)> {
        let repositories = self.kept(who).await?;
        let total = repositories.len() as u64;
        let page = repositories.into_iter().skip(offset).take(limit);
        let page = page.map(|repository| self.overview(repository));
        Ok((try_join_all(page).await?, total))
    }

    async fn overview(&self, repository: Repository) -> Result<RepositoryOverview> {
        let host = self.host(&repository.url)?;
        let open = Some(ChangeRequestState::Open);
        let (_, open_change_requests) = host.change_requests(&repository.url, open, 0, 0).await?;
        let branches = host.branches(&repository.url).await?;
        let default = branches
            .into_iter()
            .find(|branch| branch.name == repository.default_branch);
        Ok(RepositoryOverview {
            last_commit: default.map(|branch| branch.tip),
            open_change_requests,
            repository,
        })
    }

    /// One repository.
    pub async fn repository(&self, who: &Principal, repository: &str) -> Result<Repository> {
        self.readable(who, repository)
            .await?
            .repository(repository)
            .await
    }

    /// The refs of who may merge changes to a repository, administrators aside.
    pub async fn owners(&self, who: &Principal, repository: &str) -> Result<Vec<String>> {
        let found = self.repository(who, repository).await?;
        owners::owners(&self.catalog, &found).await
    }

    /// The branches of a repository, by name.
    pub async fn branches(&self, who: &Principal, repository: &str) -> Result<Vec<Branch>> {
        self.readable(who, repository)
            .await?
            .branches(repository)
            .await
    }

    /// The content of a file on a branch, tag or commit; on the default branch when none.
    /// `None` when there is no such file; links and folders are no files. At most 5 MiB.
    pub async fn read_file(
        &self,
        who: &Principal,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<u8>>> {
        let host = self.readable(who, repository).await?;
        names::check_path(path)?;
        reference.map_or(Ok(()), names::check_branch)?;
        host.read_file(repository, reference, path).await
    }

    /// What is directly in a folder on a branch, tag or commit (on the default branch when
    /// none), folders first, then by name; in the root when the path is empty. `None` when
    /// there is no such folder.
    pub async fn folder(
        &self,
        who: &Principal,
        repository: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        let host = self.readable(who, repository).await?;
        if !path.is_empty() {
            names::check_path(path)?;
        }
        reference.map_or(Ok(()), names::check_branch)?;
        let mut found = host.folder(repository, reference, path).await?;
        if let Some(entries) = &mut found {
            entries.sort_by_key(|entry| entry.kind != FolderEntryKind::Folder);
        }
        Ok(found)
    }

    /// The paths of the files that match a glob such as `**/*.csproj`, in order. `*` stops at
    /// `/`. At most 10,000.
    pub async fn find(
        &self,
        who: &Principal,
        repository: &str,
        reference: Option<&str>,
        glob: &str,
    ) -> Result<Vec<String>> {
        let host = self.readable(who, repository).await?;
        names::check_glob(glob)?;
        reference.map_or(Ok(()), names::check_branch)?;
        host.find(repository, reference, glob).await
    }

    /// All files below a folder on a branch, tag or commit, by path from that folder; of the whole
    /// repository when the path is empty. Links are left out. At most 20,000 files and 256 MiB.
    pub async fn files(
        &self,
        who: &Principal,
        repository: &str,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>> {
        let host = self.readable(who, repository).await?;
        if !folder.is_empty() {
            names::check_path(folder)?;
        }
        reference.map_or(Ok(()), names::check_branch)?;
        host.files(repository, reference, folder).await
    }

    /// Answers a git client that clones or fetches a repository that Portico keeps itself.
    pub async fn upload_pack(
        &self,
        who: &Principal,
        repository: &str,
        request: PackRequest,
    ) -> Result<Pack> {
        self.readable(who, repository)
            .await?
            .upload_pack(repository, request)
            .await
    }

    /// Makes a repository with one commit, and gives the commit. A name that is taken is a
    /// [`ScmError::Conflict`].
    pub async fn create(
        &self,
        who: &Principal,
        repository: &str,
        new: &NewRepository,
    ) -> Result<String> {
        let grounds = self.require_on(who, Action::ScmCreate, repository, &[])?;
        new.check()?;
        let details = json!({"branch": new.branch, "files": new.files.len(), "key": new.key});
        let audit = event(who, Action::ScmCreate, repository, grounds, details);
        self.host(repository)?.create(repository, new, &audit).await
    }

    /// Fails when [`Scm::create`] would, for dry runs.
    pub async fn check_create(
        &self,
        who: &Principal,
        repository: &str,
        new: &NewRepository,
    ) -> Result<()> {
        self.require_on(who, Action::ScmCreate, repository, &[])?;
        new.check()?;
        match self.host(repository)?.repository(repository).await {
            Err(ScmError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
            Ok(found) => Err(ScmError::conflict(format!(
                "there is a repository \"{}\" already; choose another name",
                found.name
            ))),
        }
    }

    /// Where people see a repository: a URL, or a path on this portal.
    pub fn page(&self, repository: &str) -> Result<String> {
        Ok(self.host(repository)?.page(repository))
    }

    /// What [`Scm::propose`] would change, changing nothing: for dry runs. Fails as it would.
    pub async fn preview(
        &self,
        who: &Principal,
        repository: &str,
        proposal: &Proposal,
    ) -> Result<Diff> {
        let owners = self.owners_for(who, repository).await?;
        self.require_on(who, Action::ScmPropose, repository, &owners)?;
        proposal.check()?;
        self.host(repository)?.preview(repository, proposal).await
    }

    /// Proposes a change: a new branch with one commit, and a change request for it. A branch
    /// that exists is a [`ScmError::Conflict`].
    pub async fn propose(
        &self,
        who: &Principal,
        repository: &str,
        proposal: &Proposal,
    ) -> Result<ChangeRequest> {
        let owners = self.owners_for(who, repository).await?;
        let grounds = self.require_on(who, Action::ScmPropose, repository, &owners)?;
        proposal.check()?;
        let details = json!({
            "branch": proposal.branch,
            "title": proposal.title,
            "via": proposal.via,
        });
        let audit = event(who, Action::ScmPropose, repository, grounds, details);
        self.host(repository)?
            .propose(repository, proposal, &audit)
            .await
    }

    /// The change requests of a repository, newest first, and how many there are in all.
    pub async fn change_requests(
        &self,
        who: &Principal,
        repository: &str,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequest>, u64)> {
        self.readable(who, repository)
            .await?
            .change_requests(repository, state, offset, limit)
            .await
    }

    /// One change request with commits and diff.
    pub async fn change_request(
        &self,
        who: &Principal,
        repository: &str,
        number: i64,
    ) -> Result<ChangeRequestDetail> {
        self.readable(who, repository)
            .await?
            .change_request(repository, number)
            .await
    }

    /// Merges an open change request. For owners of the repository and administrators. What
    /// cannot be merged is a [`ScmError::Conflict`] with the files in the way.
    pub async fn merge(
        &self,
        who: &Principal,
        repository: &str,
        number: i64,
    ) -> Result<ChangeRequest> {
        let audit = self.settle(who, repository, number, "merge").await?;
        self.host(repository)?
            .merge(repository, number, &audit)
            .await
    }

    /// Closes an open change request without merging it; its branch stays. For owners of the
    /// repository and administrators.
    pub async fn close(
        &self,
        who: &Principal,
        repository: &str,
        number: i64,
    ) -> Result<ChangeRequest> {
        let audit = self.settle(who, repository, number, "close").await?;
        self.host(repository)?
            .close(repository, number, &audit)
            .await
    }

    /// Whether `who` may merge and close change requests of a repository, for edges that ask
    /// before they offer it.
    pub async fn may_merge(&self, who: &Principal, repository: &str) -> Result<bool> {
        let owners = self.owners(who, repository).await?;
        let resource = Resource::Repository {
            url: repository,
            owners: &owners,
        };
        Ok(self.authorizer().allows(who, Action::ScmMerge, &resource))
    }

    /// Decides about merging and closing, and gives the event to write.
    async fn settle(
        &self,
        who: &Principal,
        repository: &str,
        number: i64,
        what: &str,
    ) -> Result<AuditEvent> {
        let owners = self.owners(who, repository).await?;
        let grounds = self.require_on(who, Action::ScmMerge, repository, &owners)?;
        let details = json!({"number": number, "what": what});
        Ok(event(who, Action::ScmMerge, repository, grounds, details))
    }

    fn authorizer(&self) -> &Authorizer {
        self.catalog.authorizer()
    }

    fn host(&self, repository: &str) -> Result<&dyn RepositoryHost> {
        let host = self.hosts.iter().find(|host| host.keeps(repository));
        host.map(AsRef::as_ref).ok_or_else(|| {
            ScmError::NotFound(format!(
                "a host for the repository \"{repository}\" (write local:NAME, or the \
                 address of one on a host of integrations.*)"
            ))
        })
    }

    fn require_on(
        &self,
        who: &Principal,
        action: Action,
        url: &str,
        owners: &[String],
    ) -> Result<Grounds> {
        self.require(who, action, &Resource::Repository { url, owners })
    }

    /// Asks the seam.
    fn require(&self, who: &Principal, action: Action, resource: &Resource<'_>) -> Result<Grounds> {
        Ok(self.catalog.authorizer().require(who, action, resource)?)
    }
}

/// The audit event of an allowed action, to be written with its effect.
fn event(
    who: &Principal,
    action: Action,
    url: &str,
    grounds: Grounds,
    details: Value,
) -> AuditEvent {
    let resource = Resource::Repository { url, owners: &[] };
    Catalog::audit(who, action, &resource, grounds, details)
}
