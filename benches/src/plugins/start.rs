//! From a file to a plugin that answers; and many of them.

use std::{fs, time::Instant};

use anyhow::{Result, bail};
use portico_plugin_host::{CallContext, PluginHost, PluginSpec, Subject};
use serde_json::json;

use super::{check, guests, host};
use crate::{
    Args,
    report::{ms, table},
};

/// Plugins that are active at once.
const MANY: u32 = 200;

/// Activation of each kind of component: new, and compiled before.
pub(super) async fn activation(args: &Args) -> Result<()> {
    let mut rows = Vec::new();
    for (what, wasm) in components()? {
        let cache = tempfile::tempdir()?;
        let spec = check("bench", &wasm);
        let (new, instance) = loaded(&host(args, cache.path().to_owned())?, &spec).await?;
        let mut code = 0;
        for file in fs::read_dir(cache.path())? {
            code += file?.metadata()?.len();
        }
        let (known, _) = loaded(&host(args, cache.path().to_owned())?, &spec).await?;
        rows.push(vec![
            what.to_owned(),
            format!("{:.2} MB", wasm.len() as f64 / 1e6),
            format!("{:.2} MB", code as f64 / 1e6),
            format!("{new} ms"),
            format!("{known} ms"),
            format!("{:.1} MB", instance as f64 / 1e6),
        ]);
    }
    let head = [
        "component",
        "size",
        "compiled",
        "activation of a new one",
        "of one compiled before",
        "memory of a call",
    ];
    table("Activation, up to the first answer", &head, &rows);
    Ok(())
}

fn components() -> Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(vec![
        ("trivial", guests::check(0)?),
        ("Rust, as built", guests::built("dotnet-version")?),
        ("1 MB of code", guests::megabyte()?),
        ("Python", guests::built("examples-python")?),
        ("JavaScript", guests::built("examples-javascript")?),
    ])
}

/// Loads and calls a plugin: how long that took in ms, and the memory of the call's instance.
async fn loaded(host: &PluginHost, spec: &PluginSpec) -> Result<(String, u64)> {
    let began = Instant::now();
    let plugin = host.load(spec.clone()).await?;
    let subject = Subject {
        entity: json!({"kind": "Component", "metadata": {"name": "orders"}}),
        facts: json!({}),
    };
    let context = CallContext {
        repositories: Some(std::sync::Arc::new(super::Files)),
        ..CallContext::default()
    };
    let outcome = host.call_check(&plugin, context, &[subject]).await;
    let took = ms(began.elapsed());
    if let Err(error) = outcome.result {
        bail!("the first call failed: {error}");
    }
    Ok((took, outcome.usage.peak_memory_bytes))
}

/// What many active plugins add to the process: as after a start, with code compiled before.
pub(super) async fn memory(args: &Args) -> Result<()> {
    let cache = tempfile::tempdir()?;
    let wasm = guests::built("repo-hygiene")?;
    let specs: Vec<_> = (0..MANY)
        .map(|number| check(&format!("bench-{number}"), &guests::variant(&wasm, number)))
        .collect();
    {
        let host = host(args, cache.path().to_owned())?;
        for spec in &specs {
            host.load(spec.clone()).await?;
        }
    }
    let host = host(args, cache.path().to_owned())?;
    let before = resident_mb()?;
    let began = Instant::now();
    for spec in &specs {
        host.load(spec.clone()).await?;
    }
    let took = began.elapsed();
    let idle = resident_mb()? - before;
    for spec in &specs {
        loaded(&host, spec).await?;
    }
    let called = resident_mb()? - before;
    let rows = vec![vec![
        format!("{:.0} kB", wasm.len() as f64 / 1e3),
        format!("{} ms", ms(took)),
        format!("{idle:.0} MB"),
        format!("{called:.0} MB"),
    ]];
    let head = [
        "each",
        "activating all",
        "memory they add",
        "after a call of each",
    ];
    table(&format!("{MANY} active plugins"), &head, &rows);
    Ok(())
}

/// Resident memory of this process, in MB.
fn resident_mb() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    let number = line.and_then(|it| it.split_whitespace().next());
    Ok(number.unwrap_or("0").parse::<f64>()? / 1024.0)
}
