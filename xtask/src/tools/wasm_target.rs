//! The WebAssembly target: from rustup, or else from Debian's own packages.
//!
//! Debian has no std for `wasm32-unknown-unknown`, but a compiler with the sources of std. It is
//! built from those once and put where the compiler looks for it; from then on that compiler
//! builds everything, native code too, so that nothing is compiled by two compilers.

use std::{fs, os::unix::fs::symlink, path::Path, time::Duration};

use anyhow::{Context, Result, bail};

use super::{Tools, apt};
use crate::{
    process,
    steps::{done, step},
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The name rustup knows Debian's compiler by.
const DEBIAN: &str = "debian";

/// What may be slow is a network that drops packets; the download itself takes seconds.
const PATIENCE: Duration = Duration::from_secs(90);

const PACKAGES: [&str; 7] = [
    "rustc-web",
    "cargo-web",
    "rust-web-clippy",
    "rustfmt-web",
    "rust-web-src",
    "libstd-rust-web-dev",
    "lld-22",
];

/// Makes sure that the target is there; the toolchain that has it, unless it is the usual one.
pub fn ensure(tools: &Tools) -> Result<Option<&'static str>> {
    let rustup = tools.find("rustup").is_some();
    if has_target(tools, None) {
        done("WebAssembly target", TARGET);
        return Ok(None);
    }
    if rustup && has_target(tools, Some(DEBIAN)) {
        done("WebAssembly target", "from Debian's compiler");
        return Ok(Some(DEBIAN));
    }
    let added = rustup
        && step("Adding the WebAssembly target with rustup", || {
            let mut command = tools.command("rustup");
            process::run_within(PATIENCE, command.args(["target", "add", TARGET]))
        })
        .is_ok();
    if added && has_target(tools, None) {
        return Ok(None);
    }
    step(
        "Building the WebAssembly target from Debian's packages",
        || from_debian(tools, rustup),
    )
    .context(
        "the WebAssembly target is missing: run `rustup target add wasm32-unknown-unknown` \
             where the Rust distribution servers can be reached, or run this as root on Debian",
    )?;
    let toolchain = rustup.then_some(DEBIAN);
    if !has_target(tools, toolchain) {
        bail!(
            "the WebAssembly target was built from Debian's packages, yet rustc does not find it"
        );
    }
    Ok(toolchain)
}

fn has_target(tools: &Tools, toolchain: Option<&str>) -> bool {
    let mut command = tools.command("rustc");
    command.args(["--print", "target-libdir", "--target", TARGET]);
    if let Some(toolchain) = toolchain {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    let Ok(folder) = process::output(&mut command) else {
        return false;
    };
    let Ok(files) = fs::read_dir(folder.trim()) else {
        return false;
    };
    files
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

fn from_debian(tools: &Tools, rustup: bool) -> Result<()> {
    apt::install(tools, &PACKAGES)?;
    if rustup {
        process::run(
            tools
                .command("rustup")
                .args(["toolchain", "link", DEBIAN, "/usr"]),
        )?;
    }
    let rustlib = Path::new("/usr/lib/rustlib");
    let host = process::output(
        tools
            .command("/usr/bin/rustc")
            .args(["--print", "host-tuple"]),
    )?;
    // The compiler looks for its linker under a name of its own.
    let linker = rustlib.join(host.trim()).join("bin/rust-lld");
    if !linker.exists() {
        fs::create_dir_all(linker.parent().context("a file has a folder")?)?;
        symlink("/usr/bin/lld-22", &linker).context("cannot link rust-lld")?;
    }
    build_std(tools, &rustlib.join(TARGET).join("lib"))
}

fn build_std(tools: &Tools, destination: &Path) -> Result<()> {
    let scratch = std::env::temp_dir().join(format!("portico-wasm-std-{}", std::process::id()));
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    let manifest =
        "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(scratch.join("Cargo.toml"), manifest)?;

    let mut build = tools.command("/usr/bin/cargo");
    build
        .current_dir(&scratch)
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "-Z",
            "build-std=std,panic_abort",
        ])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode in it, no later build could use link-time optimisation.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", scratch.join("target"));
    process::run(&mut build)?;

    fs::create_dir_all(destination)?;
    let crates = scratch.join("target").join(TARGET).join("release/deps");
    for file in fs::read_dir(crates)? {
        let file = file?.path();
        let name = file.file_name().context("a file has a name")?;
        if file
            .extension()
            .is_some_and(|extension| extension == "rlib")
            && !name.to_string_lossy().starts_with("libnothing-")
        {
            fs::copy(&file, destination.join(name))?;
        }
    }
    fs::remove_dir_all(&scratch)?;
    Ok(())
}
