//! `check`: everything a reviewer should not have to look for.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::{
    plugins, process,
    steps::{note, step},
    tools::Tools,
    workspace,
};

/// Fetching the advisories is quick where they can be reached at all.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn check() -> Result<()> {
    let tools = Tools::for_check()?;
    // All of them run, so that one look shows everything there is to mend.
    let results = [
        step("Formatting", || cargo(&tools, &["fmt", "--all", "--check"])),
        step("Lints", || lint(&tools, &["--workspace", "--all-targets"])),
        step("Lints of the browser's half", || lint_browser_half(&tools)),
        step("Lints of the plugins", || lint_plugins(&tools)),
        step("Documentation", || document(&tools)),
        step("Licences, bans and sources", || {
            cargo(
                &tools,
                &[
                    "deny",
                    "--log-level",
                    "error",
                    "check",
                    "licenses",
                    "bans",
                    "sources",
                ],
            )
        }),
        advisories(&tools),
        step("Types of the browser tests", || {
            process::run(
                tools
                    .command("tsc")
                    .args(["--noEmit", "--project", "end2end"]),
            )
        }),
    ];
    let failed = results.iter().filter(|result| result.is_err()).count();
    for error in results.into_iter().filter_map(Result::err) {
        note(format!("{error:#}"));
    }
    if failed > 0 {
        bail!("{failed} checks failed");
    }
    Ok(())
}

fn cargo(tools: &Tools, args: &[&str]) -> Result<()> {
    process::run(tools.cargo().args(args))
}

fn lint(tools: &Tools, what: &[&str]) -> Result<()> {
    process::run(
        tools
            .cargo()
            .arg("clippy")
            .args(what)
            .args(["--", "--deny", "warnings"]),
    )
}

/// The workspace has the app as the server sees it; this is the app in the browser.
fn lint_browser_half(tools: &Tools) -> Result<()> {
    let front = workspace::target().join("front").display().to_string();
    let features = ["--no-default-features", "--features", "hydrate"];
    let target = ["--target", "wasm32-unknown-unknown", "--target-dir", &front];
    lint(
        tools,
        &[
            &["--package", "portico-app", "--lib"],
            &features[..],
            &target[..],
        ]
        .concat(),
    )
}

fn lint_plugins(tools: &Tools) -> Result<()> {
    process::run(plugins::cargo(tools).args(["fmt", "--all", "--check"]))?;
    process::run(plugins::cargo(tools).args([
        "clippy",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn document(tools: &Tools) -> Result<()> {
    let mut command = tools.cargo();
    command
        .args([
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ])
        .env("RUSTDOCFLAGS", "--deny warnings");
    process::run(&mut command)
}

fn advisories(tools: &Tools) -> Result<()> {
    let fetch = process::run_within(
        PATIENCE,
        tools
            .cargo()
            .args(["deny", "--log-level", "off", "fetch", "db"]),
    );
    if process::interrupted() {
        return fetch;
    }
    if fetch.is_err() {
        note("Advisories: skipped, because the advisory database cannot be reached from here");
        return Ok(());
    }
    step("Advisories", || {
        cargo(
            tools,
            &[
                "deny",
                "--log-level",
                "error",
                "check",
                "--disable-fetch",
                "advisories",
            ],
        )
    })
}
