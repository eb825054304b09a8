//! A thousand calls of a slow plugin at once, on a running portal: what another plugin and the
//! pages make of it.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::guests;
use crate::{
    Args,
    client::{Client, Request},
    generate,
    process::Portal,
    report::{ms, percentile, table},
    requests::sign_in,
};

/// Calls of the slow plugin that are there at any time.
const CROWD: usize = 1_000;
/// Turns of an empty loop: some 50 ms of a processor.
const TURNS: u64 = 100_000_000;
/// How long each of the others is watched.
const WATCHED: Duration = Duration::from_secs(8);
const JSON: &str = "application/json";

/// Before and during.
pub(super) async fn busy(args: &Args) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let config = configure(folder.path(), args.seed)?;
    let portal = Portal::start(args, &config, &folder.path().join("data")).await?;
    activate(portal.port, "bench:slow", TURNS).await?;
    activate(portal.port, "bench:quick", 0).await?;
    let cookie = sign_in(portal.port, "local-admin").await?;
    let page = Request::get_as("/catalog", &cookie);
    let quick = call_of("bench:quick", "component:default/first");
    let slow = call_of("bench:slow", "component:default/first");
    let mut rows = Vec::new();
    rows.push(row("alone", portal.port, &page, &quick, 0).await?);

    let (stop, done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        let mut client = Client::connect(portal.port).await?;
        let (stop, done, slow) = (Arc::clone(&stop), Arc::clone(&done), slow.clone());
        crowd.push(tokio::spawn(async move {
            while !stop.load(Relaxed) {
                if client.send(&slow).await.is_err() {
                    return;
                }
                done.fetch_add(1, Relaxed);
            }
        }));
    }
    // The crowd is complete once some of it has been served.
    while done.load(Relaxed) < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = done.load(Relaxed);
    let mut during = row("beside the crowd", portal.port, &page, &quick, 0).await?;
    if let Some(last) = during.last_mut() {
        *last = (done.load(Relaxed) - before).to_string();
    }
    rows.push(during);
    stop.store(true, Relaxed);
    drop(portal);
    for caller in crowd {
        caller.await?;
    }
    let head = [
        "",
        "catalog page p50 ms",
        "p99 ms",
        "another plugin's call (HTTP, audited) p50 ms",
        "p99 ms",
        "calls of the slow one",
    ];
    let title = format!("{CROWD} calls at once of a plugin that computes for 50 ms");
    table(&title, &head, &rows);
    Ok(())
}

async fn row(
    name: &str,
    port: u16,
    page: &Request,
    quick: &Request,
    slow: u64,
) -> Result<Vec<String>> {
    let pages = watch(port, page).await?;
    let calls = watch(port, quick).await?;
    Ok(vec![
        name.to_owned(),
        ms(percentile(&pages, 50.0)),
        ms(percentile(&pages, 99.0)),
        ms(percentile(&calls, 50.0)),
        ms(percentile(&calls, 99.0)),
        slow.to_string(),
    ])
}

/// One client, one request after another: how long each took, sorted.
async fn watch(port: u16, request: &Request) -> Result<Vec<Duration>> {
    let mut client = Client::connect(port).await?;
    let mut samples = Vec::new();
    let until = Instant::now() + WATCHED;
    while Instant::now() < until {
        let began = Instant::now();
        let answer = client.send(request).await?;
        if answer.status != 200 {
            bail!("answered {}", answer.status);
        }
        samples.push(began.elapsed());
    }
    samples.sort_unstable();
    Ok(samples)
}

fn configure(folder: &Path, seed: u64) -> Result<std::path::PathBuf> {
    let files = folder.join("catalog");
    generate::organisation(&files, 1_000, seed)?;
    let first = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: first }\n\
                 spec: { type: service, lifecycle: production, owner: somebody }\n";
    fs::write(folder.join("first.yaml"), first)?;
    fs::create_dir_all(folder.join("data"))?;
    let text = format!(
        "app:\n  title: Bench\nbackend:\n  listen: 127.0.0.1:0\ncatalog:\n  rules:\n    - allow: \
         [Component, API, Resource, System, Domain, Group, User, Location]\n  locations:\n    - \
         {{ type: file, target: '{}' }}\n    - {{ type: file, target: '{}' }}\n",
        folder.join("first.yaml").display(),
        files.join("all.yaml").display()
    );
    let path = folder.join("portico.yaml");
    fs::write(&path, text)?;
    Ok(path)
}

/// Hands a plugin in, approves it without bounds that matter here, and activates it.
async fn activate(port: u16, id: &str, turns: u64) -> Result<()> {
    let mut client = Client::connect(port).await?;
    let package = guests::package(id, turns)?;
    let request = Request::post_bytes("/api/plugins/submissions", "application/wasm", &package);
    accepted(&mut client, &request).await?;
    let queue = client
        .send(&Request::get("/api/plugins/submissions"))
        .await?;
    let queue: Value = serde_json::from_slice(&queue.body)?;
    let Some(digest) = queue[0]["digest"].as_str() else {
        bail!("{id} does not wait for review: {queue}");
    };
    let mut limits = queue[0]["limits"].clone();
    for (name, value) in [
        ("concurrentCalls", 1_000),
        ("queueMs", 120_000),
        ("wallMs", 120_000),
        ("cpuMsPerMinute", 600_000),
    ] {
        limits[name] = json!(value);
    }
    let approval = json!({"grants": {}, "limits": limits});
    let path = format!("/api/plugins/versions/{digest}");
    for (decision, body) in [("approve", approval), ("activate", json!({}))] {
        let request = Request::post(&format!("{path}/{decision}"), JSON, &body.to_string());
        accepted(&mut client, &request).await?;
    }
    // Active means that it answers.
    let call = call_of(id, "component:default/first");
    let began = Instant::now();
    while client.send(&call).await?.status != 200 {
        if began.elapsed() > Duration::from_mins(1) {
            bail!("{id} does not answer");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn accepted(client: &mut Client, request: &Request) -> Result<()> {
    let answer = client.send(request).await?;
    if !(200..300).contains(&answer.status) {
        bail!(
            "{}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(())
}

fn call_of(id: &str, entity: &str) -> Request {
    let body = json!({"entity": entity}).to_string();
    Request::post(&format!("/api/plugins/{id}/calls"), JSON, &body)
}
