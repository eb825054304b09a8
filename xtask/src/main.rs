//! Developer commands. `cargo xtask help` lists them.
//!
//! Every command first sets up what it needs and says what it does, step by step, so that a
//! clean clone needs nothing but Rust and Node.js.

mod bench;
mod build;
mod check;
mod dev;
mod dist;
mod plugins;
mod port;
mod process;
mod run;
mod steps;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::tools::Tools;

/// Developer commands of Portico. Each sets up whatever is missing, then does its work.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build Portico and serve the example organisation on port 3000 of this machine
    Run(run::Args),
    /// Like `run`, and rebuild and reload the browser when a file changes
    Dev(dev::Args),
    /// Run all tests: unit, integration on SQLite and PostgreSQL, and in the browser
    Test(test::Args),
    /// Check formatting, lints, licences, advisories and documentation links
    Check,
    /// Measure a release build: ingestion, requests, pages, start, memory, on both engines
    Bench(bench::Args),
    /// Build the release into `dist/portico`: one folder to copy to a server
    Dist,
    /// Build the plugins into `target/plugins`
    Plugins,
    /// Install the tools that the other commands need, and nothing else
    Setup,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = process::forward_signals().and_then(|()| match cli.command {
        Command::Run(args) => run::run(args),
        Command::Dev(args) => dev::dev(args),
        Command::Test(args) => test::test(&args),
        Command::Check => check::check(),
        Command::Bench(args) => bench::bench(&args),
        Command::Dist => dist::dist(),
        Command::Plugins => plugins::plugins(),
        Command::Setup => Tools::for_everything().map(drop),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            steps::report_error(&error);
            ExitCode::FAILURE
        }
    }
}
