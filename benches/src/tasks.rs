//! Templates and their tasks: from the request to the end, as clients see it.

mod fixtures;
mod queue;

use std::{
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::{
    Args,
    client::{Client, Request},
    process::Portal,
    report::{ms, percentile, table},
};

const JSON: &str = "application/json";
/// How long a task may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// Prints everything about tasks.
pub(crate) async fn all(args: &Args) -> Result<()> {
    println!("# Templates, measured\n\n2 cores, release build.");
    let folder = tempfile::tempdir()?;
    let config = fixtures::write(folder.path(), None)?;
    let portal = Portal::start(args, &config, &folder.path().join("data")).await?;
    wait_for_templates(&portal).await?;
    single(&portal).await?;
    drop(portal);
    let Some(url) = &args.postgres else {
        println!("\nTwo replicas: not measured, no PostgreSQL server named (--postgres)");
        return Ok(());
    };
    queue::two_replicas(args, folder.path(), url).await
}

/// One task after the other.
async fn single(portal: &Portal) -> Result<()> {
    let mut rows = Vec::new();
    let cases = [
        ("3 steps over 30 files", "three-steps", 60),
        ("`fetch:template` of 1,000 files", "thousand-files", 10),
        (
            "the whole .NET template: repository made and registered",
            "dotnet-service",
            20,
        ),
    ];
    for (what, template, times) in cases {
        let (mut took, mut late) = (Vec::new(), Vec::new());
        for number in 0..times {
            let values = fixtures::values(template, number);
            let (until_done, lateness) = run(portal, template, &values).await?;
            took.push(until_done);
            late.push(lateness);
        }
        let mut dry = Vec::new();
        for number in 0..times {
            let values = fixtures::values(template, times + number);
            dry.push(dry_run(portal, template, &values).await?);
        }
        for samples in [&mut took, &mut late, &mut dry] {
            samples.sort_unstable();
        }
        rows.push(vec![
            what.to_owned(),
            ms(percentile(&took, 50.0)),
            ms(percentile(&took, 99.0)),
            ms(percentile(&dry, 50.0)),
            ms(percentile(&late, 99.0)),
        ]);
    }
    let head = [
        "template",
        "POST to done p50 ms",
        "p99 ms",
        "dry run p50 ms",
        "end told to the browser, p99 ms",
    ];
    table("One task at a time", &head, &rows);
    Ok(())
}

/// Runs a template to its end: how long that took, and how late its end was told.
async fn run(portal: &Portal, template: &str, values: &Value) -> Result<(Duration, Duration)> {
    let mut client = Client::connect(portal.port).await?;
    let mut follower = Client::connect(portal.port).await?;
    let began = Instant::now();
    let id = create(&mut client, template, values).await?;
    let stream = Request::get(&format!("/api/scaffolder/v2/tasks/{id}/eventstream"));
    let told = tokio::time::timeout(PATIENCE, follower.send(&stream)).await;
    let told = told.with_context(|| format!("{template} did not end"))??;
    let took = began.elapsed();
    let heard = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let told = String::from_utf8_lossy(&told.body);
    if !told.contains("\"status\":\"completed\"") || told.contains("\"status\":\"failed\"") {
        bail!("{template} failed: {told}");
    }
    let task = get(&mut client, &format!("/api/scaffolder/v2/tasks/{id}")).await?;
    let ended: jiff::Timestamp = task["endedAt"].as_str().unwrap_or_default().parse()?;
    let ended = Duration::from_millis(ended.as_millisecond().unsigned_abs());
    Ok((took, heard.saturating_sub(ended)))
}

async fn create(client: &mut Client, template: &str, values: &Value) -> Result<String> {
    let body = json!({"templateRef": format!("template:default/{template}"), "values": values});
    let request = Request::post("/api/scaffolder/v2/tasks", JSON, &body.to_string());
    let answer = client.send(&request).await?;
    let created: Value = serde_json::from_slice(&answer.body)?;
    match created["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => bail!("{template} was not started: {created}"),
    }
}

async fn dry_run(portal: &Portal, template: &str, values: &Value) -> Result<Duration> {
    let mut client = Client::connect(portal.port).await?;
    let body = json!({"templateRef": format!("template:default/{template}"), "values": values});
    let request = Request::post("/api/scaffolder/v2/dry-run", JSON, &body.to_string());
    let began = Instant::now();
    let answer = client.send(&request).await?;
    let took = began.elapsed();
    let result: Value = serde_json::from_slice(&answer.body)?;
    if answer.status != 200 || !result["error"].is_null() {
        bail!("the dry run of {template} failed: {}", result["error"]);
    }
    Ok(took)
}

async fn get(client: &mut Client, path: &str) -> Result<Value> {
    let answer = client.send(&Request::get(path)).await?;
    Ok(serde_json::from_slice(&answer.body)?)
}

/// Waits until the catalog has every template that is measured, and what their forms name.
async fn wait_for_templates(portal: &Portal) -> Result<()> {
    let began = Instant::now();
    let mut client = Client::connect(portal.port).await?;
    while began.elapsed() < PATIENCE {
        let found =
            "/api/catalog/entities?filter=kind=template&filter=kind=system&filter=kind=group";
        let found = get(&mut client, found).await?;
        if found
            .as_array()
            .is_some_and(|it| it.len() >= fixtures::TEMPLATES + fixtures::NAMED)
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the templates are not in the catalog")
}

/// What a folder of the example is called, from here.
fn example(path: &str) -> std::path::PathBuf {
    Path::new("examples/contoso").join(path)
}
