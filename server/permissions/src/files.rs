//! Policies in files, which the portal shows and does not change.

use std::path::Path;

use serde::Serialize;

use crate::Permissions;

/// A file of `permissions.policies`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFile {
    /// Its path.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Permissions {
    /// The configured files, read now; the error names the one that cannot be.
    pub(crate) async fn read_files(&self) -> Result<Vec<PolicyFile>, String> {
        let mut files = Vec::new();
        for path in &self.catalog().config().permissions.policies {
            files.push(PolicyFile {
                path: path.clone(),
                text: read(Path::new(path)).await?,
            });
        }
        Ok(files)
    }
}

async fn read(path: &Path) -> Result<String, String> {
    tokio::fs::read_to_string(path)
        .await
        .map_err(|error| format!("{}: {error}; permissions.policies names it", path.display()))
}
