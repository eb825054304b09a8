//! Actions that need more than a workspace: repositories, plugins.

mod plugin;
mod publish_git;
mod publish_git_pull_request;

use portico_scaffolder::{ActionError, Workspace};
use portico_scm::{RepositoryFile, ScmError};
use serde_json::{Map, Value, json};

pub(crate) use plugin::PluginAction;
pub(crate) use publish_git::PublishGit;
pub(crate) use publish_git_pull_request::PublishGitPullRequest;

/// How repository addresses name the repositories that Portico keeps: `local?repo=orders`.
pub(crate) const LOCAL_HOST: &str = "local";

/// The repository of an address, as source control names it: `local?repo=orders`, or
/// `local:orders` as entities are annotated.
fn repository(address: &str) -> Result<String, ActionError> {
    if address.starts_with("local:") {
        return Ok(address.to_owned());
    }
    let (host, query) = address.split_once('?').unwrap_or((address, ""));
    let name = query.split('&').find_map(|part| part.strip_prefix("repo="));
    match (host, name) {
        (LOCAL_HOST, Some(name)) if !name.is_empty() => Ok(format!("local:{name}")),
        (LOCAL_HOST, _) => Err(ActionError::Input(format!(
            "input.repoUrl \"{address}\" names no repository; write local?repo=NAME"
        ))),
        _ => Err(ActionError::Input(format!(
            "input.repoUrl \"{address}\" is on a host that this action does not write to; it \
             writes to the repositories that Portico keeps: local?repo=NAME"
        ))),
    }
}

/// The files below a folder of the workspace, by path from there.
fn files(workspace: &Workspace, folder: &str) -> Result<Vec<RepositoryFile>, ActionError> {
    let folder = folder.trim_matches('/');
    let prefix = match folder {
        "" | "." => String::new(),
        folder => format!("{}/", folder.trim_start_matches("./")),
    };
    let mut files = Vec::new();
    for entry in workspace.list(if prefix.is_empty() { "." } else { folder })? {
        if !entry.is_folder {
            files.push(RepositoryFile {
                content: workspace.read(&entry.path)?,
                path: entry
                    .path
                    .strip_prefix(&prefix)
                    .unwrap_or(&entry.path)
                    .to_owned(),
                is_executable: entry.is_executable,
            });
        }
    }
    Ok(files)
}

fn failed(error: ScmError) -> ActionError {
    match error {
        error @ ScmError::Invalid(_) => ActionError::Input(error.to_string()),
        error => ActionError::Failed(error.to_string()),
    }
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => Map::from_iter([("result".to_owned(), other)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_our_own_repositories() {
        assert_eq!(repository("local?repo=orders").unwrap(), "local:orders");
        assert_eq!(
            repository("local?owner=x&repo=orders").unwrap(),
            "local:orders"
        );
        assert_eq!(repository("local:orders").unwrap(), "local:orders");
        for other in ["local", "local?repo=", "github.com?owner=o&repo=r"] {
            assert!(repository(other).is_err(), "{other}");
        }
    }
}
