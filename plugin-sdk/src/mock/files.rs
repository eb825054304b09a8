//! Folders in memory.

use std::collections::BTreeMap;

use globset::GlobBuilder;

use crate::{HostError, HostResult};

#[derive(Default)]
pub(super) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    pub(super) fn insert(&mut self, path: &str, content: Vec<u8>) {
        self.0.insert(path.to_owned(), content);
    }

    pub(super) fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).cloned()
    }

    /// Removes a file, or a folder with all that is in it; whether there was one.
    pub(super) fn remove(&mut self, path: &str) -> bool {
        let before = self.0.len();
        let folder = format!("{path}/");
        self.0
            .retain(|name, _| name != path && !name.starts_with(&folder));
        self.0.len() < before
    }

    /// The paths and sizes of files that match a glob, in order.
    pub(super) fn find(&self, glob: &str) -> HostResult<Vec<(String, u64)>> {
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .map_err(|error| HostError::Invalid(error.to_string()))?
            .compile_matcher();
        let files = self.0.iter().filter(|(path, _)| matcher.is_match(path));
        Ok(files
            .map(|(path, content)| (path.clone(), content.len() as u64))
            .collect())
    }
}

/// The path, when it stays where it is.
pub(super) fn safe(path: &str) -> HostResult<&str> {
    let inside = !path.is_empty() && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if inside {
        Ok(path)
    } else {
        Err(HostError::Invalid(format!(
            "`{path}` is not a path inside the folder"
        )))
    }
}
