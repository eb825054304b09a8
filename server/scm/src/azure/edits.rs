//! What the edits of a proposal do to the files of a commit, as Azure DevOps names it.

use std::collections::BTreeMap;

use super::{blobs::blob_id, tree::TreeEntry};
use crate::{Edit, Result, edits};

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

/// The changes that edits make to a commit, without those that change nothing: none, perhaps.
/// Refuses what [`edits::check`] refuses.
pub(super) fn check<'a>(
    entries: &[TreeEntry],
    edits: &'a [Edit],
) -> Result<BTreeMap<&'a str, Change<'a>>> {
    let objects: BTreeMap<&str, &str> = entries
        .iter()
        .map(|it| (it.path.as_str(), it.object.as_str()))
        .collect();
    // Folders are told by what is in them.
    let files = entries.iter().filter(|it| !it.is_folder());
    let checked = edits::check(files.map(|it| (it.path.as_str(), it.kind())), edits)?;
    let changes = checked.into_iter().filter_map(|(path, change)| {
        let change = match (change, objects.get(path)) {
            (None, _) => Change::Delete,
            (Some((_, content)), None) => Change::Add(content),
            (Some((_, content)), Some(object)) if *object == blob_id(content) => return None,
            (Some((_, content)), Some(_)) => Change::Edit(content),
        };
        Some((path, change))
    });
    Ok(changes.collect())
}
