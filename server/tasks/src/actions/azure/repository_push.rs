//! `azure:repository:push`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{
    super::{Repositories, author, author_inputs, failed, fields, files, text, with},
    Place, object,
    place::is_dry_run,
};

/// Adds a commit to a branch.
pub(super) struct RepositoryPush(pub(super) Repositories);

#[async_trait]
impl Action for RepositoryPush {
    fn id(&self) -> &'static str {
        "azure:repository:push"
    }

    fn description(&self) -> &'static str {
        "Adds the files of the workspace as a commit to a branch of a repository on Azure DevOps, \
         which is made when it is not there. Files are added and changed, none is removed. The \
         default branch of a repository with commits takes pushes of its owners only."
    }

    fn input(&self) -> Value {
        object(
            &["remoteUrl"],
            with(
                author_inputs(),
                json!({
                    "remoteUrl": text("https://dev.azure.com/ORGANIZATION/PROJECT/_git/NAME."),
                    "branch": text("The branch. Default: scaffolder."),
                    "sourcePath": text("The folder in the workspace. Default: its root."),
                    "gitCommitMessage": text("The message of the commit. Default: Update from the \
                                              portal."),
                }),
            ),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["commitHash"],
            json!({
                "commitHash": text("The newest commit of the branch."),
                "branch": text("The branch."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Push what was changed to a branch of its own".to_owned(),
            input: json!({
                "remoteUrl": "https://dev.azure.com/contoso/Shop/_git/orders",
                "branch": "add-redis", "sourcePath": "orders",
                "gitCommitMessage": "Add Redis",
            }),
            output: fields(json!({"commitHash": "0".repeat(40), "branch": "add-redis"})),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::repository(&self.0, context, "remoteUrl")?;
        let branch = context.text("branch").unwrap_or("scaffolder");
        let message = context.text("gitCommitMessage");
        let message = message.unwrap_or("Update from the portal");
        let url = &place.url;
        let audit = place
            .allowed(json!({"what": "push", "branch": branch}))
            .await?;
        let default = place.client.default_branch().await.map_err(failed)?;
        if default.as_deref() == Some(branch) {
            let owns = self
                .0
                .scm
                .may_merge(&self.0.who, url)
                .await
                .map_err(failed)?;
            if !owns {
                return Err(ActionError::Failed(format!(
                    "only owners of {url} push to {branch}, its default branch; push to another \
                     one, and propose it with azure:pr:create"
                )));
            }
        }
        let source = context.text("sourcePath").unwrap_or(".").to_owned();
        let workspace = context.workspace.clone();
        let read = tokio::task::spawn_blocking(move || files(&workspace, &source)).await;
        let files = read.map_err(|error| ActionError::Failed(error.to_string()))??;
        let paths: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
        let is_dry = is_dry_run(
            context,
            self.id(),
            || format!("push up to {} files to {branch} of {url}", paths.len()),
            || json!({"repository": url, "branch": branch, "message": message, "files": paths}),
        );
        if is_dry {
            return Ok(fields(
                json!({"commitHash": "0".repeat(40), "branch": branch}),
            ));
        }
        let author = author(context);
        let client = &place.client;
        let commit = client.push_files(branch, files, message, author.as_ref(), &audit);
        let commit = commit.await.map_err(failed)?;
        place.done(&audit).await?;
        context.log(format!("{branch} of {url} is at {commit}"));
        Ok(fields(json!({"commitHash": commit, "branch": branch})))
    }
}
