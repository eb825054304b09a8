//! `portico plugin submit`.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use portico_plugin_package::read_manifest;
use serde_json::Value;

use super::{SubmitArgs, inspect::read};

pub(super) async fn run(args: SubmitArgs) -> Result<ExitCode> {
    let package = read(&args.file)?;
    let manifest = read_manifest(&package)?;
    let url = format!("{}/api/plugins/submissions", args.url.trim_end_matches('/'));
    let response = reqwest::Client::new()
        .post(&url)
        .bearer_auth(&args.token)
        .header("content-type", "application/wasm")
        .body(package)
        .send()
        .await
        .with_context(|| format!("{url} cannot be reached"))?;
    let status = response.status();
    let text = response
        .text()
        .await
        .context("the portal's answer cannot be read")?;
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    if status.is_success() {
        println!(
            "{} {} is with the platform team",
            manifest.id, manifest.version
        );
        if let Some(id) = answer.get("id") {
            println!(
                "  {}/plugins/submissions/{}",
                args.url.trim_end_matches('/'),
                plain(id)
            );
        }
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "error: the portal refused it ({status}): {}",
        problem(&answer, &text)
    );
    Ok(ExitCode::FAILURE)
}

/// What a problem document says, or the start of whatever it is.
fn problem(answer: &Value, text: &str) -> String {
    let field = |name: &str| answer.get(name).and_then(Value::as_str);
    match field("detail").or_else(|| field("title")) {
        Some(detail) => detail.to_owned(),
        None => text
            .chars()
            .filter(|char| !char.is_control())
            .take(300)
            .collect(),
    }
}

fn plain(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}
