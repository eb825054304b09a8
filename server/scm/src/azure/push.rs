//! Adding a commit to a branch.

use portico_integrations::StatusCode;
use portico_store::AuditEvent;

use super::{
    client::AzureClient,
    commit::{NO_COMMIT, NewCommit},
    edits,
    read::default_branch,
};
use crate::{Author, Edit, RepositoryFile, Result, ScmError};

/// The committer's address.
const COMMITTER: &str = "portico@portico.invalid";

impl AzureClient<'_> {
    /// The default branch; `None` before there is a commit.
    pub async fn default_branch(&self) -> Result<Option<String>> {
        Ok(default_branch(&self.info().await?))
    }

    /// Adds a commit that writes these files to a branch, which begins at the default branch when
    /// it is new. Gives the commit; when every file has this content already, the one that is
    /// there. `Conflict` when somebody else pushes at the same time.
    pub async fn push_files(
        &self,
        branch: &str,
        files: Vec<RepositoryFile>,
        message: &str,
        author: Option<&Author>,
        audit: &AuditEvent,
    ) -> Result<String> {
        let tip = match self.branch(branch).await? {
            Some(tip) => Some(tip),
            None => match self.default_branch().await? {
                Some(base) => self.branch(&base).await?,
                None => None,
            },
        };
        let entries = match &tip {
            Some(tip) => self.entries(tip).await?,
            None => Vec::new(),
        };
        let edits: Vec<Edit> = files
            .into_iter()
            .map(|it| Edit::Write {
                path: it.path,
                content: it.content,
            })
            .collect();
        let changes = edits::check(&entries, &edits)?;
        if let (true, Some(tip)) = (changes.is_empty(), &tip) {
            return Ok(tip.clone());
        }
        let commit = NewCommit {
            branch,
            parent: tip.as_deref().unwrap_or(NO_COMMIT),
            message,
            author,
            committer: COMMITTER,
            changes: changes.into_iter().collect(),
        };
        let answer = self.push(&commit, audit).await?;
        if answer.status == StatusCode::CONFLICT {
            return Err(ScmError::conflict(format!(
                "somebody else pushed to {branch} of {} at the same time; try again",
                self.url()
            )));
        }
        self.pushed(answer)
    }
}
