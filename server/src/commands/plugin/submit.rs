//! `portico plugin submit`.

use std::{path::Path, process::ExitCode};

use anyhow::{Context as _, Result, bail, ensure};
use portico_plugin_package::{Report, read_manifest};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{
    SubmitArgs,
    inspect::read,
    report::{self, printable},
};

pub(super) async fn run(args: SubmitArgs) -> Result<ExitCode> {
    let (kind, body) = match args.file.to_str().and_then(|it| it.strip_prefix("oci://")) {
        Some(reference) => {
            let body = json!({"reference": reference});
            ("application/json", body.to_string().into_bytes())
        }
        None => ("application/wasm", package(&args.file)?),
    };
    let portal = args.url.trim_end_matches('/');
    ensure!(
        portal.starts_with("https://") || portal.starts_with("http://"),
        "\"{portal}\" is no address of a portal: write one such as https://portal.example.com"
    );
    let mut request = reqwest::Client::new()
        .post(format!("{portal}/api/plugins/submissions"))
        .header("content-type", kind)
        .body(body);
    let token = args.token.filter(|token| !token.is_empty());
    if let Some(token) = &token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.with_context(|| {
        format!("{portal} cannot be reached: is the address right, and does the portal run?")
    })?;
    let status = response.status();
    let answer = response
        .text()
        .await
        .with_context(|| format!("{portal} did not finish its answer"))?;
    let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
    judge(portal, status, token.is_some(), &answer)
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

/// What the portal's answer means.
fn judge(portal: &str, status: StatusCode, has_token: bool, answer: &Value) -> Result<ExitCode> {
    let field = |name: &str| answer.get(name).and_then(Value::as_str);
    if status.is_success()
        && let (Some(plugin), Some(version)) = (field("plugin"), field("version"))
    {
        let (plugin, version) = (printable(plugin), printable(version));
        println!("{plugin} {version} is with the platform team:\n  {portal}/plugins/{plugin}");
        return Ok(ExitCode::SUCCESS);
    }
    let Some(detail) = field("detail").or_else(|| field("title")) else {
        bail!("{portal} does not answer as a Portico portal does ({status}); check the address");
    };
    let detail = printable(detail);
    match status {
        StatusCode::UNAUTHORIZED if has_token => {
            bail!("the portal does not know this token; ask the platform team for one ({detail})")
        }
        StatusCode::UNAUTHORIZED => bail!(
            "the portal wants to know who you are; put a token of the platform team into \
             PORTICO_TOKEN"
        ),
        StatusCode::FORBIDDEN => bail!("this token may not hand in plugins: {detail}"),
        _ => {}
    }
    eprintln!("error: the portal refused it: {detail}");
    let found = answer.get("report").cloned();
    if let Some(Ok(found)) = found.map(serde_json::from_value::<Report>) {
        eprint!("{}", report::findings(&found));
    }
    Ok(ExitCode::FAILURE)
}
