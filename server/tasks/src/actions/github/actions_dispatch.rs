//! `github:actions:dispatch`

use async_trait::async_trait;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use serde_json::{Map, Value, json};

use super::{Place, place_inputs};
use crate::actions::{Repositories, failed, fields, flag, object, text, with};

/// Starts a workflow.
pub(super) struct ActionsDispatch(pub(super) Repositories);

#[async_trait]
impl Action for ActionsDispatch {
    fn id(&self) -> &'static str {
        "github:actions:dispatch"
    }

    fn description(&self) -> &'static str {
        "Starts a workflow of a repository on GitHub."
    }

    fn input(&self) -> Value {
        let more = json!({
            "workflowId": text("The workflow: its file name, or its id."),
            "branchOrTagName": text("What it runs on."),
            "workflowInputs": {"type": "object", "description": "Its inputs, by name."},
            "returnWorkflowRunDetails": flag("Whether the run is told of. Default: false."),
        });
        object(
            &["repoUrl", "workflowId", "branchOrTagName"],
            with(place_inputs(), more),
        )
    }

    fn output(&self) -> Value {
        let properties = json!({
            "workflowRunId": {"type": "number", "description": "The id of the run."},
            "workflowRunUrl": text("The run in the API."),
            "workflowRunHtmlUrl": text("Where people see the run."),
        });
        object(&[], properties)
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Deploy".to_owned(),
            input: json!({
                "repoUrl": "github.com?owner=contoso&repo=orders-api", "workflowId": "deploy.yml",
                "branchOrTagName": "main", "workflowInputs": {"environment": "dev"},
            }),
            output: Map::new(),
        }]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let place = Place::of(&self.0, context)?;
        let workflow = context.required("workflowId")?;
        let mut body = json!({"ref": context.required("branchOrTagName")?});
        if let Some(inputs) = context
            .input
            .get("workflowInputs")
            .and_then(Value::as_object)
        {
            // GitHub takes texts only.
            let inputs = inputs.iter().map(|(name, value)| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                (name.clone(), Value::String(text))
            });
            body["inputs"] = Value::Object(inputs.collect());
        }
        let wants_details = context.flag("returnWorkflowRunDetails");
        if wants_details {
            body["return_run_details"] = true.into();
        }
        let summary = format!("start the workflow {workflow} of {}", place.url);
        let Some(work) = place
            .begin(context, self.id(), summary, body.clone())
            .await?
        else {
            return Ok(match wants_details {
                false => Map::new(),
                true => fields(json!({
                    "workflowRunId": 1,
                    "workflowRunUrl": format!("{}/actions/runs/1", place.url),
                    "workflowRunHtmlUrl": format!("{}/actions/runs/1", place.url),
                })),
            });
        };
        let client = work.client().await?;
        let path = format!(
            "/actions/workflows/{}/dispatches",
            portico_integrations::encode_segment(workflow)
        );
        let run = client
            .post(&path, &body, "Actions: write")
            .await
            .map_err(failed)?;
        work.done().await?;
        context.log(format!("started {workflow} of {}", place.url));
        if !wants_details {
            return Ok(Map::new());
        }
        Ok(fields(json!({
            "workflowRunId": run["workflow_run_id"],
            "workflowRunUrl": run["run_url"],
            "workflowRunHtmlUrl": run["html_url"],
        })))
    }
}
