//! Making commits without a working tree: an index in a folder of its own, thrown away after.

use std::collections::{BTreeMap, HashSet};

use portico_store::Millis;

use super::{
    command::{Git, Invocation, failed, text},
    files::{EntryKind, PLAIN},
};
use crate::{Edit, Result, ScmError};

/// Who a commit is by, when, and what it says.
pub(super) struct Signature<'a> {
    /// As audit events name principals.
    pub(super) author: &'a str,
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
            return Err(ScmError::invalid(
                "the edits change nothing: every file already has this content",
            ));
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
        let email = email(signature.author);
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

    /// The changes that edits make to a commit. Refuses what would replace a folder by a file,
    /// write through a link, or remove what is not there.
    async fn check_edits(&self, base: &str, edits: &[Edit]) -> Result<Changes> {
        let entries = self.entries(base).await?;
        let mut folders = HashSet::new();
        let mut files = BTreeMap::new();
        for entry in &entries {
            folders.extend(parents(&entry.path));
            files.insert(entry.path.as_str(), entry.kind);
        }
        let mut changes = Changes::new();
        let mut written = HashSet::new();
        for edit in edits {
            let path = edit.path();
            let there = files.get(path);
            if there == Some(&EntryKind::Other) {
                return Err(ScmError::invalid(format!(
                    "\"{path}\" is a link or a submodule; only files can be changed"
                )));
            }
            let change = match edit {
                Edit::Remove { .. } if there.is_none() => {
                    return Err(ScmError::invalid(format!(
                        "\"{path}\" cannot be removed: there is no such file"
                    )));
                }
                Edit::Remove { .. } => None,
                Edit::Write { content, .. } => {
                    if folders.contains(path) {
                        return Err(ScmError::invalid(format!("\"{path}\" is a folder")));
                    }
                    if let Some(file) = parents(path).find(|parent| files.contains_key(parent)) {
                        return Err(ScmError::invalid(format!(
                            "\"{path}\" cannot be written: \"{file}\" is not a folder"
                        )));
                    }
                    written.insert(path);
                    let mode = match there {
                        Some(EntryKind::File(mode)) => mode,
                        _ => PLAIN,
                    };
                    Some((mode, self.write_object(content).await?))
                }
            };
            if changes.insert(path.to_owned(), change).is_some() {
                return Err(ScmError::invalid(format!("\"{path}\" is changed twice")));
            }
        }
        for path in &written {
            if let Some(file) = parents(path).find(|parent| written.contains(parent)) {
                return Err(ScmError::invalid(format!(
                    "\"{path}\" cannot be written: \"{file}\" is written too, and is no folder"
                )));
            }
        }
        Ok(changes)
    }
}

/// The folders above a path, nearest first.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(parent, _)| parent.rsplit_once('/'))
        .map(|(parent, _)| parent)
}

/// An address that reaches nobody.
pub(super) fn email(author: &str) -> String {
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
