//! Calls to Portico.

use super::glue::imports::portico::plugin as wit;
use crate::{Entity, HostError, HostResult, catalog, http, log, scm, state, workspace};

impl From<wit::types::Error> for HostError {
    fn from(error: wit::types::Error) -> Self {
        use wit::types::Error;
        match error {
            Error::Denied(text) => Self::Denied(text),
            Error::NotFound(text) => Self::NotFound(text),
            Error::Invalid(text) => Self::Invalid(text),
            Error::TooMuch(text) => Self::TooMuch(text),
            Error::Conflict(text) => Self::Conflict(text),
            Error::Unavailable(text) => Self::Unavailable(text),
        }
    }
}

pub(crate) fn log_write(level: log::Level, message: &str) {
    use wit::log::Level;
    let level = match level {
        log::Level::Debug => Level::Debug,
        log::Level::Info => Level::Info,
        log::Level::Warn => Level::Warn,
        log::Level::Error => Level::Error,
    };
    wit::log::write(level, message);
}

pub(crate) fn config_get() -> String {
    wit::config::get()
}

pub(crate) fn catalog_get(reference: &str) -> HostResult<Option<String>> {
    Ok(wit::catalog::get_entity(reference)?)
}

pub(crate) fn catalog_query(
    filters: &[String],
    limit: u32,
    cursor: Option<&str>,
) -> HostResult<catalog::Page> {
    let page = wit::catalog::query_entities(&wit::catalog::Query {
        filters: filters.to_vec(),
        limit,
        cursor: cursor.map(str::to_owned),
    })?;
    let entities = page.entities.iter().map(|json| {
        let json: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        Entity::from(json)
    });
    Ok(catalog::Page {
        entities: entities.collect(),
        total: page.total,
        next: page.next,
    })
}

pub(crate) fn workspace_read(path: &str) -> HostResult<Vec<u8>> {
    Ok(wit::workspace::read_file(path)?)
}

pub(crate) fn workspace_find(glob: &str) -> HostResult<Vec<workspace::Entry>> {
    let entries = wit::workspace::find(glob)?.into_iter();
    Ok(entries
        .map(|entry| workspace::Entry {
            path: entry.path,
            is_folder: entry.file_type == wit::workspace::FileType::Folder,
            size: entry.size,
        })
        .collect())
}

pub(crate) fn workspace_write(path: &str, content: &[u8]) -> HostResult<()> {
    Ok(wit::workspace::write_file(path, content)?)
}

pub(crate) fn workspace_remove(path: &str) -> HostResult<()> {
    Ok(wit::workspace::remove(path)?)
}

pub(crate) fn repository_read(subject: u32, path: &str) -> HostResult<Option<Vec<u8>>> {
    Ok(wit::repository::read_file(subject, path)?)
}

pub(crate) fn repository_find(subject: u32, glob: &str) -> HostResult<Vec<String>> {
    Ok(wit::repository::find(subject, glob)?)
}

pub(crate) fn http_send(request: http::Request) -> HostResult<http::Response> {
    let response = wit::http::send(&wit::http::Request {
        connection: request.connection,
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body,
    })?;
    Ok(http::Response {
        status: response.status,
        headers: response.headers,
        body: response.body,
    })
}

pub(crate) fn scm_read(repository: &str, path: &str) -> HostResult<Option<Vec<u8>>> {
    Ok(wit::scm::read_file(repository, path)?)
}

pub(crate) fn scm_find(repository: &str, glob: &str) -> HostResult<Vec<String>> {
    Ok(wit::scm::find(repository, glob)?)
}

pub(crate) fn scm_propose(proposal: scm::Proposal) -> HostResult<scm::ChangeRequest> {
    let edits = proposal.edits.into_iter().map(|edit| match edit {
        scm::Edit::Write { path, content } => {
            wit::scm::Edit::Write(wit::scm::File { path, content })
        }
        scm::Edit::Remove { path } => wit::scm::Edit::Remove(path),
    });
    let request = wit::scm::propose(&wit::scm::Proposal {
        repository: proposal.repository,
        base: proposal.base,
        branch: proposal.branch,
        title: proposal.title,
        body: proposal.body,
        edits: edits.collect(),
    })?;
    Ok(scm::ChangeRequest {
        id: request.id,
        url: request.url,
    })
}

pub(crate) fn state_get(key: &str) -> HostResult<Option<state::Entry>> {
    let entry = wit::state::get(key)?;
    Ok(entry.map(|entry| state::Entry {
        value: entry.value,
        version: entry.version,
    }))
}

pub(crate) fn state_set(key: &str, value: Option<&[u8]>, version: Option<u64>) -> HostResult<u64> {
    Ok(wit::state::set(key, value, version)?)
}

pub(crate) fn state_keys(prefix: &str) -> HostResult<Vec<String>> {
    Ok(wit::state::keys(prefix)?)
}

pub(crate) fn clock_now() -> u64 {
    wit::clock::now()
}

pub(crate) fn random_bytes(count: u32) -> Vec<u8> {
    wit::random::bytes(count)
}
