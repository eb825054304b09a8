//! wasm-bindgen's command, of exactly the version of the library in `Cargo.lock`.

use anyhow::{Context, Result};

use super::{Tools, version, versions};
use crate::{
    process,
    steps::{done, step},
};

pub fn ensure(tools: &Tools) -> Result<()> {
    let wanted = versions::wasm_bindgen()?;
    let found = version(tools.command("wasm-bindgen").arg("--version"));
    if found.as_ref() == Some(&wanted) {
        done("wasm-bindgen", wanted);
        return Ok(());
    }
    step(
        format!("Installing wasm-bindgen {wanted} (2 minutes on 2 cores, once)"),
        || {
            // Not `--locked`: its lock file has named versions that the registry did not serve.
            let mut install = tools.cargo();
            install
                .args([
                    "install",
                    "wasm-bindgen-cli",
                    "--version",
                    &wanted,
                    "--debug",
                ])
                .env("CARGO_PROFILE_DEV_DEBUG", "0");
            process::run(&mut install).with_context(|| {
            format!(
                "wasm-bindgen {wanted} is missing and could not be installed; install it by hand \
                 with `cargo install wasm-bindgen-cli --version {wanted}`"
            )
        })
        },
    )
}
