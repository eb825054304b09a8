//! `dev`: serve the example organisation, rebuild on every change and reload the browser.

use anyhow::Result;

use crate::{build::Profile, process, run::serve_args, tools::Tools};

/// Options of `dev`.
#[derive(clap::Args)]
pub struct Args {
    /// Arguments for `portico serve`, after `--`; they win over the example's
    #[arg(last = true, value_name = "SERVE_ARGS")]
    serve: Vec<String>,
}

pub fn dev(args: Args) -> Result<()> {
    let tools = Tools::for_build()?;
    let mut watch = tools.cargo();
    watch
        .args([
            "leptos",
            "watch",
            "--split",
            "--bin-cargo-args=--workspace",
            "--",
        ])
        .args(serve_args(args.serve))
        .env("LEPTOS_SITE_ROOT", Profile::Debug.site());
    match process::run(&mut watch) {
        // Ctrl-C is how one leaves it.
        Err(_) if process::interrupted() => Ok(()),
        outcome => outcome,
    }
}
