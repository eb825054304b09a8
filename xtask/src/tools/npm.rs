//! npm's packages: Tailwind, wasm-opt, Playwright, axe.

use std::fs;

use anyhow::{Context, Result, bail};

use super::{Tools, apt};
use crate::{
    process,
    steps::{done, step},
    workspace,
};

pub fn ensure(tools: &Tools) -> Result<()> {
    let root = workspace::root();
    let lock = fs::read(root.join("package-lock.json")).context("cannot read package-lock.json")?;
    // npm has no command that says quickly whether what is installed is what is locked.
    let installed = root.join("node_modules/.installed-lock");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        done("npm packages", "unchanged");
        return Ok(());
    }
    if tools.find("npm").is_none() && apt::install(tools, &["nodejs", "npm"]).is_err() {
        bail!("npm is missing: install Node.js 20 or newer, which brings it (https://nodejs.org)");
    }
    step("Installing npm packages", || {
        // Not `npm ci`: that insists on the packages of other platforms being in the lock file,
        // and a registry mirror need not have them. This keeps to the lock file all the same.
        let mut install = tools.command("npm");
        process::run(install.args([
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))
        .context("npm could not install the packages in package-lock.json")?;
        fs::write(&installed, &lock).context("cannot write into node_modules")
    })
}
