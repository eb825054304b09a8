//! `test`: all tests, against a throw-away PostgreSQL server and in a browser.

mod browser;
mod counts;
mod rust;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::{
    build::{self, Profile},
    plugins,
    steps::{say, step},
    tools::{Cluster, Durability, Tools},
};

use self::counts::Counts;

/// Options of `test`.
#[derive(clap::Args)]
pub struct Args {
    /// Run only one kind of tests
    #[arg(long)]
    only: Option<Kind>,
    /// Run only the tests whose name contains this
    filter: Option<String>,
}

/// Kinds of tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Tests beside the code, and the examples in its documentation
    Unit,
    /// Tests of a crate from outside
    Integration,
    /// Tests in a browser
    E2e,
}

pub fn test(args: &Args) -> Result<()> {
    let (only, filter) = (args.only, args.filter.as_deref());
    let wants = |kind| only.is_none_or(|only| only == kind);
    let in_rust = wants(Kind::Unit) || wants(Kind::Integration);
    let in_browser = wants(Kind::E2e);

    // What can be missing or broken comes first; a test that fails is worth waiting for.
    let tools = if in_browser {
        Tools::for_build()?
    } else {
        Tools::for_rust()?
    };
    let postgres = in_rust.then(|| tools.postgres()).transpose()?;
    let chromium = in_browser.then(|| tools.chromium()).transpose()?.flatten();
    if in_rust {
        rust::build(&tools, only)?;
        plugins::build(&tools)?;
    }
    if in_browser {
        build::build(&tools, Profile::Debug)?;
        // Built from their sources above, unless there are tests in a browser only.
        plugins::ensure(&tools, Profile::Debug)?;
    }

    let mut suites: Vec<(&str, Counts)> = Vec::new();
    if let Some(programs) = postgres {
        let start = || Cluster::start(programs, Durability::None);
        let cluster = step("Starting a throw-away PostgreSQL server", start)?;
        suites.push(("Rust", rust::run(&tools, &cluster, only, filter)?));
    }
    if wants(Kind::Unit) {
        suites.push(("Documentation", rust::run_examples(&tools, filter)?));
        suites.push(("Plugins", rust::run_plugins(&tools, filter)?));
    }
    if wants(Kind::Integration) {
        suites.push(("Sandbox", rust::run_sandbox(&tools, filter)?));
    }
    if in_browser {
        suites.push(("Browser", browser::run(&tools, chromium, filter)?));
    }
    summarise(&suites)
}

fn summarise(suites: &[(&str, Counts)]) -> Result<()> {
    say("");
    for (name, counts) in suites {
        say(format!("  {name:<14} {counts}"));
    }
    let total: Counts = suites.iter().map(|(_, counts)| *counts).sum();
    say(format!("\n{total}"));
    if total.failed > 0 {
        bail!("{} tests failed", total.failed);
    }
    Ok(())
}
