//! `portico template dry-run`

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Component, Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use walkdir::WalkDir;

use super::{DryRunArgs, render::variables};
use crate::commands::remote::printable;

/// What a portal takes in one request, in bytes.
const MAX_BODY: usize = 2 << 20;

/// A file that would come of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    path: String,
    base64_content: String,
    #[serde(default)]
    executable: bool,
}

/// What the portal answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    directory_contents: Vec<Made>,
    truncated: bool,
    effects: Vec<Value>,
    error: Option<String>,
}

pub(super) async fn run(args: &DryRunArgs) -> Result<ExitCode> {
    if let Some(out) = &args.out {
        require_empty(out)?;
    }
    let body = request(args)?;
    let tried = args
        .remote
        .post("/api/scaffolder/v2/dry-run", "application/json", body);
    let answer = tried.await?;
    let outcome = match serde_json::from_value::<Outcome>(answer.body.clone()) {
        Ok(outcome) if answer.status.is_success() => outcome,
        _ => {
            let reason = answer.refusal("make dry runs")?;
            eprintln!("error: the portal refused it: {reason}");
            return Ok(ExitCode::FAILURE);
        }
    };
    print!("{}", told(&outcome));
    if let Some(out) = &args.out {
        for file in &outcome.directory_contents {
            write(out, file)?;
        }
        println!("written to {}", out.display());
    }
    Ok(match outcome.error {
        Some(error) => {
            eprintln!("error: it would fail: {}", printable(&error));
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    })
}

/// The template with everything beside it, and what the form gives.
fn request(args: &DryRunArgs) -> Result<Vec<u8>> {
    let template = match args.template.is_dir() {
        true => args.template.join("template.yaml"),
        false => args.template.clone(),
    };
    let given = |file: &Option<PathBuf>| file.as_deref().map_or(Ok(json!({})), variables);
    let folder = template.parent().filter(|it| !it.as_os_str().is_empty());
    let body = json!({
        "template": variables(&template)?,
        "values": given(&args.values)?,
        "secrets": given(&args.secrets)?,
        "directoryContents": beside(folder.unwrap_or(Path::new(".")), &template)?,
    });
    let body = body.to_string().into_bytes();
    ensure!(
        body.len() <= MAX_BODY,
        "the template and the files beside it are {} KiB as a request, and a portal takes {}; \
         keep other things out of its folder, or register it and use the page Create",
        body.len() >> 10,
        MAX_BODY >> 10
    );
    Ok(body)
}

fn beside(folder: &Path, template: &Path) -> Result<Vec<Value>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("{} cannot be listed", folder.display()))?;
        let path = entry.path();
        if !entry.file_type().is_file() || path == template {
            continue;
        }
        let content =
            fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mode = entry.metadata()?.permissions().mode();
        let name = path.strip_prefix(folder).unwrap_or(path);
        files.push(json!({
            "path": name.to_string_lossy(),
            "base64Content": STANDARD.encode(content),
            "executable": mode & 0o111 != 0,
        }));
    }
    Ok(files)
}

/// What is printed: files, then what would happen elsewhere.
fn told(outcome: &Outcome) -> String {
    let files = outcome.directory_contents.iter();
    let mut lines: Vec<String> = files
        .map(|file| format!("file    {}", printable(&file.path)))
        .collect();
    if outcome.truncated {
        lines.push("file    … and more than a portal shows".to_owned());
    }
    for effect in &outcome.effects {
        let of = |name: &str| printable(effect[name].as_str().unwrap_or_default());
        lines.push(format!("effect  {}: {}", of("step"), of("summary")));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn require_empty(out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    let mut entries =
        fs::read_dir(out).with_context(|| format!("{} cannot be used", out.display()))?;
    ensure!(
        entries.next().is_none(),
        "{} is not empty; name a new folder",
        out.display()
    );
    Ok(())
}

fn write(out: &Path, file: &Made) -> Result<()> {
    let name = Path::new(&file.path);
    let is_inside = name
        .components()
        .all(|it| matches!(it, Component::Normal(_)));
    ensure!(
        is_inside,
        "\"{}\" is no path of a file",
        printable(&file.path)
    );
    let path = out.join(name);
    let made = || -> Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        fs::write(&path, STANDARD.decode(&file.base64_content)?)?;
        if file.executable {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    };
    made().with_context(|| format!("{} cannot be written", path.display()))
}
