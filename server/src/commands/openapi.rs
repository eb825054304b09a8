//! `portico openapi`.

use std::process::ExitCode;

use anyhow::Result;

pub(super) fn run() -> Result<ExitCode> {
    println!("{}", portico_http::openapi().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
