//! What a change request changes, for those who review it.

use portico_store::ChangeRequestState;

use super::{
    LocalGit,
    command::{Git, Invocation},
    merge::Merge,
};
use crate::{ChangeRequestDetail, Commit, Diff, Mergeability, Result, diff};

/// Text of a diff that is read.
const MAX_PATCH: usize = 2 << 20;
/// Commits of a branch that are listed.
const MAX_COMMITS: &str = "--max-count=100";

const DIFF: [&str; 5] = ["diff-tree", "-r", "-M", "--no-ext-diff", "--no-textconv"];

impl LocalGit {
    pub(super) async fn review(
        &self,
        repository: &str,
        number: i64,
    ) -> Result<ChangeRequestDetail> {
        let git = self.git(repository)?;
        let row = self.row(repository, number).await?;
        let proposed = &row.proposed;
        let mergeability = match row.state {
            ChangeRequestState::Open => {
                let tip = git.resolve(Some(&proposed.base)).await?;
                Some(match git.merge(&tip, &proposed.head_commit).await? {
                    Merge::Tree(_) => Mergeability::Clean,
                    Merge::Conflicts(files) => Mergeability::Conflicts(files),
                })
            }
            ChangeRequestState::Merged | ChangeRequestState::Closed => None,
        };
        Ok(ChangeRequestDetail {
            commits: git
                .commits(&proposed.base_commit, &proposed.head_commit)
                .await?,
            diff: git
                .diff(&proposed.base_commit, &proposed.head_commit)
                .await?,
            mergeability,
            change_request: self.present(row),
        })
    }
}

impl Git {
    /// What changes from one commit to another.
    pub(super) async fn diff(&self, from: &str, to: &str) -> Result<Diff> {
        let summary = [&DIFF[..], &["--raw", "--numstat", "-z", from, to]].concat();
        let patch = [&DIFF[..], &["-p", "-U3", from, to]].concat();
        let summary = self.run(&summary).await?;
        let patch = self
            .output(Invocation {
                arguments: &patch,
                limit: Some(MAX_PATCH),
                ..Invocation::default()
            })
            .await?;
        Ok(diff::parse(&summary, &patch.stdout, patch.truncated))
    }

    /// The commits after `from` up to `to`, oldest first.
    async fn commits(&self, from: &str, to: &str) -> Result<Vec<Commit>> {
        let range = format!("{from}..{to}");
        let format = "--format=%H%x00%at%x00%an%x00%s";
        let log = self
            .run(&["log", "--reverse", MAX_COMMITS, format, &range])
            .await?;
        let log = String::from_utf8_lossy(&log);
        Ok(log.lines().filter_map(read_commit).collect())
    }
}

/// Reads id, time in seconds, author and title, with NUL between them.
pub(super) fn read_commit(line: &str) -> Option<Commit> {
    let mut fields = line.split('\0').map(str::to_owned);
    let (id, seconds) = (fields.next()?, fields.next()?);
    Some(Commit {
        id,
        at: seconds.parse::<i64>().ok()? * 1000,
        author: fields.next()?,
        title: fields.next()?,
    })
}
