//! What a pull request changes, for those who review it.

use std::time::Duration;

use portico_integrations::github::GitHubCall;
use portico_store::ChangeRequestState;
use serde::Deserialize;

use super::{
    GitHubClient,
    client::unanswered,
    pulls::{Pull, READ_PULLS},
    read::millis,
};
use crate::{ChangeKind, ChangeRequestDetail, Commit, Diff, FileDiff, Mergeability, Result, diff};

/// Files of one answer, and answers: GitHub tells of 3,000 files at most, people read fewer.
const PAGE: usize = 100;
const MAX_PAGES: usize = 3;
/// GitHub finds out in the background whether a pull request can be merged.
const LOOKS: usize = 3;
const LOOK_AGAIN: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct PullFile {
    filename: String,
    previous_filename: Option<String>,
    status: String,
    additions: u64,
    deletions: u64,
    /// None of binary and very large files.
    patch: Option<String>,
}

#[derive(Deserialize)]
struct PullCommit {
    sha: String,
    commit: CommitText,
}

#[derive(Deserialize)]
struct CommitText {
    message: String,
    author: CommitAuthor,
}

#[derive(Deserialize)]
struct CommitAuthor {
    name: String,
    date: String,
}

impl GitHubClient<'_> {
    pub(super) async fn review(&self, number: i64) -> Result<ChangeRequestDetail> {
        let pull = self.pull(number).await?;
        let mergeability = match pull.state() {
            ChangeRequestState::Open => Some(self.mergeability(&pull).await?),
            ChangeRequestState::Merged | ChangeRequestState::Closed => None,
        };
        Ok(ChangeRequestDetail {
            commits: self.commits(number).await?,
            diff: self.diff(number).await?,
            mergeability,
            change_request: pull.present(self.address.url()),
        })
    }

    async fn mergeability(&self, pull: &Pull) -> Result<Mergeability> {
        let mut mergeable = pull.mergeable;
        for _ in 0..LOOKS {
            if mergeable.is_some() {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            mergeable = self.pull(pull.number).await?.mergeable;
        }
        Ok(match mergeable {
            // GitHub does not say which files.
            Some(false) => Mergeability::Conflicts(Vec::new()),
            // Who merges is told when it turns out otherwise.
            Some(true) | None => Mergeability::Clean,
        })
    }

    async fn commits(&self, number: i64) -> Result<Vec<Commit>> {
        let call = GitHubCall::get(self.path(&format!("/pulls/{number}/commits")))
            .query("per_page", PAGE.to_string());
        let answer = self.call(call, READ_PULLS).await?;
        let commits: Vec<PullCommit> = answer.json(&self.address.url()).map_err(unanswered)?;
        let commits = commits.into_iter().map(|it| Commit {
            id: it.sha,
            title: it
                .commit
                .message
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
            author: it.commit.author.name,
            at: millis(Some(&it.commit.author.date)),
        });
        Ok(commits.collect())
    }

    async fn diff(&self, number: i64) -> Result<Diff> {
        let mut diff = Diff::default();
        for page in 1..=MAX_PAGES {
            let call = GitHubCall::get(self.path(&format!("/pulls/{number}/files")))
                .query("per_page", PAGE.to_string())
                .query("page", page.to_string());
            let answer = self.call(call, READ_PULLS).await?;
            let files: Vec<PullFile> = answer.json(&self.address.url()).map_err(unanswered)?;
            diff.truncated = files.len() == PAGE;
            diff.files.extend(files.into_iter().map(file));
            if !diff.truncated {
                break;
            }
        }
        Ok(diff)
    }
}

fn file(file: PullFile) -> FileDiff {
    let (change, old, new) = match file.status.as_str() {
        "added" | "copied" => (ChangeKind::Added, None, Some(file.filename)),
        "removed" => (ChangeKind::Removed, Some(file.filename), None),
        "renamed" => (
            ChangeKind::Renamed,
            file.previous_filename,
            Some(file.filename),
        ),
        _ => {
            let path = Some(file.filename);
            (ChangeKind::Modified, path.clone(), path)
        }
    };
    let has_lines = file.additions + file.deletions > 0;
    let mut shown = FileDiff {
        old_path: old,
        new_path: new,
        change,
        binary: file.patch.is_none() && !has_lines && change != ChangeKind::Renamed,
        additions: file.additions,
        deletions: file.deletions,
        hunks: Vec::new(),
        truncated: file.patch.is_none() && has_lines,
    };
    diff::read_hunks(file.patch.as_deref().unwrap_or_default(), &mut shown);
    shown
}
