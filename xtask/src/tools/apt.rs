//! System packages, where we may install them: as root on Debian and its kin.

use anyhow::{Result, bail};
use rustix::process::geteuid;

use super::Tools;
use crate::{process, steps::step};

/// Installs packages, or says why it cannot.
pub fn install(tools: &Tools, packages: &[&str]) -> Result<()> {
    if tools.find("apt-get").is_none() {
        bail!("this is not a Debian-like system");
    }
    if !geteuid().is_root() {
        bail!("only root may install system packages");
    }
    step(
        format!("Installing {} with apt-get", packages.join(", ")),
        || {
            let install = || {
                let mut command = tools.command("apt-get");
                command
                    .args(["install", "--yes", "--no-install-recommends"])
                    .args(packages)
                    .env("DEBIAN_FRONTEND", "noninteractive");
                process::run(&mut command)
            };
            // The package lists of a fresh image are empty or old.
            install().or_else(|_| {
                process::run(tools.command("apt-get").arg("update"))?;
                install()
            })
        },
    )
}
