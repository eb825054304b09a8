//! The tools that the commands need: found where they are, installed where they are not.
//!
//! Rust tools go to cargo's own folder, system packages come from apt; so every checkout on a
//! machine shares them. npm's packages go to `node_modules` of this checkout.

mod apt;
mod cargo_deny;
mod cargo_leptos;
mod chromium;
pub mod guests;
mod npm;
mod postgres;
mod pypi;
mod versions;
mod wasm_bindgen;
mod wasm_target;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result};

pub use self::{
    postgres::{Cluster, Durability},
    pypi::check_jsonschema,
};
use crate::{process, workspace};

/// The tools that are ready, and how to call them.
pub struct Tools {
    path: OsString,
    /// The toolchain to use instead of the one that is there, see [`wasm_target`].
    toolchain: Option<&'static str>,
}

impl Tools {
    /// What compiling Rust needs: the toolchain that has the WebAssembly target.
    pub fn for_rust() -> Result<Self> {
        let mut tools = Self::found()?;
        tools.toolchain = wasm_target::ensure(&tools)?;
        Ok(tools)
    }

    /// What building Portico needs.
    pub fn for_build() -> Result<Self> {
        let tools = Self::for_rust()?;
        cargo_leptos::ensure(&tools)?;
        wasm_bindgen::ensure(&tools)?;
        npm::ensure(&tools)?;
        Ok(tools)
    }

    /// What `check` needs.
    pub fn for_check() -> Result<Self> {
        let tools = Self::for_rust()?;
        cargo_deny::ensure(&tools)?;
        npm::ensure(&tools)?;
        Ok(tools)
    }

    /// What any command needs.
    pub fn for_everything() -> Result<Self> {
        let tools = Self::for_build()?;
        cargo_deny::ensure(&tools)?;
        tools.postgres()?;
        tools.chromium()?;
        Ok(tools)
    }

    /// The folder with the PostgreSQL server's programs.
    pub fn postgres(&self) -> Result<PathBuf> {
        postgres::ensure(self)
    }

    /// The browser for the tests; `None` is the one that Playwright has downloaded.
    pub fn chromium(&self) -> Result<Option<PathBuf>> {
        chromium::ensure(self)
    }

    /// A cargo command in the workspace.
    pub fn cargo(&self) -> Command {
        let mut command = self.command("cargo");
        if let Some(toolchain) = self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        // `cargo xtask` runs us with these set for our own package; build scripts that watch
        // them (ring's does) would run again each time.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text == "LD_LIBRARY_PATH"
                || text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_")
            {
                command.env_remove(name);
            }
        }
        command
    }

    /// A command in the workspace's root that finds our tools on its `PATH`.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(workspace::root())
            .env("PATH", &self.path);
        command
    }

    fn found() -> Result<Self> {
        let path = env::var_os("PATH").context("PATH is not set")?;
        let ours = workspace::root().join("node_modules/.bin");
        let folders = std::iter::once(ours).chain(env::split_paths(&path));
        Ok(Self {
            path: env::join_paths(folders)?,
            toolchain: None,
        })
    }

    fn find(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
    }
}

/// The version that a tool names on the first line of its `--version`, if the tool is there.
fn version(command: &mut Command) -> Option<String> {
    let text = process::output(command).ok()?;
    let mut words = text.lines().next()?.split_whitespace();
    words
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}
