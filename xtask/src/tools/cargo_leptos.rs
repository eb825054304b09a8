//! cargo-leptos, which builds the site.

use anyhow::{Context, Result};

use super::{Tools, version, versions::CARGO_LEPTOS};
use crate::{
    process,
    steps::{done, step},
};

pub fn ensure(tools: &Tools) -> Result<()> {
    let found = version(tools.cargo().args(["leptos", "--version"]));
    if found.as_deref() == Some(CARGO_LEPTOS) {
        done("cargo-leptos", CARGO_LEPTOS);
        return Ok(());
    }
    step(
        format!("Installing cargo-leptos {CARGO_LEPTOS} (10 minutes on 2 cores, once)"),
        || {
            // Its lock file names a crate that claims to need a newer Rust than ours but builds
            // with it; without the lock file nothing says the result builds at all. Its own release
            // profile takes half an hour, and `no_downloads` makes it use the tools we provide.
            let mut install = tools.cargo();
            install
                .args(["install", "cargo-leptos", "--version", CARGO_LEPTOS])
                .args([
                    "--locked",
                    "--ignore-rust-version",
                    "--debug",
                    "--features",
                    "no_downloads",
                ])
                .env("CARGO_PROFILE_DEV_DEBUG", "0");
            process::run(&mut install).context(
                "cargo-leptos is missing and could not be installed; install it by hand with \
             `cargo install cargo-leptos --locked --ignore-rust-version`",
            )
        },
    )
}
