//! What a pull request changes, for those who review it.

use std::collections::BTreeMap;

use portico_store::ChangeRequestState;

use super::{
    client::{AzureClient, AzureScope},
    pulls::Pull,
    read::{READ, commit},
    tree::TreeEntry,
};
use crate::{ChangeRequestDetail, Commit, Diff, Mergeability, Result, diff::compare};

/// Files that are listed.
const MAX_FILES: usize = 300;

impl AzureClient<'_> {
    pub(super) async fn review(&self, number: i64) -> Result<ChangeRequestDetail> {
        let pull = self.pull(number).await?;
        let mergeability = match pull.state() {
            ChangeRequestState::Open if pull.merge_status.as_deref() == Some("conflicts") => {
                // Which files, Azure DevOps tells only in its pages.
                Some(Mergeability::Conflicts(Vec::new()))
            }
            // Who merges is told when it turns out otherwise.
            ChangeRequestState::Open => Some(Mergeability::Clean),
            ChangeRequestState::Merged | ChangeRequestState::Closed => None,
        };
        Ok(ChangeRequestDetail {
            commits: self.commits(number).await?,
            diff: self.diff(&pull).await?,
            mergeability,
            change_request: pull.present(self),
        })
    }

    async fn commits(&self, number: i64) -> Result<Vec<Commit>> {
        let path = format!("/pullRequests/{number}/commits");
        let found = self.get(AzureScope::Repository, &path, &[], READ).await?;
        let found = found["value"].as_array().into_iter().flatten();
        // Newest first.
        Ok(found.rev().map(commit).collect())
    }

    /// What the branch changes since it left the base branch.
    async fn diff(&self, pull: &Pull) -> Result<Diff> {
        let (Some(head), Some(target)) = (pull.head(), pull.target()) else {
            return Ok(Diff::default());
        };
        let query = [
            ("baseVersionDescriptor.versionType", "commit"),
            ("baseVersionDescriptor.version", target),
            ("targetVersionDescriptor.versionType", "commit"),
            ("targetVersionDescriptor.version", head),
            ("$top", "1"),
        ];
        let scope = AzureScope::Repository;
        let compared = self.get(scope, "/diffs/commits", &query, READ).await?;
        let base = compared["commonCommit"].as_str().unwrap_or(target);
        let (old, new) = (self.entries(base).await?, self.entries(head).await?);
        let (old, new) = (files(&old), files(&new));
        let mut paths: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
        paths.sort_unstable();
        paths.dedup();
        let object = |it: Option<&&TreeEntry>| it.map(|it| it.object.clone());
        paths.retain(|path| object(old.get(path)) != object(new.get(path)));
        let truncated = paths.len() > MAX_FILES;
        paths.truncate(MAX_FILES);
        let both = paths.iter().flat_map(|path| [old.get(path), new.get(path)]);
        let objects = both
            .flatten()
            .map(|it| (it.object.as_str(), it.size))
            .collect();
        let contents = self.blobs(objects).await?;
        let content = |it: Option<&&TreeEntry>| {
            let content = it.and_then(|it| contents.get(&it.object));
            content.map(Vec::as_slice)
        };
        let files = paths
            .iter()
            .map(|path| compare(path, content(old.get(path)), content(new.get(path))));
        Ok(Diff {
            files: files.collect(),
            truncated,
        })
    }
}

fn files(entries: &[TreeEntry]) -> BTreeMap<&str, &TreeEntry> {
    let files = entries.iter().filter(|it| it.is_file());
    files.map(|it| (it.path.as_str(), it)).collect()
}
