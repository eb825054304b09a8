//! `bench`: measure a release build on a generated organisation, on both engines.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    process,
    steps::step,
    tools::{Cluster, Durability, Tools},
    workspace,
};

/// Options of `bench`.
#[derive(clap::Args)]
pub struct Args {
    /// Options of the measurement, after `--`; `-- --help` lists them
    #[arg(last = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

pub fn bench(args: &Args) -> Result<()> {
    let tools = Tools::for_build()?;
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
        .args(["--postgres", &cluster.url()])
        .arg("--browser")
        .arg(workspace::root().join("end2end/measure/first-visit.mjs"))
        .args(&args.options);
    if let Some(chromium) = tools.chromium()? {
        command.env("PORTICO_CHROMIUM", chromium);
    }
    process::run(&mut command)
}
