//! `plugins`: the plugins in `plugins/`, which are a workspace of their own, as components.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    build::{self, Profile},
    process,
    steps::step,
    tools::Tools,
    workspace,
};

/// The folders of the plugins in Rust.
pub const PLUGINS: [&str; 5] = [
    "add-redis",
    "aspire-manifest",
    "cmdb-json",
    "dotnet-version",
    "repo-hygiene",
];

pub fn plugins() -> Result<()> {
    build(&Tools::for_rust()?)
}

/// Builds each plugin as its author would, into `target/plugins`.
pub fn build(tools: &Tools) -> Result<()> {
    build::server(tools, Profile::Debug)?;
    step("Plugins", || {
        PLUGINS.into_iter().try_for_each(|name| {
            let mut command = portico(tools);
            command
                .args(["plugin", "build"])
                .arg(folder().join(name))
                .arg("--output")
                .arg(component(name));
            process::run(&mut command)
        })
    })
}

/// The command that runs a plugin in the sandbox, against its fixtures and misuse.
pub fn test(tools: &Tools, name: &str) -> Command {
    let mut command = portico(tools);
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
fn portico(tools: &Tools) -> Command {
    let mut command = tools.command(Profile::Debug.binary());
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
