//! Reading what is in a commit.

use super::command::{Git, Invocation};
use crate::{
    FolderEntry, FolderEntryKind, Result, ScmError,
    edits::{EXECUTABLE, EntryKind, PLAIN},
    names,
};

/// One path of a commit.
pub(super) struct Entry {
    pub(super) kind: EntryKind,
    pub(super) object: String,
    /// In bytes.
    pub(super) size: usize,
    pub(super) path: String,
}

const FOLDER: &str = "040000";

impl Git {
    /// The content of a file in a commit.
    pub(super) async fn read_file(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let listing = self
            .run(&["ls-tree", "-z", "-l", "--full-tree", commit, "--", path])
            .await?;
        let entry = entries(&listing)
            .find(|entry| entry.path == path && matches!(entry.kind, EntryKind::File(_)));
        let Some(entry) = entry else {
            return Ok(None);
        };
        if entry.size > names::MAX_FILE_BYTES {
            return Err(ScmError::too_large(
                format!("\"{path}\""),
                format!("{} MiB", names::MAX_FILE_BYTES >> 20),
            ));
        }
        self.run_with(Invocation {
            arguments: &["cat-file", "blob", &entry.object],
            limit: Some(names::MAX_FILE_BYTES),
            ..Invocation::default()
        })
        .await
        .map(Some)
    }

    /// What is directly in a folder of a commit; in its root when the path is empty.
    pub(super) async fn read_folder(
        &self,
        commit: &str,
        path: &str,
    ) -> Result<Option<Vec<FolderEntry>>> {
        // With the slash, git lists what is in the folder and not the folder.
        let within = format!("{path}/");
        let mut arguments = vec!["ls-tree", "-z", "-l", "--full-tree", commit];
        if !path.is_empty() {
            arguments.extend(["--", &within]);
        }
        let listing = self.run(&arguments).await?;
        let found: Vec<FolderEntry> = entries(&listing)
            .take(names::MAX_FOUND + 1)
            .map(|entry| FolderEntry {
                path: entry.path,
                kind: match entry.kind {
                    EntryKind::File(_) => FolderEntryKind::File,
                    EntryKind::Folder => FolderEntryKind::Folder,
                    EntryKind::Other => FolderEntryKind::Other,
                },
                size: entry.size,
            })
            .collect();
        if found.len() > names::MAX_FOUND {
            return Err(ScmError::too_large(
                format!("the folder \"{path}\""),
                format!("{} entries", names::MAX_FOUND),
            ));
        }
        // Git keeps no empty folders; only the root may have nothing in it.
        Ok((path.is_empty() || !found.is_empty()).then_some(found))
    }

    /// The files of a commit whose path matches a glob.
    pub(super) async fn find(&self, commit: &str, glob: &str) -> Result<Vec<String>> {
        let entries = self.entries(commit).await?.into_iter();
        let files = entries.filter(|entry| matches!(entry.kind, EntryKind::File(_)));
        names::matching(glob, files.map(|entry| entry.path))
    }

    /// Everything in a commit but folders, by path.
    pub(super) async fn entries(&self, commit: &str) -> Result<Vec<Entry>> {
        let listing = self
            .run(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit])
            .await?;
        Ok(entries(&listing).collect())
    }
}

/// Reads `<mode> <type> <object> <size>\t<path>\0…`. Paths that are no text are left out:
/// nobody could name them.
fn entries(listing: &[u8]) -> impl Iterator<Item = Entry> {
    let records = listing.split(|&byte| byte == 0);
    records.filter_map(|record| {
        let (fields, path) = std::str::from_utf8(record).ok()?.split_once('\t')?;
        let mut fields = fields.split_ascii_whitespace();
        let (mode, _, object) = (fields.next()?, fields.next()?, fields.next()?);
        let kind = match mode {
            PLAIN => EntryKind::File(PLAIN),
            EXECUTABLE => EntryKind::File(EXECUTABLE),
            FOLDER => EntryKind::Folder,
            _ => EntryKind::Other,
        };
        Some(Entry {
            kind,
            object: object.to_owned(),
            size: fields
                .next()
                .and_then(|size| size.parse().ok())
                .unwrap_or(0),
            path: path.to_owned(),
        })
    })
}
