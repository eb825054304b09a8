//! Actions that need more than a workspace: repositories, plugins.

mod azure;
mod changes;
mod github;
mod keyvault_secret_create;
mod plugin;
mod publish_git;
mod publish_git_pull_request;
mod repo_url;
mod repositories;

use portico_scaffolder::{ActionError, Workspace};
use portico_scm::{RepositoryFile, ScmError};
use serde_json::{Map, Value, json};

pub(crate) use azure::actions as azure_actions;
pub(crate) use github::actions as github_actions;
pub(crate) use keyvault_secret_create::KeyVaultSecretCreate;
pub(crate) use plugin::PluginAction;
pub(crate) use publish_git::PublishGit;
pub(crate) use publish_git_pull_request::PublishGitPullRequest;
pub(crate) use repo_url::{LOCAL_HOST, RepoUrl};
pub(crate) use repositories::Repositories;

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

fn flag(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

fn number(description: &str) -> Value {
    json!({"type": "number", "description": description})
}

fn texts(description: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": description})
}

fn choice(options: &[&str], description: &str) -> Value {
    json!({"type": "string", "enum": options, "description": description})
}

/// An object with the properties of both.
fn with(mut properties: Value, more: Value) -> Value {
    for (name, property) in fields(more) {
        properties[name] = property;
    }
    properties
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => Map::from_iter([("result".to_owned(), other)]),
    }
}
