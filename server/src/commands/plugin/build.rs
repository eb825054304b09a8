//! `portico plugin build`: from a folder to one file.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context as _, Result, bail};
use portico_plugin_package::{
    Manifest, Trust, World, component, contract, inspect, read_source, write_manifest,
};
use serde_json::Value;

use super::{BuildArgs, Language, report};

/// What a guest is built for: nothing but WebAssembly.
const TARGET: &str = "wasm32-unknown-unknown";

/// The world that is made for a plugin in Python or JavaScript.
const OWN_WORLD: &str = "own-world";

/// Runs componentize-js by its API: folder of the WIT, world, source, output.
const COMPONENTIZE_JS: &str = "\
import { componentize } from '@bytecodealliance/componentize-js';
import { writeFile } from 'node:fs/promises';
const [witPath, worldName, sourcePath, output] = process.argv.slice(1);
const disableFeatures = ['stdio', 'random', 'clocks', 'http', 'fetch-event'];
const { component } = await componentize({ sourcePath, witPath, worldName, disableFeatures });
await writeFile(output, component);
";

pub(super) fn run(args: &BuildArgs) -> Result<ExitCode> {
    let manifest = read_source(&args.folder)?;
    let output = match &args.output {
        Some(output) => output.clone(),
        None => args.folder.join(manifest.id.name()).with_extension("wasm"),
    };
    let component = match language(&args.folder)? {
        Language::Rust => rust(&args.folder)?,
        Language::Python => python(&args.folder, &manifest)?,
        Language::Javascript => javascript(&args.folder, &manifest)?,
    };
    let package = write_manifest(&component, &manifest)?;
    let report = inspect(&package, &Trust::default(), None);
    if let Some(folder) = output.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(&output, &package).with_context(|| format!("cannot write {}", output.display()))?;
    print!("{}", report::text(&output, &report));
    Ok(if report.is_acceptable() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn language(folder: &Path) -> Result<Language> {
    for (file, language) in [
        ("Cargo.toml", Language::Rust),
        ("app.py", Language::Python),
        ("app.js", Language::Javascript),
    ] {
        if folder.join(file).is_file() {
            return Ok(language);
        }
    }
    bail!(
        "{} has no Cargo.toml (Rust), app.py (Python) or app.js (JavaScript)",
        folder.display()
    )
}

fn rust(folder: &Path) -> Result<Vec<u8>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(folder)
        .args(["build", "--release", "--lib", "--target", TARGET])
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut build = command
        .spawn()
        .context("cannot start cargo: is Rust installed?")?;
    let messages = build.stdout.take().context("cargo has no output")?;
    let mut module = None;
    for line in BufReader::new(messages).lines() {
        let line = line.context("cannot read what cargo says")?;
        module = serde_json::from_str(&line)
            .ok()
            .and_then(|message| artifact(&message))
            .or(module);
    }
    if !build.wait().context("cannot wait for cargo")?.success() {
        bail!(
            "cargo could not build the plugin; the target is added by `rustup target add {TARGET}`"
        );
    }
    let module = module.context(
        "cargo made no .wasm file: Cargo.toml needs crate-type = [\"cdylib\", \"rlib\"]",
    )?;
    let module = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    Ok(component::encode(&module)?)
}

/// The module that a message of cargo's is about, if it is about one. The last one is the plugin:
/// what it depends on is built before it.
fn artifact(message: &Value) -> Option<PathBuf> {
    let is_artifact = message.get("reason")? == "compiler-artifact";
    let files = message.get("filenames")?.as_array()?.iter();
    let module = files
        .filter_map(Value::as_str)
        .map(Path::new)
        .find(|file| file.extension().is_some_and(|end| end == "wasm"))?;
    is_artifact.then(|| module.to_owned())
}

fn python(folder: &Path, manifest: &Manifest) -> Result<Vec<u8>> {
    let made = tempfile::tempdir().context("cannot make a temporary folder")?;
    let output = made.path().join("plugin.wasm");
    let mut command = Command::new("componentize-py");
    command
        .current_dir(folder)
        .arg("--wit-path")
        .arg(write_wit(made.path(), manifest)?)
        .args([
            "--world",
            OWN_WORLD,
            "componentize",
            "--stub-wasi",
            "app",
            "--output",
        ])
        .arg(&output);
    run_tool(
        command,
        "componentize-py",
        "pip install -r requirements.txt",
    )?;
    fs::read(&output).context("componentize-py has written nothing")
}

fn javascript(folder: &Path, manifest: &Manifest) -> Result<Vec<u8>> {
    let made = tempfile::tempdir().context("cannot make a temporary folder")?;
    let output = made.path().join("plugin.wasm");
    let folder = fs::canonicalize(folder).context("the folder cannot be found")?;
    let mut command = Command::new("node");
    command
        .current_dir(&folder)
        .args(["--input-type=module", "--eval", COMPONENTIZE_JS])
        .arg(write_wit(made.path(), manifest)?)
        .arg(OWN_WORLD)
        .arg(folder.join("app.js"))
        .arg(&output);
    run_tool(command, "node", "npm install")?;
    fs::read(&output).context("componentize-js has written nothing")
}

/// Writes the WIT package with a world of the plugin's own, which imports what `plugin.toml` asks
/// for. Of the whole world an interpreter would import everything, used or not.
fn write_wit(folder: &Path, manifest: &Manifest) -> Result<PathBuf> {
    let wit = folder.join("wit");
    fs::create_dir_all(&wit).context("cannot make a temporary folder")?;
    for (name, text) in contract::files() {
        fs::write(wit.join(name), text).context("cannot write the WIT package")?;
    }
    let export = match manifest.world {
        World::CatalogProvider => "provider",
        World::ScaffolderAction => "action",
        World::ScorecardCheck => "check",
    };
    let imports = manifest
        .capabilities
        .keys()
        .map(|name| format!("import {name};\n"));
    let world = format!(
        "world {OWN_WORLD} {{\n{}export {export};\n}}\n",
        imports.collect::<String>()
    );
    fs::write(wit.join("own.wit"), world).context("cannot write the WIT package")?;
    Ok(wit)
}

fn run_tool(mut command: Command, name: &str, install: &str) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{name}`: run `{install}` first"))?;
    if !status.success() {
        bail!("`{name}` could not build the plugin ({status}); `{install}` installs what it needs");
    }
    Ok(())
}
