//! `portico plugin inspect`.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context as _, Result};
use portico_plugin_package::{Trust, inspect, read_manifest};

use super::{Format, InspectArgs, report};

pub(super) fn run(args: &InspectArgs) -> Result<ExitCode> {
    let trust: Trust = match &args.trust {
        Some(path) => serde_json::from_slice(&read(path)?)
            .with_context(|| format!("{} is no list of publishers' keys", path.display()))?,
        None => Trust::default(),
    };
    let active = match &args.against {
        Some(path) => {
            let manifest = read_manifest(&read(path)?);
            Some(manifest.with_context(|| path.display().to_string())?)
        }
        None => None,
    };
    let found = inspect(&read(&args.file)?, &trust, active.as_ref());
    match args.format {
        Format::Text => print!("{}", report::text(&args.file, &found)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&found)?),
    }
    Ok(if found.is_acceptable() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
