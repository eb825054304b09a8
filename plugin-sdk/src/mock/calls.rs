//! The calls of plugins, answered by the mock.

use super::{PORTAL, Portal, ask, files::safe};
use crate::{HostError, HostResult, catalog, http, log, scm, state, workspace};

pub(crate) fn log_write(level: log::Level, message: &str) {
    PORTAL.with_borrow_mut(|portal| portal.logs.push((level, message.to_owned())));
}

pub(crate) fn config_get() -> String {
    PORTAL.with_borrow(|portal| match &portal.config {
        Some(config) => config.to_string(),
        None => "{}".to_owned(),
    })
}

pub(crate) fn catalog_get(reference: &str) -> HostResult<Option<String>> {
    ask("catalog", |portal| {
        let entity = portal.entities.get(&reference.to_lowercase());
        Ok(entity.map(|entity| entity.json().to_string()))
    })
}

/// Of the filters, `kind=…` and `metadata.name=…` and the like are understood: a path and a text.
pub(crate) fn catalog_query(
    filters: &[String],
    limit: u32,
    cursor: Option<&str>,
) -> HostResult<catalog::Page> {
    ask("catalog", |portal| {
        let matching: Vec<_> = portal
            .entities
            .values()
            .filter(|entity| {
                filters.is_empty() || filters.iter().any(|filter| matches(entity.json(), filter))
            })
            .collect();
        let start: usize = cursor
            .map_or(Ok(0), str::parse)
            .map_err(|_| HostError::Invalid("the cursor is not one of this query".to_owned()))?;
        let end = (start + limit as usize).min(matching.len());
        let entities = matching
            .iter()
            .take(end)
            .skip(start)
            .map(|&entity| entity.clone());
        Ok(catalog::Page {
            entities: entities.collect(),
            total: matching.len() as u64,
            next: (end < matching.len()).then(|| end.to_string()),
        })
    })
}

fn matches(entity: &serde_json::Value, filter: &str) -> bool {
    filter.split(',').all(|part| {
        let (path, expected) = part.split_once('=').unwrap_or((part, ""));
        let pointer = format!("/{}", path.replace('.', "/"));
        let found = entity.pointer(&pointer).and_then(|value| value.as_str());
        found.is_some_and(|found| expected.is_empty() || found.eq_ignore_ascii_case(expected))
    })
}

pub(crate) fn workspace_read(path: &str) -> HostResult<Vec<u8>> {
    ask("workspace", |portal| {
        let file = portal.workspace.read(safe(path)?);
        file.ok_or_else(|| HostError::NotFound(path.to_owned()))
    })
}

pub(crate) fn workspace_find(glob: &str) -> HostResult<Vec<workspace::Entry>> {
    ask("workspace", |portal| {
        let files = portal.workspace.find(glob)?.into_iter();
        Ok(files
            .map(|(path, size)| workspace::Entry {
                path,
                is_folder: false,
                size,
            })
            .collect())
    })
}

pub(crate) fn workspace_write(path: &str, content: &[u8]) -> HostResult<()> {
    ask("workspace", |portal| {
        portal.workspace.insert(safe(path)?, content.to_vec());
        Ok(())
    })
}

pub(crate) fn workspace_remove(path: &str) -> HostResult<()> {
    ask("workspace", |portal| {
        match portal.workspace.remove(safe(path)?) {
            true => Ok(()),
            false => Err(HostError::NotFound(path.to_owned())),
        }
    })
}

pub(crate) fn repository_read(subject: u32, path: &str) -> HostResult<Option<Vec<u8>>> {
    ask("repository", |portal| {
        let path = safe(path)?;
        Ok(portal
            .subjects
            .get(&subject)
            .and_then(|files| files.read(path)))
    })
}

pub(crate) fn repository_find(subject: u32, glob: &str) -> HostResult<Vec<String>> {
    ask("repository", |portal| {
        let files = portal.subjects.get(&subject);
        let found = files.map_or(Ok(Vec::new()), |files| files.find(glob))?;
        Ok(found.into_iter().map(|(path, _)| path).collect())
    })
}

pub(crate) fn http_send(request: http::Request) -> HostResult<http::Response> {
    ask("http", |portal| {
        let line = format!("{} {}", request.method, request.path);
        let key = (request.connection.clone(), line);
        portal.requests.push(request);
        portal.answers.get(&key).cloned().ok_or_else(|| {
            let (connection, line) = key;
            HostError::Unavailable(format!(
                "the mock has no answer to `{line}` of `{connection}`"
            ))
        })
    })
}

pub(crate) fn scm_read(repository: &str, path: &str) -> HostResult<Option<Vec<u8>>> {
    ask("scm", |portal| {
        let path = safe(path)?;
        Ok(repository_of(portal, repository)?.read(path))
    })
}

pub(crate) fn scm_find(repository: &str, glob: &str) -> HostResult<Vec<String>> {
    ask("scm", |portal| {
        let found = repository_of(portal, repository)?.find(glob)?.into_iter();
        Ok(found.map(|(path, _)| path).collect())
    })
}

pub(crate) fn scm_propose(proposal: scm::Proposal) -> HostResult<scm::ChangeRequest> {
    ask("scm", |portal| {
        repository_of(portal, &proposal.repository)?;
        if proposal.edits.is_empty() {
            return Err(HostError::Invalid(
                "a proposal changes something".to_owned(),
            ));
        }
        let taken = portal.proposals.iter().any(|other| {
            other.repository == proposal.repository && other.branch == proposal.branch
        });
        if taken {
            return Err(HostError::Conflict(format!(
                "the branch `{}`",
                proposal.branch
            )));
        }
        portal.proposals.push(proposal);
        let id = portal.proposals.len().to_string();
        Ok(scm::ChangeRequest {
            url: format!("https://scm.example/changes/{id}"),
            id,
        })
    })
}

fn repository_of<'a>(portal: &'a Portal, repository: &str) -> HostResult<&'a super::Files> {
    let found = portal.repositories.get(repository);
    found.ok_or_else(|| HostError::NotFound(format!("the repository `{repository}`")))
}

pub(crate) fn state_get(key: &str) -> HostResult<Option<state::Entry>> {
    ask("state", |portal| Ok(portal.state.get(key).cloned()))
}

pub(crate) fn state_set(key: &str, value: Option<&[u8]>, version: Option<u64>) -> HostResult<u64> {
    ask("state", |portal| {
        let found = portal.state.get(key).map_or(0, |entry| entry.version);
        if version.is_some_and(|version| version != found) {
            return Err(HostError::Conflict(format!("the state `{key}`")));
        }
        portal.writes += 1;
        let version = portal.writes;
        match value {
            Some(value) => {
                let value = value.to_vec();
                portal
                    .state
                    .insert(key.to_owned(), state::Entry { value, version });
            }
            None => drop(portal.state.remove(key)),
        }
        Ok(version)
    })
}

pub(crate) fn state_keys(prefix: &str) -> HostResult<Vec<String>> {
    ask("state", |portal| {
        let keys = portal.state.keys().filter(|key| key.starts_with(prefix));
        Ok(keys.cloned().collect())
    })
}

pub(crate) fn clock_now() -> u64 {
    PORTAL.with_borrow(|portal| portal.now)
}

pub(crate) fn random_bytes(count: u32) -> Vec<u8> {
    (0..count.min(4096))
        .map(|index| (index.wrapping_mul(151) + 7) as u8)
        .collect()
}
