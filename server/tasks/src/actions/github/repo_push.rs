//! `github:repo:push`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{
    Place, flag_or, place_inputs, protection,
    publish::{new_repository, outputs},
};
use crate::actions::{Repositories, author_inputs, failed, fields, flag, object, text, with};

/// Fills a repository that is empty still.
pub(super) struct RepoPush(pub(super) Repositories);

#[async_trait]
impl Action for RepoPush {
    fn id(&self) -> &'static str {
        "github:repo:push"
    }

    fn description(&self) -> &'static str {
        "Makes the files of the workspace the first commit of a repository on GitHub that is empty \
         still, and protects the branch."
    }

    fn input(&self) -> Value {
        let more = json!({
            "defaultBranch": text("The branch. Default: master."),
            "protectDefaultBranch": flag("Whether the branch is protected. Default: true."),
            "gitCommitMessage": text("The message of the commit. Default: initial commit."),
            "sourcePath": text("The folder in the workspace. Default: its root."),
        });
        let properties = with(place_inputs(), protection::inputs());
        object(&["repoUrl"], with(with(properties, author_inputs()), more))
    }

    fn output(&self) -> Value {
        let properties = json!({
            "remoteUrl": text("What git clones."),
            "repoContentsUrl": text("What catalog:register takes."),
            "commitHash": text("The commit."),
        });
        object(&["remoteUrl", "repoContentsUrl", "commitHash"], properties)
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Fill a repository that github:repo:create made".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "defaultBranch": "main",
            }),
            output: fields(json!({
                "remoteUrl": "https://github.com/contoso/orders-api.git",
                "repoContentsUrl": "https://github.com/contoso/orders-api/blob/main",
                "commitHash": "0000000000000000000000000000000000000000",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let new = new_repository(context).await?;
        let protects = flag_or(context, "protectDefaultBranch", true);
        let paths: Vec<&str> = new.files.iter().map(|it| it.path.as_str()).collect();
        let mut details = json!({"branch": new.branch, "files": paths});
        if protects {
            details["protection"] = protection::rules(context);
        }
        let summary = format!("push {} files to {}", new.files.len(), place.url);
        let Some(work) = place.begin(context, self.id(), summary, details).await? else {
            return Ok(outputs(&place, &new.branch, &"0".repeat(40)));
        };
        let client = work.client().await?;
        let commit = client.push_first(&new, &work.audit).await.map_err(failed)?;
        work.done().await?;
        context.log(format!("pushed {} files to {}", new.files.len(), place.url));
        if protects {
            let protected = protection::protect(&client, context, &new.branch).await;
            protected.map_err(|error| {
                ActionError::Failed(format!(
                    "{} has its files, but {} is not protected: {error}. Retry the task once \
                     that is solved",
                    place.url, new.branch
                ))
            })?;
        }
        Ok(outputs(&place, &new.branch, &commit))
    }
}
