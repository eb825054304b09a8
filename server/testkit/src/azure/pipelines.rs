//! Pipelines, their runs, and what they may use.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Call, answer, check, refuse, state::Organization};

pub(super) fn route(state: &mut Organization, call: &Call, rest: &[&str]) -> Answer {
    match (&call.method, rest) {
        (&Method::GET, []) => answer(
            200,
            &json!({"count": state.pipelines.len(), "value": state.pipelines}),
        ),
        (&Method::POST, []) => create(state, call),
        (&Method::POST, [id, "runs"]) => run(state, call, id),
        (&Method::GET, [_, "runs", id]) => look(state, id),
        (&Method::GET, [id]) => match state
            .pipelines
            .iter()
            .find(|it| it["id"].as_u64() == id.parse().ok())
        {
            Some(pipeline) => answer(200, pipeline),
            None => refuse(
                404,
                "PipelineDoesNotExistException",
                "the pipeline does not exist",
            ),
        },
        (&Method::PATCH, ["pipelinePermissions", kind, id]) => permit(state, call, kind, id),
        _ => refuse(404, "", "The controller for this path was not found."),
    }
}

fn create(state: &mut Organization, call: &Call) -> Answer {
    check::fields(&call.body, &["name", "configuration"], &["folder"])?;
    let configuration = &call.body["configuration"];
    check::fields(configuration, &["type", "path", "repository"], &[])?;
    check::fields(&configuration["repository"], &["id", "type"], &["name"])?;
    let repository = configuration["repository"]["id"]
        .as_str()
        .unwrap_or_default();
    if !state.repositories.contains_key(repository)
        || configuration["repository"]["type"] != "azureReposGit"
    {
        return refuse(
            400,
            "InvalidArgumentValueException",
            "the repository is not there",
        );
    }
    let same = |it: &Value| it["name"] == call.body["name"] && it["folder"] == call.body["folder"];
    if state.pipelines.iter().any(same) {
        return refuse(
            409,
            "DefinitionExistsException",
            format!("Pipeline {} already exists.", call.body["name"]),
        );
    }
    let id = state.pipelines.len() + 1;
    let mut made = call.body.clone();
    made["id"] = id.into();
    made["revision"] = 1.into();
    made["_links"] =
        json!({"web": {"href": format!("https://peer/_build/definition?definitionId={id}")}});
    state.pipelines.push(made.clone());
    answer(200, &made)
}

fn run(state: &mut Organization, call: &Call, pipeline: &str) -> Answer {
    check::fields(
        &call.body,
        &[],
        &[
            "resources",
            "templateParameters",
            "variables",
            "stagesToSkip",
            "previewRun",
            "yamlOverride",
        ],
    )?;
    let pipeline: usize = pipeline.parse().unwrap_or_default();
    if pipeline == 0 || pipeline > state.pipelines.len() {
        return refuse(
            404,
            "PipelineDoesNotExistException",
            format!("pipeline {pipeline} does not exist"),
        );
    }
    let id = state.runs.len() + 1;
    let made = json!({
        "id": id, "name": format!("20261101.{id}"), "state": "inProgress",
        "pipeline": {"id": pipeline}, "templateParameters": call.body["templateParameters"],
        "resources": call.body["resources"],
        "_links": {"web": {"href": format!("https://peer/_build/results?buildId={id}")}},
    });
    state.runs.push(made.clone());
    answer(200, &made)
}

/// The first look finds it at work, the next ones as it ended.
fn look(state: &mut Organization, id: &str) -> Answer {
    let index = id.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
    let result = state.run_result.clone();
    let Some(run) = index.and_then(|it| state.runs.get_mut(it)) else {
        return refuse(404, "", "the run does not exist");
    };
    let seen = run["seen"] == true;
    run["seen"] = true.into();
    if let (true, Some(result)) = (seen, result) {
        run["state"] = "completed".into();
        run["result"] = result.into();
    }
    answer(200, &run.clone())
}

fn permit(state: &mut Organization, call: &Call, kind: &str, id: &str) -> Answer {
    check::fields(&call.body, &[], &["pipelines", "allPipelines", "resource"])?;
    if !matches!(
        kind,
        "queue"
            | "endpoint"
            | "environment"
            | "variablegroup"
            | "securefile"
            | "repository"
            | "agentpool"
            | "teamprojectcollection"
    ) {
        return refuse(
            400,
            "InvalidArgumentValueException",
            format!("{kind} is no type of resource"),
        );
    }
    state
        .permissions
        .insert(format!("{kind}/{id}"), call.body.clone());
    answer(
        200,
        &json!({"resource": {"type": kind, "id": id}, "pipelines": call.body["pipelines"]}),
    )
}
