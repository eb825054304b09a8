//! What builds plugins in Python and JavaScript: componentize-py in a virtual environment under
//! `target`, componentize-js in the `node_modules` of the example that uses it.
//!
//! Neither is needed for anything else. Where one cannot be had (no network, no Python), its
//! plugins are left out, and that is said.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{Tools, pypi};
use crate::{
    process,
    steps::{done, step},
    workspace,
};

/// The folder with `componentize-py`, of the version in `folder`'s `requirements.txt`.
pub fn python(tools: &Tools, folder: &Path) -> Result<PathBuf> {
    let environment = workspace::target().join("guests/python");
    let requirements = folder.join("requirements.txt");
    pypi::install(tools, "componentize-py", &requirements, &environment)
}

/// Installs what `folder`'s `package.json` names.
pub fn javascript(tools: &Tools, folder: &Path) -> Result<()> {
    let installed = folder.join("node_modules/.installed");
    once(
        "componentize-js",
        &folder.join("package.json"),
        &installed,
        || {
            let mut command = tools.command("npm");
            command.current_dir(folder).args([
                "install",
                "--no-package-lock",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
            ]);
            process::run(&mut command).context("componentize-js could not be installed from npm")
        },
    )
}

/// Installs unless `installed` has the text of `wanted`, and then gives it that.
pub(super) fn once(
    name: &str,
    wanted: &Path,
    installed: &Path,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let text = fs::read(wanted).with_context(|| format!("{} cannot be read", wanted.display()))?;
    if fs::read(installed).is_ok_and(|there| there == text) {
        done(name, "unchanged");
        return Ok(());
    }
    step(format!("Installing {name}"), || {
        install()?;
        fs::write(installed, &text)
            .with_context(|| format!("{} cannot be written", installed.display()))
    })
}
