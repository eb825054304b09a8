//! Calls of plugins that have nothing to wait for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use portico_plugin_host::{CallContext, Plugin, PluginHost, Subject};
use serde_json::json;

use super::{Files, check, guests, host};
use crate::{
    Args,
    report::{percentile, secs, table},
};

/// Entities that checks look at.
const ENTITIES: usize = 10_000;
/// Entities of one call.
const BATCH: usize = 100;

/// One call after another, of each kind of component.
pub(super) async fn warm(args: &Args) -> Result<()> {
    let cache = tempfile::tempdir()?;
    let host = host(args, cache.path().to_owned())?;
    let mut rows = Vec::new();
    for (what, wasm, calls) in [
        ("trivial check", guests::check(0)?, 20_000),
        (
            "Rust: dotnet-version",
            guests::built("dotnet-version")?,
            5_000,
        ),
        (
            "Python: pinned-requirements",
            guests::built("examples-python")?,
            1_000,
        ),
        (
            "JavaScript: node-version",
            guests::built("examples-javascript")?,
            1_000,
        ),
    ] {
        let plugin = host.load(check(what, &wasm)).await?;
        let mut samples = Vec::with_capacity(calls);
        for _ in 0..calls / 10 {
            call(&host, &plugin, 1).await?;
        }
        for _ in 0..calls {
            let began = Instant::now();
            call(&host, &plugin, 1).await?;
            samples.push(began.elapsed());
        }
        samples.sort_unstable();
        rows.push(vec![
            what.to_owned(),
            us(percentile(&samples, 50.0)),
            us(percentile(&samples, 99.0)),
        ]);
    }
    table(
        "A warm call, through the whole path",
        &["plugin", "p50 µs", "p99 µs"],
        &rows,
    );
    Ok(())
}

/// Five checks in Rust over every entity, on all cores.
pub(super) async fn many_entities(args: &Args) -> Result<()> {
    let cache = tempfile::tempdir()?;
    let host = Arc::new(host(args, cache.path().to_owned())?);
    let (hygiene, dotnet) = (
        guests::built("repo-hygiene")?,
        guests::built("dotnet-version")?,
    );
    let mut plugins = Vec::new();
    for number in 0..5 {
        let base = if number < 3 { &hygiene } else { &dotnet };
        let spec = check(&format!("check-{number}"), &guests::variant(base, number));
        plugins.push(host.load(spec).await?);
    }
    let work: Arc<Vec<Arc<Plugin>>> = Arc::new(
        (0..ENTITIES / BATCH)
            .flat_map(|_| plugins.iter().cloned())
            .collect(),
    );
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let workers = (0..crate::run::cores()).map(|_| {
        let (host, work, next) = (Arc::clone(&host), Arc::clone(&work), Arc::clone(&next));
        tokio::spawn(async move {
            while let Some(plugin) = work.get(next.fetch_add(1, Relaxed)) {
                call(&host, plugin, BATCH).await?;
            }
            anyhow::Ok(())
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await??;
    }
    let took = began.elapsed();
    let each = took.as_secs_f64() * 1e6 / (ENTITIES * 5) as f64;
    let rows = vec![vec![
        format!("{ENTITIES} × 5, {BATCH} a call"),
        format!("{} s", secs(took)),
        format!("{each:.1} µs"),
    ]];
    table(
        "Checks of many entities",
        &["entities × checks", "all", "one"],
        &rows,
    );
    Ok(())
}

async fn call(host: &PluginHost, plugin: &Plugin, entities: usize) -> Result<()> {
    let subject = Subject {
        entity: json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
            "metadata": {"name": "orders", "description": "Takes orders"},
            "spec": {"type": "service", "lifecycle": "production", "owner": "orders"},
        }),
        facts: json!({}),
    };
    let context = CallContext {
        repositories: Some(Arc::new(Files)),
        ..CallContext::default()
    };
    let outcome = host
        .call_check(plugin, context, &vec![subject; entities])
        .await;
    match outcome.result {
        Ok(_) => Ok(()),
        Err(error) => bail!("{:?}: {error}", plugin.key().id),
    }
}

/// Microseconds with one digit.
fn us(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e6)
}
