//! Many files at once: the archive of a commit, in one or two requests.

use std::io::Read as _;

use flate2::read::GzDecoder;
use portico_integrations::{
    Answer, Integrations, Method, Repeat, Request, github::GitHubCall, host_of,
};
use tar::{Archive, EntryType};
use url::Url;

use super::{GitHubClient, client::unanswered, read::READ};
use crate::{
    RepositoryFile, Result, ScmError,
    names::{MAX_BYTES, MAX_FILES},
};

impl GitHubClient<'_> {
    /// The files below a folder (of all when it is empty), by path from there. Links are left
    /// out.
    pub(super) async fn files(
        &self,
        integrations: &Integrations,
        reference: Option<&str>,
        folder: &str,
    ) -> Result<Vec<RepositoryFile>> {
        let commit = self.resolve(reference).await?;
        let path = self.path(&format!("/tarball/{commit}"));
        let mut answer = self.ask(GitHubCall::get(path)).await?;
        if let Some(to) = answer.redirect().map(str::to_owned) {
            answer = self.follow(integrations, &to).await?;
        }
        if !answer.status.is_success() {
            return Err(self.refused(&answer, READ));
        }
        let prefix = match folder.trim_matches('/') {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let read = tokio::task::spawn_blocking(move || unpack(&answer.body, &prefix)).await;
        read.map_err(|error| ScmError::Unavailable(error.to_string()))?
    }

    /// Asks the host of archives. Its addresses hold what they need, so no credential goes there.
    async fn follow(&self, integrations: &Integrations, to: &str) -> Result<Answer> {
        let target = self.address.url();
        let invalid = |error| ScmError::Unavailable(format!("{target}: {to}: {error}"));
        let url = Url::parse(to).map_err(invalid)?;
        let host = host_of(&url);
        // A server's own host of archives may be in a private network, as the server is.
        let trusted = url.scheme() == "https" && host.ends_with(&format!(".{}", self.host()));
        let request = Request {
            target: &target,
            method: Method::GET,
            lane: host,
            url,
            headers: std::iter::empty().collect(),
            body: None,
            repeat: Repeat::Always,
            patient: false,
            trusted,
        };
        integrations.http().send(request).await.map_err(unanswered)
    }
}

/// Reads a compressed archive, in which everything is in one folder.
fn unpack(archive: &[u8], prefix: &str) -> Result<Vec<RepositoryFile>> {
    let damaged = ScmError::io("the archive of the repository cannot be read");
    unpack_within(archive, prefix)
        .map_err(damaged)?
        .ok_or_else(|| {
            let limit = format!("{MAX_FILES} files or {} MiB", MAX_BYTES >> 20);
            ScmError::too_large(format!("the folder \"{prefix}\""), limit)
        })
}

/// `None` when there is too much.
fn unpack_within(archive: &[u8], prefix: &str) -> std::io::Result<Option<Vec<RepositoryFile>>> {
    let mut files = Vec::new();
    let mut left = MAX_BYTES as u64;
    // What is left out is read too: the limit is on all of it.
    let limited = GzDecoder::new(archive).take(left * 2);
    for entry in Archive::new(limited).entries()? {
        let mut entry = entry?;
        if entry.header().entry_type() != EntryType::Regular {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let inside = path.split_once('/').map(|(_, path)| path);
        let Some(path) = inside.and_then(|path| path.strip_prefix(prefix)) else {
            continue;
        };
        if files.len() == MAX_FILES || entry.size() > left {
            return Ok(None);
        }
        left -= entry.size();
        let is_executable = entry.header().mode()? & 0o100 != 0;
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        files.push(RepositoryFile {
            path: path.to_owned(),
            content,
            is_executable,
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Some(files))
}
