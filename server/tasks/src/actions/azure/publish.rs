//! `publish:azure`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::AzureScope;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Repositories, author_inputs, failed, fields, first_commit::described_first_commit, text,
        with,
    },
    Place, object,
    place::{is_dry_run, scm},
};

/// Makes a repository on Azure DevOps.
pub(super) struct PublishAzure(pub(super) Repositories);

#[async_trait]
impl Action for PublishAzure {
    fn id(&self) -> &'static str {
        "publish:azure"
    }

    fn description(&self) -> &'static str {
        "Makes a repository on Azure DevOps with the files of the workspace as its first commit. \
         It is seen when it is whole."
    }

    fn input(&self) -> Value {
        object(
            &["repoUrl"],
            with(
                author_inputs(),
                json!({
                    "repoUrl": text("dev.azure.com?organization=ORGANIZATION&project=PROJECT&repo=NAME. \
                                     The project is there, the name is free."),
                    "defaultBranch": text("The branch. Default: master."),
                    "gitCommitMessage": text("The message of the commit. Default: initial commit."),
                    "sourcePath": text("The folder in the workspace. Default: its root."),
                    "description": text("What it is for; the second paragraph of the message: Azure \
                                         DevOps shows none for repositories."),
                }),
            ),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["remoteUrl", "repoContentsUrl"],
            json!({
                "remoteUrl": text("Where people see and clone it."),
                "repoContentsUrl": text("What catalog:register takes."),
                "repositoryId": text("Its id."),
                "commitHash": text("The first commit."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let url = "https://dev.azure.com/contoso/Shop/_git/orders";
        vec![Example {
            description: "Make a repository of everything in the workspace".to_owned(),
            input: json!({
                "repoUrl": "dev.azure.com?organization=contoso&project=Shop&repo=orders",
                "defaultBranch": "main",
            }),
            output: fields(json!({
                "remoteUrl": url,
                "repoContentsUrl": format!("{url}?version=GBmain&path="),
                "repositoryId": "00000000-0000-0000-0000-000000000000",
                "commitHash": "0".repeat(40),
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let address = self.0.of(context)?;
        let place = Place::of_url(&self.0, context, &address, "repoUrl")?;
        let new = described_first_commit(context, "master", "initial commit").await?;
        let (url, scm, who) = (&place.url, scm(&self.0, context), &self.0.who);
        let mut output = json!({
            "remoteUrl": url,
            "repoContentsUrl": address.contents_url(&new.branch),
            "repositoryId": "00000000-0000-0000-0000-000000000000",
            "commitHash": "0".repeat(40),
        });
        if context.dry_run.is_some() {
            scm.check_create(who, url, &new).await.map_err(failed)?;
        }
        let count = new.files.len();
        let paths = || {
            new.files
                .iter()
                .map(|it| it.path.as_str())
                .collect::<Vec<_>>()
        };
        let is_dry = is_dry_run(
            context,
            self.id(),
            || format!("make the repository {url} with {count} files"),
            || json!({"repository": url, "branch": new.branch, "message": new.message, "files": paths()}),
        );
        if !is_dry {
            output["commitHash"] = scm.create(who, url, &new).await.map_err(failed)?.into();
            let scope = AzureScope::Repository;
            let info = place.client.get(scope, "", &[], "Code (Read)").await;
            // It is made; the next try finds it by its key.
            let info = info.map_err(|error| {
                ActionError::Failed(format!("{url} is made, but not seen yet: {error}"))
            })?;
            output["repositoryId"] = info["id"].clone();
            let lost = new.files.iter().filter(|it| it.is_executable).count();
            if lost > 0 {
                context.log(format!(
                    "{lost} files can be run here, and not in {url}: the API of Azure DevOps \
                     knows no modes; run them as \"sh FILE\""
                ));
            }
        }
        context.log(format!("{url} has {count} files on {}", new.branch));
        Ok(fields(output))
    }
}
