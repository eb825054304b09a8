//! Change requests: a branch in git and a row in the database, written together.

use portico_store::{
    AuditEvent, ChangeRequestRow, ChangeRequestState, NewChangeRequest, Settlement, StoreError,
};

use super::{
    LocalGit,
    command::Git,
    commit::Signature,
    merge::{Merge, in_the_way},
};
use crate::{ChangeRequest, Diff, Proposal, Result, ScmError};

/// How often a merge begins anew because the base branch moved meanwhile.
const ATTEMPTS: usize = 5;

/// How many changes, one after another, may ask for the same branch.
const MAX_NAMES: usize = 1000;

/// A proposal's commit, which no branch is at yet.
struct Drafted {
    base: String,
    base_commit: String,
    head_commit: String,
}

impl LocalGit {
    pub(super) async fn preview_change(
        &self,
        repository: &str,
        proposal: &Proposal,
    ) -> Result<Diff> {
        let git = self.git(repository)?;
        if git.branch(&proposal.branch).await?.is_some() {
            return Err(taken(&proposal.branch));
        }
        let drafted = draft(&git, proposal, "Portico", 0).await?;
        git.diff(&drafted.base_commit, &drafted.head_commit).await
    }

    pub(super) async fn add_change_request(
        &self,
        repository: &str,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let git = self.git(repository)?;
        let drafted = draft(&git, proposal, &audit.principal, audit.at).await?;
        let head_commit = match git.branch(&proposal.branch).await? {
            None => drafted.head_commit,
            // Left by a process that was killed between the branch and the row: taken over,
            // when it is the same change.
            Some(left) if is_same(&git, &left, &drafted).await? => left,
            Some(_) => return Err(taken(&proposal.branch)),
        };
        let mut new = NewChangeRequest {
            repository: repository.to_owned(),
            title: proposal.title.trim().to_owned(),
            body: proposal.body.clone(),
            base: drafted.base,
            branch: proposal.branch.clone(),
            base_commit: drafted.base_commit,
            head_commit,
            via: proposal.via.clone(),
        };
        for next in 2..=MAX_NAMES {
            let make_branch = make_branch(&git, &new.branch, &new.head_commit);
            let row = self
                .store
                .add_change_request(&new, audit, make_branch)
                .await?;
            match row {
                Some(row) => return Ok(self.present(row)),
                // Whoever made the branch meanwhile was faster.
                None if git.branch(&new.branch).await?.is_some() => break,
                // An earlier change had the name, and was merged: its branch is gone.
                None => new.branch = format!("{}-{next}", proposal.branch),
            }
        }
        Err(taken(&proposal.branch))
    }

    pub(super) async fn merge_change_request(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let git = self.git(repository)?;
        for _ in 0..ATTEMPTS {
            let row = self.open_row(repository, number).await?;
            let base = &row.proposed.base;
            let tip = git.resolve(Some(base)).await?;
            let commit = merge_commit(&git, &row, &tip, audit).await?;
            let settlement = Settlement::Merged {
                commit: commit.clone(),
            };
            let moved = async {
                // Left by a process that was killed between the branch and the row.
                if git.is_ancestor(&commit, &tip).await?
                    || git.move_branch(base, &commit, &tip).await?
                {
                    Ok(())
                } else {
                    Err(Unsettled::Moved)
                }
            };
            let settled = self
                .store
                .settle_change_request(repository, number, &settlement, audit, moved)
                .await;
            match settled {
                // Not open any more: the next look at it says what it is.
                Ok(false) | Err(Unsettled::Moved) => {}
                Ok(true) => {
                    self.remove_merged(&git, &row).await;
                    return self.settled(repository, number).await;
                }
                Err(Unsettled::Failed(error)) => return Err(error),
            }
        }
        Err(ScmError::conflict(
            "the base branch keeps moving; try again in a moment",
        ))
    }

    /// Removes the branch of a change that was merged, so that the same change can be proposed
    /// again. The change is merged whatever becomes of its branch.
    async fn remove_merged(&self, git: &Git, row: &ChangeRequestRow) {
        let proposed = &row.proposed;
        if proposed.branch == proposed.base {
            return;
        }
        let removed = git.remove_branch(&proposed.branch, &proposed.head_commit);
        match removed.await {
            Ok(true) => {}
            Ok(false) => tracing::info!(branch = proposed.branch, "a merged branch has moved on"),
            Err(error) => {
                tracing::warn!(branch = proposed.branch, %error, "a merged branch stays");
            }
        }
    }

    pub(super) async fn close_change_request(
        &self,
        repository: &str,
        number: i64,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        self.git(repository)?;
        self.open_row(repository, number).await?;
        let nothing = async { Ok::<(), ScmError>(()) };
        let settled = self
            .store
            .settle_change_request(repository, number, &Settlement::Closed, audit, nothing)
            .await?;
        if !settled {
            self.open_row(repository, number).await?;
        }
        self.settled(repository, number).await
    }

    pub(super) async fn row(&self, repository: &str, number: i64) -> Result<ChangeRequestRow> {
        let row = self.store.change_request(repository, number).await?;
        row.ok_or_else(|| ScmError::NotFound(format!("change request {repository}#{number}")))
    }

    async fn open_row(&self, repository: &str, number: i64) -> Result<ChangeRequestRow> {
        let row = self.row(repository, number).await?;
        if row.state == ChangeRequestState::Open {
            return Ok(row);
        }
        Err(ScmError::conflict(format!(
            "change request {repository}#{number} is {} already",
            row.state.as_str()
        )))
    }

    async fn settled(&self, repository: &str, number: i64) -> Result<ChangeRequest> {
        Ok(self.present(self.row(repository, number).await?))
    }

    /// A row as others see it.
    pub(super) fn present(&self, row: ChangeRequestRow) -> ChangeRequest {
        let proposed = row.proposed;
        let name = Self::name(&proposed.repository).unwrap_or(&proposed.repository);
        ChangeRequest {
            url: format!(
                "{}/repositories/{name}/change-requests/{}",
                self.portal, row.number
            ),
            repository: proposed.repository,
            number: row.number,
            title: proposed.title,
            body: proposed.body,
            base: proposed.base,
            branch: proposed.branch,
            head_commit: proposed.head_commit,
            author: row.author,
            via: proposed.via,
            state: row.state,
            created_at: row.created_at,
            settled_by: row.settled_by,
            settled_at: row.settled_at,
            merge_commit: row.merge_commit,
        }
    }
}

/// Why a merge did not happen: its ground moved, or it failed.
enum Unsettled {
    Moved,
    Failed(ScmError),
}

impl From<ScmError> for Unsettled {
    fn from(error: ScmError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Unsettled {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes the branch of a change request, or finds it as it is to be.
async fn make_branch(git: &Git, branch: &str, commit: &str) -> Result<()> {
    let made = git.create_branch(branch, commit).await?;
    if made || git.branch(branch).await?.as_deref() == Some(commit) {
        return Ok(());
    }
    Err(taken(branch))
}

/// Makes the commit of a proposal.
async fn draft(git: &Git, proposal: &Proposal, author: &str, at: i64) -> Result<Drafted> {
    let base = match &proposal.base {
        Some(base) => base.clone(),
        None => git.default_branch().await?,
    };
    let base_commit = git
        .branch(&base)
        .await?
        .ok_or_else(|| ScmError::NotFound(format!("branch {base}")))?;
    let message = proposal.commit_message();
    let by = proposal.author.as_ref();
    let signature = Signature {
        author: by.map_or(author, |it| &it.name),
        email: by.map(|it| it.email.as_str()),
        at,
        message: &message,
    };
    let head_commit = git
        .commit_edits(&base_commit, &proposal.edits, &signature)
        .await?;
    Ok(Drafted {
        base,
        base_commit,
        head_commit,
    })
}

/// Whether a commit makes the same change as a draft, to the same base.
async fn is_same(git: &Git, commit: &str, drafted: &Drafted) -> Result<bool> {
    let parents = git
        .line(&["rev-list", "--parents", "--max-count=1", commit])
        .await?;
    let one_parent = parents == format!("{commit} {}", drafted.base_commit);
    Ok(one_parent && git.tree_of(commit).await? == git.tree_of(&drafted.head_commit).await?)
}

/// The commit that brings a change request into its base branch, which is at `tip`.
async fn merge_commit(
    git: &Git,
    row: &ChangeRequestRow,
    tip: &str,
    audit: &AuditEvent,
) -> Result<String> {
    let proposed = &row.proposed;
    if git.is_ancestor(&proposed.head_commit, tip).await? {
        return git.merge_of(&proposed.head_commit, tip).await;
    }
    let tree = match git.merge(tip, &proposed.head_commit).await? {
        Merge::Tree(tree) => tree,
        Merge::Conflicts(files) => return Err(in_the_way(&proposed.base, files)),
    };
    let message = format!(
        "Merge change request #{} from {}\n\n{}",
        row.number, proposed.branch, proposed.title
    );
    let signature = Signature {
        author: &audit.principal,
        email: None,
        at: audit.at,
        message: &message,
    };
    git.commit_tree(&tree, &[tip, &proposed.head_commit], &signature)
        .await
}

fn taken(branch: &str) -> ScmError {
    ScmError::conflict(format!(
        "there is a branch \"{branch}\" already, or one that it would be a folder of; choose \
         another name"
    ))
}
