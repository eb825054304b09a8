//! Proposing a change: a commit on a branch of its own, a pull request.

use std::collections::BTreeMap;

use portico_integrations::{Method, StatusCode};
use portico_store::AuditEvent;
use serde_json::{Value, json};

use super::{
    client::{AzureClient, AzureScope, json as read_json, typed},
    commit::{NewCommit, WRITE},
    edits::{self, Change},
    pulls::{MAX_DESCRIPTION, Pull},
    read::default_branch,
    refusal::{kind, said},
    tree::TreeEntry,
};
use crate::{
    ChangeRequest, Diff, Proposal, Result, ScmError, diff::compare, edits::nothing_changes,
    remark::Remark,
};

/// The committer's address.
const COMMITTER: &str = "portico@portico.invalid";

/// What a proposal starts from.
struct Ground {
    base: String,
    commit: String,
    entries: Vec<TreeEntry>,
}

impl AzureClient<'_> {
    async fn ground(&self, proposal: &Proposal) -> Result<Ground> {
        let base = match &proposal.base {
            Some(base) => base.clone(),
            None => default_branch(&self.info().await?)
                .ok_or_else(|| ScmError::NotFound(format!("a commit in {}", self.url())))?,
        };
        let commit = self
            .branch(&base)
            .await?
            .ok_or_else(|| ScmError::NotFound(format!("branch {base} of {}", self.url())))?;
        Ok(Ground {
            entries: self.entries(&commit).await?,
            base,
            commit,
        })
    }

    pub(super) async fn preview(&self, proposal: &Proposal) -> Result<Diff> {
        let ground = self.ground(proposal).await?;
        if self.branch(&proposal.branch).await?.is_some() {
            return Err(self.branch_taken(&proposal.branch));
        }
        let changes = check(&ground, proposal)?;
        let there: BTreeMap<&str, &TreeEntry> = ground
            .entries
            .iter()
            .map(|it| (it.path.as_str(), it))
            .collect();
        let old = changes.keys().filter_map(|path| there.get(path));
        let old = old.map(|it| (it.object.as_str(), it.size)).collect();
        let contents = self.blobs(old).await?;
        let files = changes.iter().map(|(path, change)| {
            let old = there.get(path).and_then(|it| contents.get(&it.object));
            compare(path, old.map(Vec::as_slice), change.content())
        });
        Ok(Diff {
            files: files.collect(),
            truncated: false,
        })
    }

    pub(super) async fn propose(
        &self,
        proposal: &Proposal,
        audit: &AuditEvent,
    ) -> Result<ChangeRequest> {
        let ground = self.ground(proposal).await?;
        let changes = check(&ground, proposal)?;
        match self.branch(&proposal.branch).await? {
            None => self.make_branch(proposal, &ground, &changes, audit).await?,
            // Left by a process that was killed before it opened the pull request: taken over,
            // when it is the same change.
            Some(left) if self.is_same(&left, &ground, &changes).await? => {}
            Some(_) => return Err(self.branch_taken(&proposal.branch)),
        }
        let pull = self
            .open_pull_request(proposal, &ground.base, audit)
            .await?;
        Ok(pull.present(self))
    }

    /// Whether a commit makes these changes, in the name of the portal, on this ground.
    async fn is_same(
        &self,
        commit: &str,
        ground: &Ground,
        changes: &BTreeMap<&str, Change<'_>>,
    ) -> Result<bool> {
        let made = self.commit(commit).await?;
        if made["parents"] != json!([ground.commit]) || made["committer"]["email"] != COMMITTER {
            return Ok(false);
        }
        let mut expected: BTreeMap<String, String> = files(&ground.entries);
        for (path, change) in changes {
            match change.content() {
                Some(content) => {
                    expected.insert((*path).to_owned(), super::blobs::blob_id(content));
                }
                None => {
                    expected.remove(*path);
                }
            }
        }
        Ok(files(&self.entries(commit).await?) == expected)
    }

    async fn make_branch(
        &self,
        proposal: &Proposal,
        ground: &Ground,
        changes: &BTreeMap<&str, Change<'_>>,
        audit: &AuditEvent,
    ) -> Result<()> {
        let message = format!("{}\n\n{}", proposal.title.trim(), proposal.body.trim());
        let commit = NewCommit {
            branch: &proposal.branch,
            parent: &ground.commit,
            message: message.trim(),
            author: proposal.author.as_ref(),
            committer: COMMITTER,
            changes: changes.iter().map(|(path, it)| (*path, *it)).collect(),
        };
        let answer = self.push(&commit, audit).await?;
        let moved = kind(&answer).contains("ReferenceStale") || said(&answer).contains("TF401028");
        if answer.status == StatusCode::CONFLICT || moved {
            return Err(self.branch_taken(&proposal.branch));
        }
        self.pushed(answer).map(|_| ())
    }

    async fn open_pull_request(
        &self,
        proposal: &Proposal,
        base: &str,
        audit: &AuditEvent,
    ) -> Result<Pull> {
        let remark = Remark {
            author: audit.principal.clone(),
            via: proposal.via.clone(),
        };
        let body = json!({
            "sourceRefName": format!("refs/heads/{}", proposal.branch),
            "targetRefName": format!("refs/heads/{base}"),
            "title": proposal.title.trim(),
            "description": remark.below(&proposal.body, MAX_DESCRIPTION),
        });
        let place = ("/pullrequests", &[][..]);
        let scope = AzureScope::Repository;
        let answer = self.ask(Method::POST, scope, place, Some(&body)).await?;
        if answer.status == StatusCode::CONFLICT
            && let Some(there) = self.pull_of(&proposal.branch, base).await?
        {
            return Ok(there);
        }
        typed(read_json(&self.checked(answer, WRITE)?)?)
    }

    /// The pull request of a branch that waits.
    async fn pull_of(&self, branch: &str, base: &str) -> Result<Option<Pull>> {
        let (source, target) = (format!("refs/heads/{branch}"), format!("refs/heads/{base}"));
        let query = [
            ("searchCriteria.sourceRefName", source.as_str()),
            ("searchCriteria.targetRefName", target.as_str()),
            ("searchCriteria.status", "active"),
        ];
        let scope = AzureScope::Repository;
        let mut found = self.get(scope, "/pullrequests", &query, WRITE).await?;
        let first: Option<Value> = found["value"].as_array_mut().and_then(Vec::pop);
        first.map(typed).transpose()
    }

    fn branch_taken(&self, branch: &str) -> ScmError {
        ScmError::conflict(format!(
            "{} has a branch \"{branch}\" already, or one that it would be a folder of; choose \
             another name",
            self.url()
        ))
    }
}

/// The objects of the files (and links) of a commit, by path.
fn files(entries: &[TreeEntry]) -> BTreeMap<String, String> {
    let files = entries.iter().filter(|it| !it.is_folder());
    files
        .map(|it| (it.path.clone(), it.object.clone()))
        .collect()
}

fn check<'a>(ground: &Ground, proposal: &'a Proposal) -> Result<BTreeMap<&'a str, Change<'a>>> {
    let changes = edits::check(&ground.entries, &proposal.edits)?;
    match changes.is_empty() {
        true => Err(nothing_changes()),
        false => Ok(changes),
    }
}
