//! `publish:git:pull-request`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Effect, Example};
use portico_scm::{ChangeRequest, Proposal};
use serde_json::{Map, Value, json};

use super::{
    Repositories,
    changes::{edits, patch, target},
    failed, fields, object, text,
};

/// Change requests that are looked through for one that was made before an interruption.
const RECENT: usize = 100;

/// Proposes the workspace as a change to a repository.
pub(crate) struct PublishGitPullRequest(pub(crate) Repositories);

impl PublishGitPullRequest {
    /// The change request that this step made before it was interrupted.
    async fn made_before(
        &self,
        url: &str,
        proposal: &Proposal,
    ) -> Result<Option<ChangeRequest>, ActionError> {
        let recent = self
            .0
            .scm
            .change_requests(&self.0.who, url, None, 0, RECENT);
        let (recent, _) = recent.await.map_err(failed)?;
        let mut recent = recent.into_iter();
        Ok(recent.find(|it| it.branch == proposal.branch && it.via == proposal.via))
    }
}

#[async_trait]
impl Action for PublishGitPullRequest {
    fn id(&self) -> &'static str {
        "publish:git:pull-request"
    }

    fn description(&self) -> &'static str {
        "Proposes the files of the workspace as a change to a repository on any host of source \
         control: a branch, a commit, and a change request for its owners."
    }

    fn input(&self) -> Value {
        let paths = json!({"type": "array", "items": {"type": "string"},
            "description": "Files to remove, from targetPath."});
        object(
            &["repoUrl", "branchName", "title"],
            json!({
                "repoUrl": text("The repository, such as local?repo=NAME or \
                                 github.com?owner=OWNER&repo=NAME."),
                "branchName": text("The branch to make; it may not be there."),
                "title": text("One line."),
                "description": text("What it is about, in Markdown."),
                "targetBranchName": text("The branch that it is for. Default: the default branch."),
                "sourcePath": text("The folder in the workspace. Default: its root."),
                "targetPath": text("The folder in the repository. Default: its root."),
                "filesToDelete": paths,
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["remoteUrl"],
            json!({
                "remoteUrl": text("Where people review it."),
                "pullRequestNumber": {"type": "integer", "description": "Its number."},
                "targetBranchName": text("The branch that it is for."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Propose what earlier steps wrote".to_owned(),
            input: json!({
                "repoUrl": "local?repo=orders-api", "branchName": "add-alerts",
                "title": "Add alerts", "sourcePath": "infra", "targetPath": "infra",
            }),
            output: fields(json!({
                "remoteUrl": "/repositories/orders-api/change-requests/1",
                "pullRequestNumber": 1, "targetBranchName": "main",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let repository = self.0.of(context)?;
        let url = repository.scm_url();
        let edits = edits(&self.0.scm, &self.0.who, context, &url).await?;
        if edits.is_empty() {
            return Err(ActionError::Failed(format!(
                "there is nothing to propose: {url} has all of this already"
            )));
        }
        let proposal = Proposal {
            base: context.text("targetBranchName").map(str::to_owned),
            branch: context.required("branchName")?.to_owned(),
            title: context.required("title")?.to_owned(),
            body: context.text("description").unwrap_or_default().to_owned(),
            edits,
            via: Some(format!("task {}", context.task)),
            ..Proposal::default()
        };
        if let Some(recorder) = &context.dry_run {
            let diff = self.0.scm.preview(&self.0.who, &url, &proposal).await;
            let diff = diff.map_err(failed)?;
            recorder.record(Effect {
                step: context.step.clone(),
                action: self.id().to_owned(),
                summary: format!("propose \"{}\" to {url}", proposal.title),
                details: json!({
                    "repository": url, "branch": proposal.branch, "title": proposal.title,
                    "description": proposal.body, "diff": patch(&diff),
                }),
            });
            let page = self.0.scm.page(&url).map_err(failed)?;
            let base = target(&self.0.scm, &self.0.who, &url, &proposal).await?;
            return Ok(fields(json!({
                "remoteUrl": repository.review_page(&page, 1),
                "pullRequestNumber": 1, "targetBranchName": base,
            })));
        }
        let made = match self.made_before(&url, &proposal).await? {
            Some(made) => made,
            None => self
                .0
                .scm
                .propose(&self.0.who, &url, &proposal)
                .await
                .map_err(failed)?,
        };
        context.log(format!("proposed as {url}#{}: {}", made.number, made.url));
        Ok(fields(json!({
            "remoteUrl": made.url,
            "pullRequestNumber": made.number,
            "targetBranchName": made.base,
        })))
    }
}
