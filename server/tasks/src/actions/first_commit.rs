//! The workspace as the first commit of a repository to be.

use portico_scaffolder::{ActionContext, ActionError};
use portico_scm::NewRepository;

use super::{author, files};

/// What the inputs `sourcePath`, `defaultBranch`, `gitCommitMessage` and those about the author
/// make of the workspace; `branch` and `message` are what the inputs default to.
pub(super) async fn first_commit(
    context: &ActionContext,
    branch: &str,
    message: &str,
) -> Result<NewRepository, ActionError> {
    let source = context.text("sourcePath").unwrap_or(".").to_owned();
    let workspace = context.workspace.clone();
    let read = tokio::task::spawn_blocking(move || files(&workspace, &source)).await;
    let branch = context.text("defaultBranch").unwrap_or(branch);
    let message = context.text("gitCommitMessage").unwrap_or(message);
    Ok(NewRepository {
        branch: branch.to_owned(),
        message: message.to_owned(),
        files: read.map_err(|error| ActionError::Failed(error.to_string()))??,
        // Done again after an interruption, the step goes on with what it made.
        key: Some(format!("{}/{}", context.task, context.step)),
        author: author(context),
        ..NewRepository::default()
    })
}

/// The same for hosts where a repository has no description: the commit says it.
pub(super) async fn described_first_commit(
    context: &ActionContext,
    branch: &str,
    message: &str,
) -> Result<NewRepository, ActionError> {
    let mut new = first_commit(context, branch, message).await?;
    let more = context.text("description").unwrap_or_default().trim();
    if !more.is_empty() {
        new.message = format!("{}\n\n{more}", new.message);
    }
    Ok(new)
}
