//! cargo-deny, which checks licences, sources and advisories.

use anyhow::{Context, Result};

use super::{Tools, version, versions::CARGO_DENY};
use crate::{
    process,
    steps::{done, step},
};

pub fn ensure(tools: &Tools) -> Result<()> {
    let found = version(tools.cargo().args(["deny", "--version"]));
    // Any version will do: what it checks is in deny.toml.
    if let Some(version) = found {
        done("cargo-deny", version);
        return Ok(());
    }
    step(
        format!("Installing cargo-deny {CARGO_DENY} (2 minutes on 2 cores, once)"),
        || {
            let mut install = tools.cargo();
            install
                .args([
                    "install",
                    "cargo-deny",
                    "--version",
                    CARGO_DENY,
                    "--locked",
                    "--debug",
                ])
                .env("CARGO_PROFILE_DEV_DEBUG", "0");
            process::run(&mut install).context(
                "cargo-deny is missing and could not be installed; install it by hand with \
             `cargo install cargo-deny --locked`",
            )
        },
    )
}
