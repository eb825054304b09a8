//! `plugins`: the plugins in `plugins/`, which are a workspace of their own, as components.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result};

use crate::{
    build::{self, Profile},
    process,
    steps::{done, note, step},
    tools::{Tools, guests},
    workspace,
};

/// The folders of the plugins in Rust.
pub const PLUGINS: [&str; 12] = [
    "add-alert",
    "add-environment",
    "add-queue",
    "add-redis",
    "add-secret",
    "aspire-manifest",
    "cmdb-json",
    "detect-stack",
    "dotnet-version",
    "edit-info",
    "repo-hygiene",
    "set-scale",
];

/// The examples that bring a language runtime along. Building them needs tools that not everybody has.
pub const EXAMPLES: [&str; 2] = [PYTHON, JAVASCRIPT];
const PYTHON: &str = "examples-python";
const JAVASCRIPT: &str = "examples-javascript";

pub fn plugins() -> Result<()> {
    build(&Tools::for_rust()?)
}

/// Builds each plugin as its author would, into `target/plugins`.
pub fn build(tools: &Tools) -> Result<()> {
    build::server(tools, Profile::Debug)?;
    step("Plugins", || {
        PLUGINS
            .into_iter()
            .try_for_each(|name| process::run(&mut build_command(tools, Profile::Debug, name)))
    })?;
    for name in EXAMPLES {
        if let Err(error) = build_example(tools, name) {
            // An old one must not be taken for this one.
            let _ = fs::remove_file(component(name));
            note(format!("SKIPPED: plugins/{name} is not tested: {error:#}"));
        }
    }
    Ok(())
}

/// The folder with the plugins in Rust, built when they are not there yet by a Portico of this
/// profile.
pub fn ensure(tools: &Tools, profile: Profile) -> Result<PathBuf> {
    let built = workspace::target().join("plugins");
    if PLUGINS.into_iter().all(is_built) {
        done(
            "Plugins",
            "built already (`cargo xtask plugins` builds them again)",
        );
        return Ok(built);
    }
    step("Plugins", || {
        PLUGINS
            .into_iter()
            .try_for_each(|name| process::run(&mut build_command(tools, profile, name)))
    })?;
    Ok(built)
}

fn build_example(tools: &Tools, name: &str) -> Result<()> {
    let source = folder().join(name);
    let programs = match name {
        PYTHON => Some(guests::python(tools, &source)?),
        _ => guests::javascript(tools, &source).map(|()| None)?,
    };
    if is_newer(&component(name), &source)? {
        done(name, "unchanged");
        return Ok(());
    }
    let mut command = build_command(tools, Profile::Debug, name);
    if let Some(programs) = programs {
        let path = env::var_os("PATH").context("PATH is not set")?;
        let folders = std::iter::once(programs).chain(env::split_paths(&path));
        command.env("PATH", env::join_paths(folders)?);
    }
    step(name, || process::run(&mut command))
}

/// Whether a component is newer than everything it is made from. Building one of these takes
/// half a minute.
fn is_newer(component: &Path, source: &Path) -> Result<bool> {
    let Ok(built) = fs::metadata(component).and_then(|it| it.modified()) else {
        return Ok(false);
    };
    let contracts = workspace::root().join("wit/portico-plugin-1");
    Ok(newest(source)?.max(newest(&contracts)?) < built)
}

/// When a file of the folder was changed last; folders in it do not count.
fn newest(folder: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let about = entry?.metadata()?;
        if about.is_file() {
            newest = newest.max(about.modified()?);
        }
    }
    Ok(newest)
}

fn build_command(tools: &Tools, profile: Profile, name: &str) -> Command {
    let mut command = portico(tools, profile);
    command
        .args(["plugin", "build"])
        .arg(folder().join(name))
        .arg("--output")
        .arg(component(name));
    command
}

/// Whether a plugin could be built.
pub fn is_built(name: &str) -> bool {
    component(name).is_file()
}

/// The command that runs a plugin in the sandbox, against its fixtures and misuse.
pub fn test(tools: &Tools, name: &str) -> Command {
    let mut command = portico(tools, Profile::Debug);
    command
        .args(["plugin", "test"])
        .arg(component(name))
        .arg("--fixtures")
        .arg(folder().join(name).join("fixtures"));
    command
}

/// A cargo command in the plugins' workspace.
pub fn cargo(tools: &Tools) -> Command {
    let mut command = tools.cargo();
    command.current_dir(folder());
    command
}

/// Portico, with the environment of cargo: it calls cargo, which has to be the same one.
fn portico(tools: &Tools, profile: Profile) -> Command {
    let mut command = tools.command(profile.binary());
    for (name, value) in tools.cargo().get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

fn component(name: &str) -> PathBuf {
    workspace::target().join(format!("plugins/{name}.wasm"))
}

fn folder() -> PathBuf {
    workspace::root().join("plugins")
}
