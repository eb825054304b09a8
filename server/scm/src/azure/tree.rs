//! What is in a commit: every path with its object, in one question.

use serde::Deserialize;
use serde_json::Value;

use super::{
    client::{AzureClient, AzureScope, typed},
    read::READ,
};
use crate::{
    Result,
    edits::{EXECUTABLE, EntryKind, PLAIN},
};

/// A file, folder, link or submodule of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TreeEntry {
    #[serde(rename = "relativePath")]
    pub(super) path: String,
    /// Git's, in octal digits.
    mode: String,
    git_object_type: String,
    #[serde(rename = "objectId")]
    pub(super) object: String,
    /// In bytes; of files.
    #[serde(default)]
    pub(super) size: usize,
}

impl TreeEntry {
    pub(super) fn is_file(&self) -> bool {
        self.git_object_type == "blob" && !self.mode.ends_with("120000")
    }

    pub(super) fn is_folder(&self) -> bool {
        self.git_object_type == "tree"
    }

    pub(super) fn kind(&self) -> EntryKind {
        match (self.is_folder(), self.is_file(), self.is_executable()) {
            (true, ..) => EntryKind::Folder,
            (_, true, true) => EntryKind::File(EXECUTABLE),
            (_, true, false) => EntryKind::File(PLAIN),
            _ => EntryKind::Other,
        }
    }

    pub(super) fn is_executable(&self) -> bool {
        self.mode.ends_with("100755")
    }
}

impl AzureClient<'_> {
    /// Everything in a commit, by path.
    pub(super) async fn entries(&self, commit: &str) -> Result<Vec<TreeEntry>> {
        let scope = AzureScope::Repository;
        let tree = self.commit(commit).await?;
        let tree = tree["treeId"].as_str().unwrap_or_default();
        let path = format!("/trees/{tree}");
        let mut found = self
            .get(scope, &path, &[("recursive", "true")], READ)
            .await?;
        let mut entries: Vec<TreeEntry> = typed(found["treeEntries"].take())?;
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    }

    pub(super) async fn commit(&self, commit: &str) -> Result<Value> {
        let path = format!("/commits/{commit}");
        self.get(AzureScope::Repository, &path, &[], READ).await
    }
}
