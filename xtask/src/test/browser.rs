//! The tests in a browser, with Playwright. Its configuration starts the server.

use std::{env, fs, path::PathBuf};

use anyhow::Result;

use super::counts::Counts;
use crate::{build::Profile, port, process, steps::step, tools::Tools, workspace};

pub fn run(tools: &Tools, chromium: Option<PathBuf>, filter: Option<&str>) -> Result<Counts> {
    let report = workspace::root().join("end2end/test-results/junit.xml");
    // An old report must not be taken for that of a run that did not get so far.
    let _ = fs::remove_file(&report);
    let data = env::temp_dir().join(format!("portico-e2e-{}", std::process::id()));
    let mut command = tools.command("playwright");
    command
        .args(["test", "--config", "end2end/playwright.config.ts"])
        .env("PORTICO_BINARY", Profile::Debug.binary())
        .env("PORTICO_E2E_PORT", port::free()?.to_string())
        .env("PORTICO_E2E_DATA", &data);
    if let Some(chromium) = chromium {
        command.env("PORTICO_CHROMIUM", chromium);
    }
    if let Some(filter) = filter {
        command.args(["--grep", filter, "--pass-with-no-tests"]);
    }
    let status = step("Browser tests", || process::status(&mut command));
    // There is none when the server did not start.
    let _ = fs::remove_dir_all(&data);
    let status = status?;
    let counts = if report.exists() {
        Counts::from_junit(&report)?
    } else {
        Counts::default()
    };
    Ok(counts.or_failed(status.success()))
}
