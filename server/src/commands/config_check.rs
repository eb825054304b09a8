//! `portico config check`.

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::ConfigArgs;

pub(super) fn run(args: &ConfigArgs) -> Result<ExitCode> {
    let loaded = super::load_config(args)?;
    println!("{}", loaded.config.explain());
    for warning in &loaded.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(ExitCode::SUCCESS)
}
