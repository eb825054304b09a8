//! `azure:pipeline:create`

use async_trait::async_trait;
use portico_integrations::{Method, StatusCode};
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::AzureScope;
use serde_json::{Map, Value, json};

use super::{
    super::{Repositories, failed, fields, text},
    PIPELINES, Place,
    place::is_dry_run,
    project_object,
};

const NEEDS: &str = "Build (Read & execute)";

/// Makes a pipeline.
pub(super) struct PipelineCreate(pub(super) Repositories);

#[async_trait]
impl Action for PipelineCreate {
    fn id(&self) -> &'static str {
        "azure:pipeline:create"
    }

    fn description(&self) -> &'static str {
        "Makes a pipeline on Azure DevOps of a YAML file in a repository. One that is there \
         already for the same file is taken. The agent pool is the YAML's to say."
    }

    fn input(&self) -> Value {
        project_object(
            &["repository", "pipelineName", "pipelineYamlFile"],
            json!({
                "repository": text("The repository, in the same project."),
                "pipelineName": text("The name of the pipeline."),
                "pipelineYamlFile": text("The path of the YAML file in the repository."),
                "pipelineFolder": text("The folder of pipelines. Default: the root."),
                "branch": text("Known for compatibility: the API takes the default branch."),
            }),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["pipelineId", "pipelineUrl"],
            json!({
                "pipelineId": text("Its number."),
                "pipelineUrl": text("Where people see it."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Make a pipeline".to_owned(),
            input: json!({
                "organization": "contoso", "project": "Shop", "repository": "orders",
                "pipelineName": "orders", "pipelineYamlFile": "azure-pipelines.yml",
            }),
            output: fields(json!({
                "pipelineId": "1",
                "pipelineUrl": "https://dev.azure.com/contoso/Shop/_build/definition?definitionId=1",
            })),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::named(&self.0, context, "repository")?;
        let name = context.required("pipelineName")?;
        let audit = place
            .allowed(json!({"what": "pipeline", "name": name}))
            .await?;
        let folder = context.text("pipelineFolder").unwrap_or_default();
        let folder = format!("\\{}", folder.trim_matches(['/', '\\']).replace('/', "\\"));
        let file = context.required("pipelineYamlFile")?;
        let mut body = json!({
            "name": name,
            "folder": folder,
            "configuration": {
                "type": "yaml",
                "path": format!("/{}", file.trim_start_matches("./").trim_start_matches('/')),
                "repository": {"type": "azureReposGit"},
            },
        });
        let is_dry = is_dry_run(
            context,
            self.id(),
            || format!("make the pipeline {name} of {file} in {}", place.url),
            || body.clone(),
        );
        if is_dry {
            let project = Place::project(&self.0, context)?.url;
            return Ok(fields(json!({
                "pipelineId": "1",
                "pipelineUrl": format!("{project}/_build/definition?definitionId=1"),
            })));
        }
        let scope = AzureScope::Repository;
        let repository = place.client.get(scope, "", &[], "Code (Read)").await;
        body["configuration"]["repository"]["id"] = repository.map_err(failed)?["id"].clone();
        let made = make(&place, &body).await?;
        place.done(&audit).await?;
        let id = made["id"].to_string();
        context.log(format!("pipeline {id} is {name}"));
        Ok(fields(json!({
            "pipelineId": id,
            "pipelineUrl": made["_links"]["web"]["href"],
        })))
    }
}

/// Makes it, or finds the one that is the same.
async fn make(place: &Place<'_>, body: &Value) -> Result<Value, ActionError> {
    let (client, scope) = (&place.client, AzureScope::Project);
    let there = ("/pipelines", &PIPELINES[..]);
    let answer = client.ask(Method::POST, scope, there, Some(body)).await;
    let answer = answer.map_err(failed)?;
    if answer.status == StatusCode::CONFLICT {
        let listed = client.get(scope, "/pipelines", &PIPELINES, NEEDS).await;
        let mut listed = listed.map_err(failed)?;
        let listed = listed["value"].as_array_mut().map(std::mem::take);
        let same_name = |it: &Value| it["name"] == body["name"] && it["folder"] == body["folder"];
        for found in listed.unwrap_or_default().into_iter().filter(same_name) {
            let path = format!("/pipelines/{}", found["id"]);
            let whole = client.get(scope, &path, &PIPELINES, NEEDS).await;
            let whole = whole.map_err(failed)?;
            let (ours, theirs) = (&body["configuration"], &whole["configuration"]);
            let same_file = ours["path"] == theirs["path"];
            if same_file && ours["repository"]["id"] == theirs["repository"]["id"] {
                return Ok(whole);
            }
        }
    }
    let answer = client.checked(answer, NEEDS).map_err(failed)?;
    let made = answer.json(&place.url);
    made.map_err(|error| ActionError::Failed(error.to_string()))
}
