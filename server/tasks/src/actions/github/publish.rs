//! `publish:github`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::{NewRepository, Visibility};
use serde_json::{Map, Value, json};

use super::{Place, flag_or, place_inputs, protection, setup};
use crate::actions::{
    Repositories, author_inputs, failed, fields, first_commit::first_commit, flag, object, text,
    with,
};

/// Makes a repository of the workspace, with all its settings.
pub(super) struct PublishGitHub(pub(super) Repositories);

/// The branch of a repository when nothing is said.
pub(super) const DEFAULT_BRANCH: &str = "master";

#[async_trait]
impl Action for PublishGitHub {
    fn id(&self) -> &'static str {
        "publish:github"
    }

    fn description(&self) -> &'static str {
        "Makes a repository on GitHub with the files of the workspace as its first commit, applies \
         its settings and protects its default branch."
    }

    fn input(&self) -> Value {
        let mut properties = with(place_inputs(), setup::inputs());
        properties = with(properties, protection::inputs());
        properties = with(properties, author_inputs());
        properties = with(
            properties,
            json!({
                "defaultBranch": text("The branch. Default: master."),
                "protectDefaultBranch": flag("Whether the branch is protected. Default: true."),
                "gitCommitMessage": text("The message of the commit. Default: initial commit."),
                "sourcePath": text("The folder in the workspace. Default: its root."),
            }),
        );
        object(&["repoUrl"], properties)
    }

    fn output(&self) -> Value {
        object(
            &["remoteUrl", "repoContentsUrl"],
            json!({
                "remoteUrl": text("What git clones."),
                "repoContentsUrl": text("What catalog:register takes."),
                "commitHash": text("The first commit."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Make an internal repository that two people have to approve changes of"
                .to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api",
                "description": "Takes orders", "repoVisibility": "internal",
                "defaultBranch": "main", "requiredApprovingReviewCount": 2,
                "requireCodeOwnerReviews": true, "topics": ["orders", "api"],
                "collaborators": [{"team": "bakers", "access": "write"}],
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
        let branch = protects.then_some(new.branch.as_str());
        let scm = self.0.scm_for(context);
        let commit = if context.dry_run.is_some() {
            let checked = scm.check_create(&self.0.who, &place.url, &new).await;
            checked.map_err(failed)?;
            let mut details = setup::described(context, branch);
            let paths: Vec<&str> = new.files.iter().map(|it| it.path.as_str()).collect();
            details["files"] = json!(paths);
            details["branch"] = new.branch.clone().into();
            details["visibility"] = new.visibility.as_str().into();
            let (url, count) = (&place.url, new.files.len());
            let summary = format!("make the repository {url} with {count} files");
            place.tell(context, self.id(), summary, details);
            "0".repeat(40)
        } else {
            let made = scm.create(&self.0.who, &place.url, &new).await;
            let commit = made.map_err(failed)?;
            context.log(format!(
                "{} has {} files on {}",
                place.url,
                new.files.len(),
                new.branch
            ));
            let details = json!({"action": self.id()});
            let audit = self
                .0
                .scm
                .may_configure(&self.0.who, &place.url, details)
                .await;
            let work = place.work(audit.map_err(failed)?);
            let client = work.client().await?;
            setup::apply(&client, context, &place.url, branch).await?;
            work.done().await?;
            commit
        };
        Ok(outputs(&place, &new.branch, &commit))
    }
}

/// What the input makes of the workspace.
pub(super) async fn new_repository(context: &ActionContext) -> Result<NewRepository, ActionError> {
    let first = first_commit(context, DEFAULT_BRANCH, "initial commit").await?;
    Ok(NewRepository {
        description: context.text("description").map(str::to_owned),
        visibility: visibility(context),
        ..first
    })
}

pub(super) fn visibility(context: &ActionContext) -> Visibility {
    match context.text("repoVisibility") {
        Some("public") => Visibility::Public,
        Some("internal") => Visibility::Internal,
        _ => Visibility::Private,
    }
}

pub(super) fn outputs(place: &Place<'_>, branch: &str, commit: &str) -> Map<String, Value> {
    fields(json!({
        "remoteUrl": format!("{}.git", place.url),
        "repoContentsUrl": place.repository.contents_url(branch),
        "commitHash": commit,
    }))
}
