//! Making a repository with its first commit.
//!
//! It is made under a name that only its key gives, gets its commit, and then its own name: one
//! interrupted half-way is not there, and whoever has the key goes on with it.

use portico_integrations::{Method, StatusCode};
use portico_store::AuditEvent;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    address::Address,
    client::{AzureClient, AzureScope, json as read_json},
    commit::{NO_COMMIT, NewCommit},
    edits::Change,
    read::READ,
    refusal::said,
};
use crate::{NewRepository, Result, ScmError};

const MANAGE: &str = "Code (Read, write, & manage)";
/// Commits that are looked through for ours.
const LOOKED_AT: &str = "100";

/// What a repository is known again by.
struct Mark(String);

impl Mark {
    fn new(new: &NewRepository, audit: &AuditEvent) -> Self {
        // Without a key nobody comes back for it.
        let once = || format!("{} {}", audit.at, audit.principal);
        let key = new.key.clone().unwrap_or_else(once);
        Self(hex::encode(&Sha256::digest(key)[..6]))
    }

    /// Its name while it is half made.
    fn name(&self) -> String {
        format!("portico-is-making-{}", self.0)
    }

    /// The address of the committer.
    fn committer(&self) -> String {
        format!("portico+{}@portico.invalid", self.0)
    }
}

impl AzureClient<'_> {
    /// Makes a repository, or goes on where the same key stopped. Gives the commit, and whether
    /// anything was left to do.
    pub(super) async fn create(
        &self,
        new: &NewRepository,
        audit: &AuditEvent,
    ) -> Result<(String, bool)> {
        let mark = Mark::new(new, audit);
        if self
            .find(AzureScope::Repository, "", &[], READ)
            .await?
            .is_some()
        {
            let ours = self.commit_of(&mark).await?;
            return Ok((ours.ok_or_else(|| self.taken())?, false));
        }
        let half = self.under(mark.name());
        let found = half.find(AzureScope::Repository, "", &[], READ).await?;
        let repository = match found {
            Some(repository) => repository,
            None => half.make().await?,
        };
        let commit = match half.commit_of(&mark).await? {
            Some(commit) => commit,
            None => half.first_commit(new, &mark, audit).await?,
        };
        self.name_it(&repository, new).await?;
        Ok((commit, true))
    }

    /// A repository of another name in the same project.
    fn under(&self, name: String) -> Self {
        self.with_address(Address {
            name,
            ..self.address.clone()
        })
    }

    async fn make(&self) -> Result<Value> {
        let path = format!(
            "/projects/{}",
            portico_integrations::encode_segment(self.project())
        );
        let scope = AzureScope::Organization;
        let project = self
            .find(scope, &path, &[], "Project and team (Read)")
            .await?;
        let project = project.ok_or_else(|| {
            ScmError::NotFound(format!(
                "the project {}/{} on {} (or the credential may not see it)",
                self.collection(),
                self.project(),
                self.host()
            ))
        })?;
        let body = json!({"name": self.name(), "project": {"id": project["id"]}});
        self.post(AzureScope::Project, "/git/repositories", &body, MANAGE)
            .await
    }

    async fn first_commit(
        &self,
        new: &NewRepository,
        mark: &Mark,
        audit: &AuditEvent,
    ) -> Result<String> {
        let files = new.files.iter();
        let commit = NewCommit {
            branch: &new.branch,
            parent: NO_COMMIT,
            message: &new.message,
            author: new.author.as_ref(),
            committer: &mark.committer(),
            changes: files
                .map(|it| (it.path.as_str(), Change::Add(&it.content)))
                .collect(),
        };
        let answer = self.push(&commit, audit).await?;
        self.pushed(answer)
    }

    /// Gives a repository that is whole its name, and its default branch.
    async fn name_it(&self, repository: &Value, new: &NewRepository) -> Result<()> {
        let id = repository["id"].as_str().unwrap_or_default();
        let path = format!("/git/repositories/{id}");
        let branch = format!("refs/heads/{}", new.branch);
        let body = json!({"defaultBranch": branch});
        self.patch(AzureScope::Project, &path, &body, MANAGE)
            .await?;
        let body = json!({"name": self.name()});
        let place = (path.as_str(), &[][..]);
        let scope = AzureScope::Project;
        let answer = self.ask(Method::PATCH, scope, place, Some(&body)).await?;
        let is_taken = answer.status == StatusCode::CONFLICT
            || (answer.status == StatusCode::BAD_REQUEST && said(&answer).contains("TF400948"));
        if is_taken {
            // Somebody took the name meanwhile; what was made is of no use.
            let removed = self.ask(Method::DELETE, scope, place, None).await;
            if let Err(error) = removed {
                tracing::warn!(%error, repository = id, "a half-made repository stays");
            }
            return Err(self.taken());
        }
        self.checked(answer, MANAGE).map(|_| ())
    }

    /// The first commit that a key made; `None` when there is none.
    async fn commit_of(&self, mark: &Mark) -> Result<Option<String>> {
        let query = [("searchCriteria.$top", LOOKED_AT)];
        let place = ("/commits", &query[..]);
        let scope = AzureScope::Repository;
        let answer = self.ask(Method::GET, scope, place, None).await?;
        // A repository without commits has no branch to look at.
        if matches!(
            answer.status,
            StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST | StatusCode::CONFLICT
        ) {
            return Ok(None);
        }
        let found = read_json(&self.checked(answer, READ)?)?;
        let mut commits = found["value"].as_array().into_iter().flatten();
        let ours = commits.find(|it| it["committer"]["email"] == mark.committer());
        Ok(ours.and_then(|it| it["commitId"].as_str().map(str::to_owned)))
    }

    fn taken(&self) -> ScmError {
        let (collection, project) = (self.collection(), self.project());
        ScmError::conflict(format!(
            "{collection}/{project} has a repository \"{}\" on {} already; choose another name",
            self.name(),
            self.host()
        ))
    }
}
