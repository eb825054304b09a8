//! Noticing changes of local files.

use tokio::sync::mpsc;

use crate::change::Change;

/// Watches until dropped; `changes` gives debounced batches.
pub struct FileWatch {
    /// Batches of changed paths.
    pub changes: mpsc::Receiver<Vec<Change>>,
}

/// A folder cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("local files cannot be watched: {0}; they are polled instead")]
pub struct WatchError(String);

impl FileWatch {
    /// Watches what the absolute `file` targets (files, folders, globs) stand for.
    pub fn start(targets: &[String]) -> Result<Self, WatchError> {
        let _ = targets;
        Err(WatchError("not built yet".to_owned()))
    }
}
