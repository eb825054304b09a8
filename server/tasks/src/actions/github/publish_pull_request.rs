//! `publish:github:pull-request`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::{GitHubClient, Head, Proposal, ScmError};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs};
use crate::actions::{
    Repositories, author, author_inputs,
    changes::{edits, patch, target},
    failed, fields, flag, object, text, texts, with,
};

/// Proposes the workspace as a change to a repository on GitHub.
pub(super) struct PublishGitHubPullRequest(pub(super) Repositories);

#[async_trait]
impl Action for PublishGitHubPullRequest {
    fn id(&self) -> &'static str {
        "publish:github:pull-request"
    }

    fn description(&self) -> &'static str {
        "Proposes the files of the workspace as a change to a repository on GitHub: a branch, a \
         commit, a pull request."
    }

    fn input(&self) -> Value {
        let more = json!({
            "branchName": text("The branch to make."),
            "title": text("One line."),
            "description": text("What it is about, in Markdown."),
            "targetBranchName": text("The branch that it is for. Default: the default branch."),
            "draft": flag("Whether it is a draft. Default: false."),
            "sourcePath": text("The folder in the workspace. Default: its root."),
            "targetPath": text("The folder in the repository. Default: its root."),
            "filesToDelete": texts("Files to remove, from targetPath."),
            "reviewers": texts("Users who are asked to review."),
            "teamReviewers": texts("Teams of the owner who are asked to review."),
            "assignees": texts("Users it is assigned to."),
            "commitMessage": text("The message of the commit. Default: title and description."),
            "update": flag("Whether a branch that is there gets one more commit. Default: false."),
            "forceFork": flag("Whether the branch is made in a fork of whom the token belongs to. \
                Default: false."),
            "createWhenEmpty": flag("What happens when nothing changes: true makes a pull request \
                with a commit of nothing, false goes on without one. Default: it is an error."),
            "forceEmptyGitAuthor": flag("Not needed: commits have an author in any case."),
        });
        let properties = with(with(place_inputs(), author_inputs()), more);
        object(
            &["repoUrl", "branchName", "title", "description"],
            properties,
        )
    }

    fn output(&self) -> Value {
        object(
            &[],
            json!({
                "remoteUrl": text("Where people review it."),
                "pullRequestNumber": {"type": "integer", "description": "Its number."},
                "targetBranchName": text("The branch that it is for."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Propose what earlier steps wrote, and ask a team to review it".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "branchName": "add-alerts",
                "title": "Add alerts", "description": "For the new limits.",
                "sourcePath": "infra", "targetPath": "infra", "teamReviewers": ["platform"],
            }),
            output: fields(json!({
                "remoteUrl": "https://github.com/contoso/orders-api/pull/1",
                "pullRequestNumber": 1, "targetBranchName": "main",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let scm = self.0.scm_for(context);
        let edits = edits(&scm, &self.0.who, context, &place.url).await?;
        let when_empty = context
            .input
            .get("createWhenEmpty")
            .and_then(Value::as_bool);
        if edits.is_empty() && when_empty != Some(true) {
            let said = format!("there is nothing to propose: {} has all of this", place.url);
            if when_empty.is_none() {
                return Err(ActionError::Failed(said));
            }
            context.log(said);
            return Ok(Map::new());
        }
        let proposal = Proposal {
            base: context.text("targetBranchName").map(str::to_owned),
            branch: context.required("branchName")?.to_owned(),
            title: context.required("title")?.to_owned(),
            body: context.text("description").unwrap_or_default().to_owned(),
            edits,
            via: Some(format!("task {}", context.task)),
            author: author(context),
            message: context.text("commitMessage").map(str::to_owned),
            may_update: context.flag("update"),
            is_draft: context.flag("draft"),
            head: match context.flag("forceFork") {
                true => Head::Fork,
                false => Head::Repository,
            },
            may_be_empty: when_empty == Some(true),
        };
        if context.dry_run.is_some() {
            let diff = scm.preview(&self.0.who, &place.url, &proposal).await;
            let diff = diff.map_err(failed)?;
            let summary = format!("propose \"{}\" to {}", proposal.title, place.url);
            let details = json!({
                "branch": proposal.branch, "title": proposal.title, "draft": proposal.is_draft,
                "description": proposal.body, "diff": patch(&diff),
                "reviewers": context.texts("reviewers"),
                "teamReviewers": context.texts("teamReviewers"),
                "assignees": context.texts("assignees"),
            });
            place.tell(context, self.id(), summary, details);
            let base = target(&scm, &self.0.who, &place.url, &proposal).await?;
            return Ok(fields(json!({
                "remoteUrl": place.repository.review_page(&place.url, 1),
                "pullRequestNumber": 1, "targetBranchName": base,
            })));
        }
        let made = scm.propose(&self.0.who, &place.url, &proposal).await;
        let made = made.map_err(failed)?;
        context.log(format!("proposed as {}", made.url));
        let audit = self
            .0
            .scm
            .may_configure(&self.0.who, &place.url, json!({"action": self.id()}))
            .await;
        let work = place.work(audit.map_err(failed)?);
        let client = work.client().await?;
        let asked = ask(&client, context, made.number).await;
        asked.map_err(|error| {
            ActionError::Failed(format!(
                "{} is proposed, but not everybody is asked to review it: {error}. Retry the task \
                 once that is solved: it goes on with the same pull request",
                made.url
            ))
        })?;
        Ok(fields(json!({
            "remoteUrl": made.url,
            "pullRequestNumber": made.number,
            "targetBranchName": made.base,
        })))
    }
}

/// Asks for reviews, and assigns.
async fn ask(
    client: &GitHubClient<'_>,
    context: &ActionContext,
    number: i64,
) -> Result<(), ScmError> {
    let (people, teams) = (context.texts("reviewers"), context.texts("teamReviewers"));
    if !people.is_empty() || !teams.is_empty() {
        let body = json!({"reviewers": people, "team_reviewers": teams});
        let place = format!("/pulls/{number}/requested_reviewers");
        client.post(&place, &body, "Pull requests: write").await?;
    }
    let assignees = context.texts("assignees");
    if !assignees.is_empty() {
        let body = json!({"assignees": assignees});
        let place = format!("/issues/{number}/assignees");
        client.post(&place, &body, "Issues: write").await?;
    }
    Ok(())
}
