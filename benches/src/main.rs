//! Measures a release build of Portico and prints the figures as Markdown.
//!
//! It starts the real binary on a generated organisation and talks to it over
//! HTTP, as its users do. Nothing here asserts: figures are for people.

mod browser;
mod client;
mod generate;
mod plugins;
mod policies;
mod process;
mod report;
mod requests;
mod run;
mod tasks;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// What to measure.
#[derive(Debug, Parser)]
#[command(about = "Measure a release build of Portico")]
pub(crate) struct Args {
    /// The binary to measure.
    #[arg(long, default_value = "target/release/portico")]
    pub(crate) binary: PathBuf,
    /// The site folder it serves.
    #[arg(long, default_value = "target/site")]
    pub(crate) site: PathBuf,
    /// Sizes of the generated organisation, in entities.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    pub(crate) sizes: Vec<usize>,
    /// Seed of the generator: the same seed gives the same organisation.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// `PostgreSQL` server to measure too: a URL whose user may create databases.
    #[arg(long, env = "PORTICO_TEST_POSTGRES")]
    pub(crate) postgres: Option<String>,
    /// Seconds of load on each request with 16 connections.
    #[arg(long, default_value_t = 3)]
    pub(crate) load_seconds: u64,
    /// Seconds to watch the idle process.
    #[arg(long, default_value_t = 20)]
    pub(crate) idle_seconds: u64,
    /// Script that measures a visit in a browser; it is run with node.
    #[arg(long)]
    pub(crate) browser: Option<PathBuf>,
    /// Measure the plugin platform instead.
    #[arg(long)]
    pub(crate) plugins: bool,
    /// Measure templates and their tasks instead.
    #[arg(long)]
    pub(crate) tasks: bool,
    /// Measure lists while a policy hides half of the catalog instead.
    #[arg(long)]
    pub(crate) policies: bool,
    /// Only write the organisation of the first size into this folder and stop.
    #[arg(long)]
    pub(crate) generate_only: Option<PathBuf>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if let Some(folder) = &args.generate_only {
        let size = args.sizes.first().copied().unwrap_or(10_000);
        let made = generate::organisation(folder, size, args.seed)?;
        println!(
            "{} entities in {} files, {} bytes",
            made.entities, made.files, made.bytes
        );
        return Ok(());
    }
    if args.plugins {
        let runtime = tokio::runtime::Runtime::new()?;
        return runtime.block_on(plugins::all(&args));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match (args.tasks, args.policies) {
            (true, _) => tasks::all(&args).await,
            (_, true) => policies::all(&args).await,
            _ => run::all(&args).await,
        }
    })
}
