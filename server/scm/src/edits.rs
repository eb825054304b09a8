//! What the edits of a proposal do to the files of a branch.

use std::collections::{BTreeMap, HashSet};

use crate::{Edit, Result, ScmError};

/// Git's mode of a file.
pub(crate) const PLAIN: &str = "100644";
/// Git's mode of a file that can be run.
pub(crate) const EXECUTABLE: &str = "100755";

/// What a path of a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A file; git's mode, which says whether it can be run.
    File(&'static str),
    /// A folder; only listings of one folder have them.
    Folder,
    /// A link, a submodule: nothing that is read or written here.
    Other,
}

/// Files to be, by path, with git's mode and the content of each; nothing removes the file.
pub(crate) type Changes<'a> = BTreeMap<&'a str, Option<(&'static str, &'a [u8])>>;

/// The changes that edits make to a commit with these entries (of all folders). Refuses what
/// would replace a folder by a file, write through a link, or remove what is not there.
pub(crate) fn check<'a, 'e>(
    entries: impl Iterator<Item = (&'e str, EntryKind)>,
    edits: &'a [Edit],
) -> Result<Changes<'a>> {
    let mut folders = HashSet::new();
    let mut files = BTreeMap::new();
    for (path, kind) in entries {
        folders.extend(parents(path));
        files.insert(path, kind);
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
                Some((mode, content.as_slice()))
            }
        };
        if changes.insert(path, change).is_some() {
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

/// The refusal of edits after which everything is as before.
pub(crate) fn nothing_changes() -> ScmError {
    ScmError::invalid("the edits change nothing: every file already has this content")
}

/// The folders above a path, nearest first.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(parent, _)| parent.rsplit_once('/'))
        .map(|(parent, _)| parent)
}
