//! The service: decides who may, finds the host, keeps the audit log.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use futures::future::try_join_all;
use portico_access::{Action, Principal, Resource};
use portico_catalog::{Catalog, current_request_id};
use portico_config::Secret;
use portico_store::{AuditEvent, ChangeRequestState, Millis};
use serde_json::{Value, json};

use crate::{
    Branch, ChangeRequest, ChangeRequestDetail, Diff, FolderEntry, FolderEntryKind, NewRepository,
    Proposal, Repository, RepositoryFile, RepositoryHost, RepositoryOverview, Result, ScmError,
    names, owners,
};

/// Source control, on whichever host a repository lives. Cheap to clone.
///
/// Repositories are named by their URL or, for those that Portico keeps itself, `local:NAME`.
/// Calls fail with [`ScmError::Denied`] when the principal may not, and with
/// [`ScmError::NotFound`] when no host knows the repository.
#[derive(Clone)]
pub struct Scm {
    catalog: Catalog,
    hosts: Arc<[Arc<dyn RepositoryHost>]>,
}

impl Scm {
    /// Source control over these hosts; the first that keeps a repository is asked. The
    /// catalog knows who owns what.
    pub fn new(catalog: Catalog, hosts: Vec<Arc<dyn RepositoryHost>>) -> Self {
        Self {
            catalog,
            hosts: hosts.into(),
        }
    }

    /// The same, signed in to hosts that take one with this token. What is decided here about
    /// who may do what stays the same.
    #[must_use]
    pub fn with_token(&self, token: &Secret) -> Self {
        let hosts = self.hosts.iter();
        let hosts = hosts.map(|it| it.with_token(token).unwrap_or_else(|| Arc::clone(it)));
        Self {
            catalog: self.catalog.clone(),
            hosts: hosts.collect(),
        }
    }

    /// Asks whether `who` may change the settings of a repository, or add to it what is no file
    /// (an issue, a webhook, a secret), and gives the event to write once it is done.
    pub fn may_configure(
        &self,
        who: &Principal,
        repository: &str,
        details: Value,
    ) -> Result<AuditEvent> {
        let reason = self.require_on(who, Action::ScmConfigure, repository, &[])?;
        Ok(event(
            who,
            Action::ScmConfigure,
            repository,
            reason,
            details,
        ))
    }

    /// Writes down what was done on a host.
    pub async fn record(&self, event: &AuditEvent) -> Result<()> {
        Ok(self.catalog.store().append_audit(event).await?)
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
        Ok(repositories)
    }

    /// A page of the repositories with what happens in each, and how many there are in all.
    pub async fn overviews(
        &self,
        who: &Principal,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<RepositoryOverview>, u64)> {
        let repositories = self.repositories(who).await?;
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
        self.readable(who, repository)?.repository(repository).await
    }

    /// The refs of who may merge changes to a repository, administrators aside.
    pub async fn owners(&self, who: &Principal, repository: &str) -> Result<Vec<String>> {
        let found = self.repository(who, repository).await?;
        owners::owners(&self.catalog, &found).await
    }

    /// The branches of a repository, by name.
    pub async fn branches(&self, who: &Principal, repository: &str) -> Result<Vec<Branch>> {
        self.readable(who, repository)?.branches(repository).await
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
        let host = self.readable(who, repository)?;
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
        let host = self.readable(who, repository)?;
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
        let host = self.readable(who, repository)?;
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
        let host = self.readable(who, repository)?;
        if !folder.is_empty() {
            names::check_path(folder)?;
        }
        reference.map_or(Ok(()), names::check_branch)?;
        host.files(repository, reference, folder).await
    }

    /// Makes a repository with one commit, and gives the commit. A name that is taken is a
    /// [`ScmError::Conflict`].
    pub async fn create(
        &self,
        who: &Principal,
        repository: &str,
        new: &NewRepository,
    ) -> Result<String> {
        let reason = self.require_on(who, Action::ScmCreate, repository, &[])?;
        new.check()?;
        let details = json!({"branch": new.branch, "files": new.files.len(), "key": new.key});
        let audit = event(who, Action::ScmCreate, repository, reason, details);
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
        self.require_on(who, Action::ScmPropose, repository, &[])?;
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
        let reason = self.require_on(who, Action::ScmPropose, repository, &[])?;
        proposal.check()?;
        let details = json!({
            "branch": proposal.branch,
            "title": proposal.title,
            "via": proposal.via,
        });
        let audit = event(who, Action::ScmPropose, repository, reason, details);
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
        self.readable(who, repository)?
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
        self.readable(who, repository)?
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
        Ok(self
            .require_on(who, Action::ScmMerge, repository, &owners)
            .is_ok())
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
        let reason = self.require_on(who, Action::ScmMerge, repository, &owners)?;
        let details = json!({"number": number, "what": what});
        Ok(event(who, Action::ScmMerge, repository, reason, details))
    }

    /// The host of a repository that `who` may read.
    fn readable(&self, who: &Principal, repository: &str) -> Result<&dyn RepositoryHost> {
        self.require_on(who, Action::ScmRead, repository, &[])?;
        self.host(repository)
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
    ) -> Result<&'static str> {
        self.require(who, action, &Resource::Repository { url, owners })
    }

    /// Asks the seam; a refusal is logged for the operator.
    fn require(
        &self,
        who: &Principal,
        action: Action,
        resource: &Resource<'_>,
    ) -> Result<&'static str> {
        let decision = self.catalog.authorizer().require(who, action, resource);
        decision.map_err(|denied| {
            tracing::info!(
                principal = denied.principal,
                permission = denied.permission,
                "denied"
            );
            denied.into()
        })
    }
}

/// The audit event of an allowed action, to be written with its effect.
fn event(
    who: &Principal,
    action: Action,
    url: &str,
    reason: &'static str,
    details: Value,
) -> AuditEvent {
    AuditEvent {
        at: now(),
        principal: who.label(),
        action: action.as_str().to_owned(),
        resource: Resource::Repository { url, owners: &[] }.label(),
        decision: "allow".to_owned(),
        reason: reason.to_owned(),
        request_id: current_request_id(),
        details,
    }
}

fn now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as Millis)
}
