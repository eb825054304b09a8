//! Programs in Python, each in a virtual environment of its own under `target`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Tools, apt, guests::once};
use crate::{process, workspace};

/// Checks files against the schemas that it carries.
const CHECK_JSONSCHEMA: &str = "check-jsonschema";

/// The folder with the programs of what `requirements` names.
pub fn install(
    tools: &Tools,
    name: &str,
    requirements: &Path,
    environment: &Path,
) -> Result<PathBuf> {
    let programs = environment.join("bin");
    once(name, requirements, &environment.join(".installed"), || {
        let create = || {
            let mut command = tools.command("python3");
            process::run(command.args(["-m", "venv"]).arg(environment))
        };
        // Debian has the module for environments in a package of its own.
        create().or_else(|_| {
            apt::install(tools, &["python3", "python3-venv"])?;
            create()
        })?;
        let mut command = tools.command(programs.join("pip"));
        command.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]);
        process::run(command.arg(requirements))
            .with_context(|| format!("{name} could not be installed from PyPI"))
    })?;
    Ok(programs)
}

/// The program that checks files against published schemas.
pub fn check_jsonschema(tools: &Tools) -> Result<PathBuf> {
    let requirements = workspace::root().join("server/tasks/tests/requirements.txt");
    let environment = workspace::target().join("check-jsonschema");
    let programs = install(tools, CHECK_JSONSCHEMA, &requirements, &environment)?;
    Ok(programs.join(CHECK_JSONSCHEMA))
}
