//! Making commits without a working tree: an index in a folder of its own, thrown away after.

use std::collections::BTreeMap;

use portico_store::Millis;

use super::command::{Git, Invocation, failed, text};
use crate::{Edit, Result, ScmError, edits};

/// Who a commit is by, when, and what it says.
pub(super) struct Signature<'a> {
    /// As audit events name principals.
    pub(super) author: &'a str,
    /// Their address; one that reaches nobody when none.
    pub(super) email: Option<&'a str>,
    pub(super) at: Millis,
    pub(super) message: &'a str,
}

/// Files of a tree to be, with git's mode and the object of each; no object removes the file.
type Changes = BTreeMap<String, Option<(&'static str, String)>>;

impl Git {
    /// A commit that changes these files of `base`. Moves no branch.
    pub(super) async fn commit_edits(
        &self,
        base: &str,
        edits: &[Edit],
        signature: &Signature<'_>,
    ) -> Result<String> {
        let changes = self.check_edits(base, edits).await?;
        let tree = self.write_tree(Some(base), &changes).await?;
        if tree == self.tree_of(base).await? {
            return Err(edits::nothing_changes());
        }
        self.commit_tree(&tree, &[base], signature).await
    }

    /// The tree of a commit.
    pub(super) async fn tree_of(&self, commit: &str) -> Result<String> {
        self.line(&["rev-parse", "--verify", &format!("{commit}^{{tree}}")])
            .await
    }

    /// The tree of `base` (of nothing, when none) with these changes.
    pub(super) async fn write_tree(&self, base: Option<&str>, changes: &Changes) -> Result<String> {
        let folder = tempfile::Builder::new()
            .prefix("portico-index-")
            .tempdir()
            .map_err(ScmError::io(
                "a temporary folder cannot be made (set TMPDIR)",
            ))?;
        let index = folder.path().join("index");
        let index = index.to_str().ok_or_else(|| {
            ScmError::Unavailable("the temporary folder's name is no text; set TMPDIR".to_owned())
        })?;
        let environment = [("GIT_INDEX_FILE", index)];
        let run = async |arguments: &[&str], input: &[u8]| {
            self.run_with(Invocation {
                arguments,
                input,
                environment: &environment,
                limit: None,
            })
            .await
        };
        match base {
            Some(base) => run(&["read-tree", base], b"").await?,
            None => run(&["read-tree", "--empty"], b"").await?,
        };
        let nothing = "0".repeat(40);
        let mut input = Vec::new();
        for (path, change) in changes {
            let (mode, object) = match change {
                Some((mode, object)) => (*mode, object),
                None => ("0", &nothing),
            };
            input.extend_from_slice(format!("{mode} {object}\t{path}\0").as_bytes());
        }
        let update = Invocation {
            arguments: &["update-index", "-z", "--index-info"],
            input: &input,
            environment: &environment,
            limit: None,
        };
        let output = self.output(update).await?;
        if output.code != Some(0) {
            return Err(failed(update.arguments, &output.stderr));
        }
        // Git only mutters about paths that it refuses, such as `.git` in the disguises of
        // other systems, and leaves them out.
        if !output.stderr.trim().is_empty() {
            let complaint = output.stderr.trim();
            return Err(ScmError::invalid(format!(
                "git refuses a path: {complaint}"
            )));
        }
        Ok(text(&run(&["write-tree"], b"").await?))
    }

    /// Stores a content and gives its object.
    pub(super) async fn write_object(&self, content: &[u8]) -> Result<String> {
        let object = self
            .run_with(Invocation {
                arguments: &["hash-object", "-w", "--no-filters", "--stdin"],
                input: content,
                ..Invocation::default()
            })
            .await?;
        Ok(text(&object))
    }

    /// A commit of a tree. Moves no branch.
    pub(super) async fn commit_tree(
        &self,
        tree: &str,
        parents: &[&str],
        signature: &Signature<'_>,
    ) -> Result<String> {
        let mut arguments = vec!["commit-tree", tree];
        for parent in parents {
            arguments.extend(["-p", parent]);
        }
        let date = format!("@{} +0000", signature.at.max(0) / 1000);
        let email = signature
            .email
            .map_or_else(|| email(signature.author), str::to_owned);
        let environment = [
            ("GIT_AUTHOR_NAME", signature.author),
            ("GIT_AUTHOR_EMAIL", &email),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_NAME", "Portico"),
            ("GIT_COMMITTER_EMAIL", "portico@portico.invalid"),
            ("GIT_COMMITTER_DATE", &date),
        ];
        let commit = self
            .run_with(Invocation {
                arguments: &arguments,
                input: signature.message.as_bytes(),
                environment: &environment,
                limit: None,
            })
            .await?;
        Ok(text(&commit))
    }

    /// The changes that edits make to a commit, with their contents stored.
    async fn check_edits(&self, base: &str, edits: &[Edit]) -> Result<Changes> {
        let entries = self.entries(base).await?;
        let entries = entries.iter().map(|it| (it.path.as_str(), it.kind));
        let mut changes = Changes::new();
        for (path, change) in edits::check(entries, edits)? {
            let change = match change {
                Some((mode, content)) => Some((mode, self.write_object(content).await?)),
                None => None,
            };
            changes.insert(path.to_owned(), change);
        }
        Ok(changes)
    }
}

/// An address that reaches nobody.
pub(crate) fn email(author: &str) -> String {
    let name: String = author
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    format!("{name}@portico.invalid")
}
