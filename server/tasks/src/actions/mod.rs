//! Actions that need more than a workspace: repositories, plugins, the portal itself.

mod azure;
mod backstage_request;
mod changes;
mod first_commit;
mod github;
mod keyvault_secret_create;
mod plugin;
mod publish_git;
mod publish_git_pull_request;
mod repo_url;
mod repositories;

use portico_scaffolder::{ActionContext, ActionError, Workspace};
use portico_scm::{Author, RepositoryFile, ScmError};
use serde_json::{Map, Value, json};

pub(crate) use azure::actions as azure_actions;
pub(crate) use backstage_request::BackstageRequest;
pub(crate) use github::actions as github_actions;
pub(crate) use keyvault_secret_create::KeyVaultSecretCreate;
pub(crate) use plugin::PluginAction;
pub(crate) use publish_git::PublishGit;
pub(crate) use publish_git_pull_request::PublishGitPullRequest;
pub(crate) use repo_url::RepoUrl;
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

/// The inputs that say who commits are by.
fn author_inputs() -> Value {
    json!({
        "gitAuthorName": text("Who the commit is by. Default: who runs the task."),
        "gitAuthorEmail": text("Their address."),
    })
}

/// Who the commit is by, when the input says so.
fn author(context: &ActionContext) -> Option<Author> {
    let (name, email) = (
        context.text("gitAuthorName"),
        context.text("gitAuthorEmail"),
    );
    (name.is_some() || email.is_some()).then(|| Author {
        name: name.unwrap_or("Scaffolder").to_owned(),
        email: email.unwrap_or("scaffolder@portico.invalid").to_owned(),
    })
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
