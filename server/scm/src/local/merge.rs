//! Merging commits without a working tree.

use super::command::{Git, Invocation, failed, text};
use crate::{Result, ScmError};

/// What merging two commits gives.
pub(super) enum Merge {
    /// A tree with the changes of both.
    Tree(String),
    /// Both changed these files in the same places.
    Conflicts(Vec<String>),
}

impl Git {
    /// Merges two commits in memory. Moves no branch.
    pub(super) async fn merge(&self, ours: &str, theirs: &str) -> Result<Merge> {
        let arguments = [
            "merge-tree",
            "--write-tree",
            "--name-only",
            "--no-messages",
            "-z",
            ours,
            theirs,
        ];
        let output = self
            .output(Invocation {
                arguments: &arguments,
                ..Invocation::default()
            })
            .await?;
        let mut parts = output.stdout.split(|&byte| byte == 0).map(text);
        let tree = parts.next().unwrap_or_default();
        match output.code {
            Some(0) => Ok(Merge::Tree(tree)),
            Some(1) => {
                let mut files: Vec<String> = parts.filter(|path| !path.is_empty()).collect();
                files.dedup();
                Ok(Merge::Conflicts(files))
            }
            _ => Err(failed(&arguments, &output.stderr)),
        }
    }

    /// Whether a commit is part of the history of another.
    pub(super) async fn is_ancestor(&self, commit: &str, of: &str) -> Result<bool> {
        let arguments = ["merge-base", "--is-ancestor", commit, of];
        let output = self
            .output(Invocation {
                arguments: &arguments,
                ..Invocation::default()
            })
            .await?;
        match output.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(failed(&arguments, &output.stderr)),
        }
    }

    /// The commit of a branch's own line that merged `commit` into it.
    pub(super) async fn merge_of(&self, commit: &str, tip: &str) -> Result<String> {
        let range = format!("{commit}..{tip}");
        let merges = self
            .run(&["rev-list", "--first-parent", "--ancestry-path", &range])
            .await?;
        let merges = String::from_utf8_lossy(&merges);
        // The oldest commit that has it in its history is the one that brought it.
        Ok(merges.lines().last().unwrap_or(commit).to_owned())
    }
}

/// The refusal of a merge that people have to solve.
pub(super) fn in_the_way(base: &str, files: Vec<String>) -> ScmError {
    ScmError::Conflict {
        reason: format!(
            "it cannot be merged: {} changed on \"{base}\" too; close it and propose the change \
             again",
            files.join(", ")
        ),
        files,
    }
}
