//! `publish:git`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Effect, Example};
use serde_json::{Map, Value, json};

use super::{Repositories, failed, fields, first_commit::described_first_commit, object, text};

/// Makes a repository of the workspace.
pub(crate) struct PublishGit(pub(crate) Repositories);

#[async_trait]
impl Action for PublishGit {
    fn id(&self) -> &'static str {
        "publish:git"
    }

    fn description(&self) -> &'static str {
        "Makes a repository on any host of source control, with the files of the \
         workspace as its first commit."
    }

    fn input(&self) -> Value {
        object(
            &["repoUrl"],
            json!({
                "repoUrl": text("The repository, such as local?repo=NAME or \
                                 github.com?owner=OWNER&repo=NAME. The name must be free."),
                "defaultBranch": text("The branch. Default: main."),
                "gitCommitMessage": text("The message of the commit. Default: Initial commit."),
                "sourcePath": text("The folder in the workspace. Default: its root."),
                "description": text("What it is for; the second paragraph of the message."),
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["remoteUrl", "repoContentsUrl"],
            json!({
                "remoteUrl": text("Where people see the repository."),
                "repoContentsUrl": text("What catalog:register takes."),
                "repository": text("What entities name in portico.dev/repository: local:NAME."),
                "commitHash": text("The first commit."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Make a repository of everything in the workspace".to_owned(),
            input: json!({"repoUrl": "local?repo=orders-api"}),
            output: fields(json!({
                "remoteUrl": "/repositories/orders-api",
                "repoContentsUrl": "local:orders-api#main:",
                "repository": "local:orders-api",
                "commitHash": "0000000000000000000000000000000000000000",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let repository = self.0.of(context)?;
        let url = repository.scm_url();
        let new = described_first_commit(context, "main", "Initial commit").await?;
        let page = self.0.scm.page(&url).map_err(failed)?;
        let count = new.files.len();
        let commit = match &context.dry_run {
            None => self
                .0
                .scm
                .create(&self.0.who, &url, &new)
                .await
                .map_err(failed)?,
            Some(recorder) => {
                self.0
                    .scm
                    .check_create(&self.0.who, &url, &new)
                    .await
                    .map_err(failed)?;
                let paths: Vec<&str> = new.files.iter().map(|it| it.path.as_str()).collect();
                recorder.record(Effect {
                    step: context.step.clone(),
                    action: self.id().to_owned(),
                    summary: format!("make the repository {url} with {count} files"),
                    details: json!({
                        "repository": url, "branch": new.branch, "message": new.message,
                        "files": paths,
                    }),
                });
                "0".repeat(40)
            }
        };
        context.log(format!("{url} has {count} files on {}", new.branch));
        Ok(fields(json!({
            "remoteUrl": page,
            "repoContentsUrl": repository.contents_url(&new.branch),
            "repository": url,
            "commitHash": commit,
        })))
    }
}
