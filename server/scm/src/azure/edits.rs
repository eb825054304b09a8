//! What the edits of a proposal do to the files of a commit, as Azure DevOps names it.

use std::collections::{BTreeMap, BTreeSet};

use super::{blobs::blob_id, tree::TreeEntry};
use crate::{Edit, Result, ScmError};

/// What is said of edits after which everything is as before.
pub(super) const NOTHING: &str = "the edits change nothing: every file already has this content";

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change<'a> {
    Add(&'a [u8]),
    Edit(&'a [u8]),
    Delete,
}

impl Change<'_> {
    /// The file's content after; `None` when it is gone.
    pub(super) fn content(&self) -> Option<&[u8]> {
        match self {
            Self::Add(content) | Self::Edit(content) => Some(content),
            Self::Delete => None,
        }
    }
}

/// The changes that edits make to a commit, without those that change nothing. Refuses what
/// would replace a folder by a file, write through a link, or remove what is not there.
pub(super) fn check<'a>(
    entries: &[TreeEntry],
    edits: &'a [Edit],
) -> Result<BTreeMap<&'a str, Change<'a>>> {
    let there: BTreeMap<&str, &TreeEntry> =
        entries.iter().map(|it| (it.path.as_str(), it)).collect();
    let written: BTreeSet<&str> = edits
        .iter()
        .filter(|edit| matches!(edit, Edit::Write { .. }))
        .map(Edit::path)
        .collect();
    let mut changes = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for edit in edits {
        let path = edit.path();
        if !seen.insert(path) {
            return Err(ScmError::invalid(format!("\"{path}\" is changed twice")));
        }
        let entry = there.get(path).copied();
        if let Some(entry) = entry.filter(|it| !it.is_file()) {
            let what = match entry.is_folder() {
                true => "a folder",
                false => "a link or a submodule; only files can be changed",
            };
            return Err(ScmError::invalid(format!("\"{path}\" is {what}")));
        }
        let in_the_way = |parent: &&str| {
            written.contains(parent) || there.get(parent).is_some_and(|it| !it.is_folder())
        };
        if let Some(file) = parents(path).find(in_the_way) {
            return Err(ScmError::invalid(format!(
                "\"{path}\" cannot be changed: \"{file}\" is not a folder"
            )));
        }
        let change = match (edit, entry) {
            (Edit::Remove { .. }, None) => {
                return Err(ScmError::invalid(format!(
                    "\"{path}\" cannot be removed: there is no such file"
                )));
            }
            (Edit::Remove { .. }, Some(_)) => Change::Delete,
            (Edit::Write { content, .. }, None) => Change::Add(content),
            (Edit::Write { content, .. }, Some(entry)) if entry.object == blob_id(content) => {
                continue;
            }
            (Edit::Write { content, .. }, Some(_)) => Change::Edit(content),
        };
        changes.insert(path, change);
    }
    if changes.is_empty() {
        return Err(ScmError::invalid(NOTHING));
    }
    Ok(changes)
}

/// The folders above a path, nearest first.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(parent, _)| parent.rsplit_once('/'))
        .map(|(parent, _)| parent)
}
