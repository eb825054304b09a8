//! Portico, the internal developer portal: one binary.

mod cli;
mod commands;
mod http_server;
mod logging;
mod plugins;
mod portal;
mod scm;
mod signed_in;
mod site;
mod tasks;

use std::process::ExitCode;

use clap::Parser as _;

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
