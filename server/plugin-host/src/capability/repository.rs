//! `repository`: the files beside the entities of the call.

use std::sync::Arc;

use super::Guest;
use super::paths::{check_glob, check_path};
use crate::Repositories;
use crate::bindings::portico::plugin::repository::Host;
use crate::services::Answer;
use crate::store::{CallState, not_offered, too_much};

impl Host for CallState {
    async fn read_file(&mut self, subject: u32, path: String) -> Guest<Option<Vec<u8>>> {
        Ok(self
            .repository_file(subject, &path)
            .await
            .map_err(Into::into))
    }

    async fn find(&mut self, subject: u32, glob: String) -> Guest<Vec<String>> {
        Ok(self
            .repository_find(subject, &glob)
            .await
            .map_err(Into::into))
    }
}

impl CallState {
    async fn repository_file(&mut self, subject: u32, path: &str) -> Answer<Option<Vec<u8>>> {
        let repositories = self.repositories()?;
        check_path(path)?;
        let limit = self.plugin.limits.file_bytes;
        let file = repositories.read_file(subject, path, limit).await?;
        within(file, limit)
    }

    async fn repository_find(&mut self, subject: u32, pattern: &str) -> Answer<Vec<String>> {
        let repositories = self.repositories()?;
        check_glob(pattern)?;
        let max = self.plugin.limits.found_files;
        let mut found = repositories.find(subject, pattern, max).await?;
        found.truncate(max as usize);
        Ok(found)
    }

    fn repositories(&mut self) -> Answer<Arc<dyn Repositories>> {
        self.count_host_call()?;
        let repositories = self.context.repositories.clone();
        repositories.ok_or_else(|| not_offered("repository"))
    }
}

/// A file no larger than the limit.
pub(super) fn within(file: Option<Vec<u8>>, limit: u64) -> Answer<Option<Vec<u8>>> {
    match file {
        Some(file) if file.len() as u64 > limit => {
            Err(too_much(format!("the file has more than {limit} bytes")))
        }
        file => Ok(file),
    }
}
