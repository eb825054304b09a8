//! `portico plugin submit`.

use std::{path::Path, process::ExitCode};

use anyhow::{Context as _, Result};
use portico_plugin_package::{Report, read_manifest};
use serde_json::json;

use super::{SubmitArgs, inspect::read, report};

pub(super) async fn run(args: SubmitArgs) -> Result<ExitCode> {
    let (kind, body) = match args.file.to_str().and_then(|it| it.strip_prefix("oci://")) {
        Some(reference) => {
            let body = json!({"reference": reference});
            ("application/json", body.to_string().into_bytes())
        }
        None => ("application/wasm", package(&args.file)?),
    };
    let portal = args.remote.portal()?;
    let submitted = args.remote.post("/api/plugins/submissions", kind, body);
    let answer = submitted.await?;
    if answer.status.is_success()
        && let (Some(plugin), Some(version)) = (answer.text("plugin"), answer.text("version"))
    {
        println!("{plugin} {version} is with the platform team:\n  {portal}/plugins/{plugin}");
        return Ok(ExitCode::SUCCESS);
    }
    let reason = answer.refusal("hand in plugins")?;
    eprintln!("error: the portal refused it: {reason}");
    let found = answer.body.get("report").cloned();
    if let Some(Ok(found)) = found.map(serde_json::from_value::<Report>) {
        eprint!("{}", report::findings(&found));
    }
    Ok(ExitCode::FAILURE)
}

/// Reads the file, which has to say what it is.
fn package(path: &Path) -> Result<Vec<u8>> {
    let package = read(path)?;
    read_manifest(&package).with_context(|| {
        let file = path.display();
        format!("{file} is no plugin; `portico plugin build` makes one")
    })?;
    Ok(package)
}
