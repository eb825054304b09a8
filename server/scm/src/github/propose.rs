//! Proposing a change: a branch, a commit, a pull request.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use portico_integrations::{Method, StatusCode, github::GitHubCall};
use portico_store::AuditEvent;
use serde_json::json;

use super::{
    GitHubClient,
    client::unanswered,
    commit::{Change, NewCommit, WRITE},
    pulls::{MAX_BODY, Pull},
    read::{READ, TreeEntry, encode_path},
    refusal::said,
};
use crate::{
    ChangeRequest, Diff, FileDiff, Head, Proposal, Result, ScmError, diff, edits, remark::Remark,
};

const WRITE_PULLS: &str = "Pull requests: write";
/// The committer's address.
const COMMITTER: &str = "portico@portico.invalid";
/// Files that are read at once.
const READS: usize = 4;

/// What a proposal starts from.
struct Ground {
    base: String,
    commit: String,
    entries: Vec<TreeEntry>,
}

impl GitHubClient<'_> {
    async fn ground(&self, proposal: &Proposal) -> Result<Ground> {
        let base = match &proposal.base {
            Some(base) => base.clone(),
            None => self.info().await?.default_branch,
        };
        let commit = self.branch(&base).await?.ok_or_else(|| {
            ScmError::NotFound(format!("branch {base} of {}", self.address.url()))
        })?;
        Ok(Ground {
            entries: self.entries(&commit).await?,
            base,
            commit,
        })
    }

    pub(super) async fn preview(&self, proposal: &Proposal) -> Result<Diff> {
        let ground = self.ground(proposal).await?;
        if self.branch(&proposal.branch).await?.is_some() && !proposal.may_update {
            return Err(self.branch_taken(&proposal.branch));
        }
        let changes = check(&ground, proposal)?;
        let objects = Self::objects(&ground.entries);
        let compared: Vec<_> = changes
            .into_iter()
            .map(|(path, change)| {
                let new = change.map(|(_, content)| content);
                self.compare(path, objects.get(path).copied(), new)
            })
            .collect();
        let compared: Vec<_> = stream::iter(compared).buffered(READS).try_collect().await?;
        let files: Vec<_> = compared.into_iter().flatten().collect();
        if files.is_empty() && !proposal.may_be_empty {
            return Err(edits::nothing_changes());
        }
        Ok(Diff {
            files,
            truncated: false,
        })
    }

    /// What a change does to the file that an object is the content of; nothing, perhaps.
    async fn compare(
        &self,
        path: &str,
        object: Option<&str>,
        new: Option<&[u8]>,
    ) -> Result<Option<FileDiff>> {
        let old = match object {
            Some(object) => Some(self.blob(object).await?),
            None => None,
        };
        let changes = old.as_deref() != new;
        Ok(changes.then(|| diff::compare(path, old.as_deref(), new)))
    }

    pub(super) async fn propose(
        &self,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        if proposal.head == Head::Repository {
            return self.propose_from(self, proposal, audit).await;
        }
        let fork = self.fork().await?;
        self.propose_from(&fork, proposal, audit).await
    }

    /// Proposes what is on a branch of `home`: this repository, or a fork of it.
    async fn propose_from(
        &self,
        home: &GitHubClient<'_>,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        if proposal.may_update
            && let Some(tip) = home.branch(&proposal.branch).await?
        {
            return self.add_to(home, tip, proposal, audit).await;
        }
        let ground = self.ground(proposal).await?;
        let changes: Vec<Change<'_>> = check(&ground, proposal)?.into_iter().collect();
        let base_tree = home.tree_of(&ground.commit).await?;
        let tree = home.tree_with(&base_tree, &changes).await?;
        if tree == base_tree && !proposal.may_be_empty {
            return Err(edits::nothing_changes());
        }
        match home.branch(&proposal.branch).await? {
            None => home.make_branch(proposal, &ground, &tree, audit).await?,
            // Left by a process that was killed before it opened the pull request: taken over,
            // when it is the same change.
            Some(left) if home.is_same(&left, &tree, &ground.commit).await? => {}
            Some(_) => return Err(home.branch_taken(&proposal.branch)),
        }
        let pull = self
            .open_pull_request(home, proposal, &ground.base, audit)
            .await?;
        Ok(pull.present(self.address.url()))
    }

    /// One more commit on a branch that is there. The pull request is the one it has, if that is
    /// open still.
    async fn add_to(
        &self,
        home: &GitHubClient<'_>,
        tip: String,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let base = match &proposal.base {
            Some(base) => base.clone(),
            None => self.info().await?.default_branch,
        };
        let ground = Ground {
            entries: home.entries(&tip).await?,
            base: proposal.branch.clone(),
            commit: tip,
        };
        let changes: Vec<Change<'_>> = check(&ground, proposal)?.into_iter().collect();
        let tree_before = home.tree_of(&ground.commit).await?;
        let tree = home.tree_with(&tree_before, &changes).await?;
        if tree != tree_before {
            let commit = home.commit_of(proposal, &ground, &tree, audit).await?;
            let path = format!("/git/refs/heads/{}", encode_path(&proposal.branch));
            let body = json!({"sha": commit, "force": false});
            home.patch(&path, &body, WRITE).await?;
        }
        let there = self.pull_of(home.owner(), &proposal.branch).await?;
        let pull = match there.filter(|it| it.state == "open") {
            Some(there) => self.pull(there.number).await?,
            None => self.open_pull_request(home, proposal, &base, audit).await?,
        };
        Ok(pull.present(self.address.url()))
    }

    async fn commit_of(
        &self,
        proposal: &Proposal,
        ground: &Ground,
        tree: &str,
        audit: &AuditEvent,
    ) -> Result<String> {
        let commit = NewCommit {
            tree,
            parents: &[&ground.commit],
            message: &proposal.commit_message(),
            author: proposal.author.as_ref(),
            committer: COMMITTER,
        };
        self.write_commit(&commit, audit).await
    }

    /// The tree of `base` with these changes; itself when there are none.
    async fn tree_with(&self, base: &str, changes: &[Change<'_>]) -> Result<String> {
        match changes {
            [] => Ok(base.to_owned()),
            _ => self.write_tree(Some(base), changes).await,
        }
    }

    async fn tree_of(&self, commit: &str) -> Result<String> {
        let commit = self.get(&format!("/git/commits/{commit}"), READ).await?;
        Ok(commit["tree"]["sha"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    async fn is_same(&self, commit: &str, tree: &str, parent: &str) -> Result<bool> {
        let commit = self.get(&format!("/git/commits/{commit}"), READ).await?;
        let parents = commit["parents"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let follows = matches!(parents, [one] if one["sha"] == parent);
        Ok(follows && commit["tree"]["sha"] == tree)
    }

    async fn make_branch(
        &self,
        proposal: &Proposal,
        ground: &Ground,
        tree: &str,
        audit: &AuditEvent,
    ) -> Result<()> {
        let commit = self.commit_of(proposal, ground, tree, audit).await?;
        let body = json!({"ref": format!("refs/heads/{}", proposal.branch), "sha": commit});
        let path = self.path("/git/refs");
        let answer = self
            .ask(GitHubCall::new(Method::POST, path).json(&body))
            .await?;
        match answer.status {
            StatusCode::UNPROCESSABLE_ENTITY if said(&answer).contains("already exists") => {
                Err(self.branch_taken(&proposal.branch))
            }
            status if status.is_success() => Ok(()),
            _ => Err(self.refused(&answer, WRITE)),
        }
    }

    async fn open_pull_request(
        &self,
        home: &GitHubClient<'_>,
        proposal: &Proposal,
        base: &str,
        audit: &AuditEvent,
    ) -> Result<Pull> {
        let remark = Remark {
            author: audit.principal.clone(),
            via: proposal.via.clone(),
        };
        let head = match home.owner() == self.owner() {
            true => proposal.branch.clone(),
            false => format!("{}:{}", home.owner(), proposal.branch),
        };
        let body = json!({
            "title": proposal.title.trim(),
            "head": head,
            "base": base,
            "body": remark.below(&proposal.body, MAX_BODY),
            "draft": proposal.is_draft,
        });
        let call = GitHubCall::new(Method::POST, self.path("/pulls")).json(&body);
        let answer = self.ask(call).await?;
        if answer.status.is_success() {
            return answer.json(&self.address.url()).map_err(unanswered);
        }
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY
            && said(&answer).contains("already exists")
            && let Some(there) = self.pull_of(home.owner(), &proposal.branch).await?
        {
            return Ok(there);
        }
        Err(self.refused(&answer, WRITE_PULLS))
    }

    fn branch_taken(&self, branch: &str) -> ScmError {
        ScmError::conflict(format!(
            "{} has a branch \"{branch}\" already, or one that it would be a folder of; choose \
             another name",
            self.address.url()
        ))
    }
}

fn check<'a>(ground: &Ground, proposal: &'a Proposal) -> Result<edits::Changes<'a>> {
    let entries = ground.entries.iter();
    edits::check(
        entries.map(|it| (it.path.as_str(), it.kind())),
        &proposal.edits,
    )
}
