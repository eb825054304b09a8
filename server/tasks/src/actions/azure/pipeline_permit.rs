//! `azure:pipeline:permit`

use async_trait::async_trait;
use portico_integrations::{Method, encode_segment};
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::AzureScope;
use serde_json::{Map, Value, json};

use super::{
    super::{Repositories, failed, text},
    Place, number, number_schema,
    place::is_dry_run,
    project_object,
};

const NEEDS: &str = "Pipeline Resources (Use and manage)";
const VERSION: &str = "7.1-preview.1";

/// Lets a pipeline use something.
pub(super) struct PipelinePermit(pub(super) Repositories);

#[async_trait]
impl Action for PipelinePermit {
    fn id(&self) -> &'static str {
        "azure:pipeline:permit"
    }

    fn description(&self) -> &'static str {
        "Lets a pipeline on Azure DevOps use a resource, such as an environment or a service \
         connection, or forbids it."
    }

    fn input(&self) -> Value {
        project_object(
            &["pipelineId", "resourceId", "resourceType"],
            json!({
                "pipelineId": number_schema("The number of the pipeline."),
                "resourceId": text("The id of the resource; of a repository PROJECT-ID.ID."),
                "resourceType": text("environment, endpoint, queue, variablegroup, securefile or \
                                      repository."),
                "authorized": {"type": "boolean", "description": "Default: true."},
                "apiVersion": text("The version of the API. Default: 7.1-preview.1."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Let a pipeline deploy to an environment".to_owned(),
            input: json!({
                "organization": "contoso", "project": "Shop", "pipelineId": 1,
                "resourceId": "3", "resourceType": "environment",
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::project(&self.0, context)?;
        let pipeline = number(context, "pipelineId").map(|it| it as u64);
        let pipeline = pipeline.ok_or_else(|| {
            ActionError::Input("input.pipelineId is not the number of a pipeline".to_owned())
        })?;
        let (kind, id) = (
            context.required("resourceType")?,
            context.required("resourceId")?,
        );
        let authorized = context.input.get("authorized").and_then(Value::as_bool);
        let authorized = authorized.unwrap_or(true);
        let body = json!({"pipelines": [{"id": pipeline, "authorized": authorized}]});
        let audit = place.allowed(json!({
            "what": "pipeline permission", "pipeline": pipeline, "resource": format!("{kind}/{id}"),
            "authorized": authorized,
        }));
        let audit = audit.await?;
        let verb = if authorized { "let" } else { "forbid" };
        let is_dry = is_dry_run(
            context,
            self.id(),
            || {
                format!(
                    "{verb} pipeline {pipeline} of {} to use {kind} {id}",
                    place.url
                )
            },
            || body.clone(),
        );
        if is_dry {
            return Ok(Map::new());
        }
        let (kind, id) = (encode_segment(kind), encode_segment(id));
        let path = format!("/pipelines/pipelinePermissions/{kind}/{id}");
        let query = [("api-version", context.text("apiVersion").unwrap_or(VERSION))];
        let there = (path.as_str(), &query[..]);
        let scope = AzureScope::Project;
        let done = place.client.send(Method::PATCH, scope, there, &body, NEEDS);
        done.await.map_err(failed)?;
        place.done(&audit).await?;
        Ok(Map::new())
    }
}
