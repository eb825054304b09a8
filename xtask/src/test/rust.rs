//! The tests in Rust: with nextest where it is installed, else with `cargo test`.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use super::{Kind, counts::Counts};
use crate::{
    plugins,
    process::{self, Running},
    steps::{note, say, step},
    tools::{Cluster, Tools, check_jsonschema},
    workspace,
};

/// Where the tests look for a server that they may fill with databases.
const POSTGRES: &str = "PORTICO_TEST_POSTGRES";

/// Where the tests look for what checks files against published schemas.
const CHECK_JSONSCHEMA: &str = "PORTICO_CHECK_JSONSCHEMA";

/// Compiles the tests, so that an error of the compiler is not taken for a failed test.
pub fn build(tools: &Tools, only: Option<Kind>) -> Result<()> {
    step("Building the tests", || {
        process::run(tools.cargo().args(["test", "--no-run"]).args(targets(only)))
    })
}

/// Runs the tests of one kind, or of both.
pub fn run(
    tools: &Tools,
    cluster: &Cluster,
    only: Option<Kind>,
    filter: Option<&str>,
) -> Result<Counts> {
    let nextest = process::output(tools.cargo().args(["nextest", "--version"])).is_ok();
    let mut command = tools.cargo();
    command.args(if nextest {
        &["nextest", "run"][..]
    } else {
        &["test"]
    });
    command
        .arg("--no-fail-fast")
        .args(targets(only))
        .args(filter)
        .env(POSTGRES, cluster.url());
    // Those tests say that they are skipped.
    match check_jsonschema(tools) {
        Ok(program) => drop(command.env(CHECK_JSONSCHEMA, program)),
        Err(error) => note(format!("{error:#}")),
    }
    if nextest {
        run_nextest(command)
    } else {
        run_libtest("Rust tests", command)
    }
}

/// The examples in the documentation, which nextest does not run.
pub fn run_examples(tools: &Tools, filter: Option<&str>) -> Result<Counts> {
    let mut command = tools.cargo();
    command
        .args(["test", "--doc", "--workspace", "--no-fail-fast"])
        .args(filter);
    run_libtest("Examples in the documentation", command)
}

/// The tests of the plugins, which run natively.
pub fn run_plugins(tools: &Tools, filter: Option<&str>) -> Result<Counts> {
    let mut command = plugins::cargo(tools);
    command.args(["test", "--no-fail-fast"]).args(filter);
    run_libtest("Tests of the plugins", command)
}

/// The plugins in the sandbox; each counts as one test.
pub fn run_sandbox(tools: &Tools, filter: Option<&str>) -> Result<Counts> {
    step("Plugins in the sandbox", || {
        let mut counts = Counts::default();
        for name in plugins::PLUGINS.into_iter().chain(plugins::EXAMPLES) {
            if filter.is_some_and(|filter| !name.contains(filter)) {
                continue;
            }
            if !plugins::is_built(name) {
                note(format!("SKIPPED: {name} could not be built, see above"));
                continue;
            }
            match process::status(&mut plugins::test(tools, name))?.success() {
                true => counts.passed += 1,
                false => counts.failed += 1,
            }
        }
        Ok(counts)
    })
}

fn targets(only: Option<Kind>) -> &'static [&'static str] {
    match only {
        Some(Kind::Unit) => &["--workspace", "--lib", "--bins"],
        Some(Kind::Integration) => &["--workspace", "--test", "*"],
        Some(Kind::E2e) | None => &["--workspace", "--tests"],
    }
}

fn run_nextest(mut command: Command) -> Result<Counts> {
    let report = workspace::target().join("nextest/default/junit.xml");
    // An old report must not be taken for that of a run that did not get so far.
    let _ = fs::remove_file(&report);
    let status = step("Rust tests", || {
        process::status(command.arg("--no-tests=pass"))
    })?;
    let counts = if report.exists() {
        Counts::from_junit(&report)?
    } else {
        Counts::default()
    };
    Ok(counts.or_failed(status.success()))
}

fn run_libtest(name: &str, mut command: Command) -> Result<Counts> {
    step(name, || {
        let mut tests = Running::start(command.stdout(Stdio::piped()))?;
        let stdout = tests.stdout().context("the tests have no output")?;
        let mut counts = Vec::new();
        for line in BufReader::new(stdout).lines() {
            let line = line.context("cannot read the output of the tests")?;
            say(&line);
            counts.push(Counts::from_libtest(&line));
        }
        let status = tests.wait()?;
        Ok(counts
            .into_iter()
            .sum::<Counts>()
            .or_failed(status.success()))
    })
}
