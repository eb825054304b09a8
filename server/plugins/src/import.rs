//! Plugins that lie in a folder: the platform team's own, or an example's.

use std::path::{Path, PathBuf};

use portico_access::Principal;
use portico_plugin_package::digest_of;

use crate::{Plugins, error::Result, submit::Submission};

impl Plugins {
    /// Hands in each component of a folder that was never handed in, for review like any other.
    /// Answers with what became of them; a folder that is not there has none.
    pub async fn import(&self, folder: &Path) -> Vec<(PathBuf, Result<Submission>)> {
        let mut handed_in = Vec::new();
        for path in components(folder).await {
            // A file that changes or goes while we look is seen at the next start.
            let Ok(file) = tokio::fs::read(&path).await else {
                continue;
            };
            match self.is_known(&file).await {
                Ok(true) => {}
                Ok(false) => handed_in.push((path, self.submit(&Principal::System, file).await)),
                Err(error) => handed_in.push((path, Err(error))),
            }
        }
        handed_in
    }

    /// Whether this very file was handed in before, whatever was decided about it.
    async fn is_known(&self, file: &[u8]) -> Result<bool> {
        let known = self.store().plugin_version(&digest_of(file)).await?;
        Ok(known.is_some())
    }
}

/// The `.wasm` files of a folder, by name.
async fn components(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return found;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let path = entry.path();
        if path.extension().is_some_and(|it| it == "wasm") {
            found.push(path);
        }
    }
    found.sort();
    found
}
