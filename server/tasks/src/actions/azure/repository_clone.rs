//! `azure:repository:clone`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{
    super::{Repositories, failed, fields, text},
    Place, number_schema, object,
    place::scm,
};

/// Fetches the files of a repository.
pub(super) struct RepositoryClone(pub(super) Repositories);

#[async_trait]
impl Action for RepositoryClone {
    fn id(&self) -> &'static str {
        "azure:repository:clone"
    }

    fn description(&self) -> &'static str {
        "Fetches the files of a branch of a repository on Azure DevOps into the workspace. There \
         is no history and no .git: azure:repository:push needs none."
    }

    fn input(&self) -> Value {
        object(
            &["remoteUrl"],
            json!({
                "remoteUrl": text("https://dev.azure.com/ORGANIZATION/PROJECT/_git/NAME."),
                "branch": text("The branch. Default: the default branch."),
                "targetPath": text("The folder in the workspace. Default: its root."),
                "cloneDepth": number_schema("Known for compatibility; only the newest commit is \
                                             fetched."),
            }),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["cloneFullPath"],
            json!({"cloneFullPath": text("The folder, in the workspace.")}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Fetch a repository into a folder".to_owned(),
            input: json!({
                "remoteUrl": "https://dev.azure.com/contoso/Shop/_git/orders",
                "targetPath": "orders",
            }),
            output: fields(json!({"cloneFullPath": "orders"})),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::repository(&self.0, context, "remoteUrl")?;
        let folder = context.text("targetPath").unwrap_or(".");
        let folder = folder.trim_start_matches("./").trim_matches('/').to_owned();
        let scm = scm(&self.0, context);
        let branch = context.text("branch");
        let files = scm.files(&self.0.who, &place.url, branch, "");
        let files = files.await.map_err(failed)?;
        let (count, workspace, to) = (files.len(), context.workspace.clone(), folder.clone());
        let written = tokio::task::spawn_blocking(move || {
            files.into_iter().try_for_each(|file| {
                let path = match to.as_str() {
                    "" | "." => file.path,
                    folder => format!("{folder}/{}", file.path),
                };
                workspace.write(&path, &file.content, file.is_executable)
            })
        });
        let written = written.await;
        written.map_err(|error| ActionError::Failed(error.to_string()))??;
        context.log(format!("fetched {count} files of {}", place.url));
        let shown = if folder.is_empty() { "." } else { &folder };
        Ok(fields(json!({"cloneFullPath": shown})))
    }
}
