//! The contents of many files at once: archives of objects.

use std::{
    collections::{BTreeMap, HashMap},
    io::{Cursor, Read as _},
};

use portico_integrations::Method;
use serde_json::json;
use sha1::{Digest as _, Sha1};
use zip::ZipArchive;

use super::{
    client::{AzureClient, AzureScope},
    read::READ,
};
use crate::{Result, ScmError};

/// Objects of one archive, and their bytes: an answer has to fit into memory and into the limit
/// of the HTTP client.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 16 << 20;

impl AzureClient<'_> {
    /// The contents of objects, by id. `objects` are ids with the size of each.
    pub(super) async fn blobs(
        &self,
        objects: BTreeMap<&str, usize>,
    ) -> Result<HashMap<String, Vec<u8>>> {
        let mut contents = HashMap::new();
        let (mut batch, mut bytes) = (Vec::new(), 0);
        for (object, size) in objects {
            if batch.len() == BATCH || (bytes + size > BATCH_BYTES && !batch.is_empty()) {
                contents.extend(self.archive(&batch, bytes).await?);
                (batch, bytes) = (Vec::new(), 0);
            }
            batch.push(object);
            bytes += size;
        }
        if !batch.is_empty() {
            contents.extend(self.archive(&batch, bytes).await?);
        }
        Ok(contents)
    }

    async fn archive(&self, objects: &[&str], bytes: usize) -> Result<HashMap<String, Vec<u8>>> {
        let body = json!(objects);
        let place = ("/blobs", &[("$format", "zip")][..]);
        let scope = AzureScope::Repository;
        let answer = self.ask(Method::POST, scope, place, Some(&body)).await?;
        let answer = self.checked(answer, READ)?;
        let read = tokio::task::spawn_blocking(move || unpack(answer.body, bytes)).await;
        read.map_err(|error| ScmError::Unavailable(error.to_string()))?
    }
}

/// Reads an archive. Entries are known by their content, whatever they are called.
fn unpack(archive: Vec<u8>, expected: usize) -> Result<HashMap<String, Vec<u8>>> {
    let damaged = |error: &dyn std::fmt::Display| {
        ScmError::Unavailable(format!("the archive of files cannot be read: {error}"))
    };
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|error| damaged(&error))?;
    let mut contents = HashMap::new();
    // More than was said to be there is no archive of these files.
    let mut left = expected as u64 + 1;
    for index in 0..archive.len() {
        let mut content = Vec::new();
        let entry = archive.by_index(index).map_err(|error| damaged(&error))?;
        let read = entry.take(left).read_to_end(&mut content);
        left -= read.map_err(|error| damaged(&error))? as u64;
        if left == 0 {
            return Err(damaged(&"it is larger than its files"));
        }
        contents.insert(blob_id(&content), content);
    }
    Ok(contents)
}

/// The id git gives to a file with this content.
pub(super) fn blob_id(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    hex::encode(hash.finalize())
}
