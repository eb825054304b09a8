//! `bench`: measure a release build on a generated organisation, on both engines; or its plugins.

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    build::{self, Profile},
    plugins, process,
    steps::step,
    tools::{Cluster, Durability, Tools},
    workspace,
};

/// Options of `bench`.
#[derive(clap::Args)]
pub struct Args {
    /// Measure only this
    only: Option<Part>,
    /// Options of the measurement, after `--`; `-- --help` lists them
    #[arg(last = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The plugin platform: activation, calls, memory, a busy plugin's neighbours
    Plugins,
    /// Templates and tasks: from the request to the end, dry runs, two replicas
    Tasks,
}

pub fn bench(args: &Args) -> Result<()> {
    let tools = Tools::for_build()?;
    if args.only == Some(Part::Plugins) {
        return bench_plugins(&tools, args);
    }
    let programs = tools.postgres()?;
    let profile = Profile::Release;
    build::build(&tools, profile)?;
    build::binary(&tools, profile, "portico-bench")?;
    let start = || Cluster::start(programs, Durability::Full);
    let cluster = step("Starting a throw-away PostgreSQL server", start)?;
    let mut command = tools.command(profile.folder().join("portico-bench"));
    command
        .arg("--binary")
        .arg(profile.binary())
        .arg("--site")
        .arg(profile.site())
        .args(["--postgres", &cluster.url()]);
    match args.only {
        Some(Part::Tasks) => command.arg("--tasks"),
        _ => command
            .arg("--browser")
            .arg(workspace::root().join("end2end/measure/first-visit.mjs")),
    };
    command.args(&args.options);
    if let Some(chromium) = tools.chromium()? {
        command.env("PORTICO_CHROMIUM", chromium);
    }
    process::run(&mut command)
}

fn bench_plugins(tools: &Tools, args: &Args) -> Result<()> {
    plugins::build(tools)?;
    let profile = Profile::Release;
    build::build(tools, profile)?;
    build::binary(tools, profile, "portico-bench")?;
    let mut command = tools.command(profile.folder().join("portico-bench"));
    command
        .arg("--plugins")
        .arg("--binary")
        .arg(profile.binary())
        .arg("--site")
        .arg(profile.site())
        .args(&args.options);
    process::run(&mut command)
}
