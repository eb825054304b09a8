//! Portico, the internal developer portal: one binary.

mod cli;
mod commands;
mod logging;
mod portal;
mod site;

use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;

/// Pages and indexes are made of many small allocations.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
