//! `azure:pipeline:run`

use std::time::Duration;

use async_trait::async_trait;
use portico_integrations::Method;
use portico_scaffolder::{Action, ActionContext, ActionError, Example};
use portico_scm::AzureScope;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{
    super::{Repositories, failed, fields, text},
    PIPELINES, Place, number, number_schema,
    place::is_dry_run,
    project_object,
};

const NEEDS: &str = "Build (Read & execute)";
/// The longest time that a run is waited for.
const LONGEST: Duration = Duration::from_hours(6);
/// The shortest time between looks: the host counts them.
const SHORTEST: Duration = Duration::from_millis(100);

/// Runs a pipeline.
pub(super) struct PipelineRun(pub(super) Repositories);

#[async_trait]
impl Action for PipelineRun {
    fn id(&self) -> &'static str {
        "azure:pipeline:run"
    }

    fn description(&self) -> &'static str {
        "Runs a pipeline on Azure DevOps and, with a pollingInterval, waits for its end. A step \
         that is done again after an interruption starts another run."
    }

    fn input(&self) -> Value {
        project_object(
            &["pipelineId"],
            json!({
                "pipelineId": number_schema("The number of the pipeline."),
                "branch": text("The branch. Default: the pipeline's."),
                "templateParameters": {"type": "object", "description": "Parameters of the YAML."},
                "pollingInterval": number_schema("Seconds between looks at the run. Default: 0, \
                                                  which does not wait."),
                "pipelineTimeout": number_schema("Seconds that the run is waited for. \
                                                  Default: 60."),
                "failIfNotSuccessful": {"type": "boolean", "description": "The step fails when \
                    the run fails, is cancelled, or does not end in time."},
            }),
        )
    }

    fn output(&self) -> Value {
        super::super::object(
            &["pipelineRunId"],
            json!({
                "pipelineRunId": {"type": "integer", "description": "The number of the run."},
                "pipelineRunUrl": text("Where people see it."),
                "pipelineRunStatus": text("canceled, failed, succeeded or unknown."),
                "pipelineTimeoutExceeded": {"type": "boolean", "description": "It did not end in \
                    time, and goes on."},
                "pipelineOutput": {"type": "object", "description": "Variables of the run."},
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        vec![Example {
            description: "Run a pipeline and wait up to ten minutes for it".to_owned(),
            input: json!({
                "organization": "contoso", "project": "Shop", "pipelineId": 1, "branch": "main",
                "pollingInterval": 10, "pipelineTimeout": 600, "failIfNotSuccessful": true,
            }),
            output: fields(json!({
                "pipelineRunId": 1,
                "pipelineRunUrl": "https://dev.azure.com/contoso/Shop/_build/results?buildId=1",
                "pipelineRunStatus": "succeeded",
                "pipelineTimeoutExceeded": false,
                "pipelineOutput": {},
            })),
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
        let audit = place
            .allowed(json!({"what": "pipeline run", "pipeline": pipeline}))
            .await?;
        let mut body = json!({});
        if let Some(branch) = context.text("branch") {
            let branch = format!("refs/heads/{}", branch.trim_start_matches("refs/heads/"));
            body["resources"] = json!({"repositories": {"self": {"refName": branch}}});
        }
        if let Some(parameters) = context.input.get("templateParameters") {
            body["templateParameters"] = parameters.clone();
        }
        let is_dry = is_dry_run(
            context,
            self.id(),
            || format!("run pipeline {pipeline} of {}", place.url),
            || body.clone(),
        );
        if is_dry {
            return Ok(planned(&place, context));
        }
        let path = format!("/pipelines/{pipeline}/runs");
        let there = (path.as_str(), &PIPELINES[..]);
        let scope = AzureScope::Project;
        let started = place.client.send(Method::POST, scope, there, &body, NEEDS);
        let started = started.await.map_err(failed)?;
        place.done(&audit).await?;
        let url = started["_links"]["web"]["href"]
            .as_str()
            .unwrap_or_default();
        context.log(format!("run {} is at {url}", started["id"]));
        let run = wait(&place, context, &path, started.clone()).await?;
        let is_late = run["state"] != "completed" && number(context, "pollingInterval").is_some();
        let status = run["result"].as_str().unwrap_or("unknown");
        if context.flag("failIfNotSuccessful") && status != "succeeded" {
            let how = if is_late {
                "did not end in time"
            } else {
                status
            };
            return Err(ActionError::Failed(format!(
                "run {} of pipeline {pipeline}: {how}; see {url}",
                started["id"]
            )));
        }
        Ok(fields(json!({
            "pipelineRunId": started["id"],
            "pipelineRunUrl": url,
            "pipelineRunStatus": status,
            "pipelineTimeoutExceeded": is_late,
            "pipelineOutput": run.get("variables").cloned().unwrap_or_else(|| json!({})),
        })))
    }
}

/// What comes of a run that goes well, for dry runs. One that nobody waits for has not ended.
fn planned(place: &Place<'_>, context: &ActionContext) -> Map<String, Value> {
    let waits = number(context, "pollingInterval").is_some_and(|it| it > 0.0);
    fields(json!({
        "pipelineRunId": 1,
        "pipelineRunUrl": format!("{}/_build/results?buildId=1", place.url),
        "pipelineRunStatus": if waits { "succeeded" } else { "unknown" },
        "pipelineTimeoutExceeded": false,
        "pipelineOutput": {},
    }))
}

/// The run when it has ended, or when the time is over.
async fn wait(
    place: &Place<'_>,
    context: &ActionContext,
    path: &str,
    mut run: Value,
) -> Result<Value, ActionError> {
    let seconds = |field: &str, usual: f64| {
        let seconds = number(context, field).unwrap_or(usual);
        Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST)
    };
    let every = seconds("pollingInterval", 0.0);
    if every.is_zero() {
        return Ok(run);
    }
    let end = Instant::now() + seconds("pipelineTimeout", 60.0).min(LONGEST);
    let path = format!("{path}/{}", run["id"]);
    while run["state"] != "completed" {
        let next = Instant::now() + every.max(SHORTEST);
        if next > end {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            () = context.cancelled.cancelled() => {
                let url = run["_links"]["web"]["href"].as_str().unwrap_or_default();
                context.log(format!("nobody waits for the run any more; it goes on: {url}"));
                return Err(ActionError::Cancelled);
            }
        }
        let scope = AzureScope::Project;
        let looked = place.client.get(scope, &path, &PIPELINES, NEEDS).await;
        run = looked.map_err(failed)?;
    }
    Ok(run)
}
