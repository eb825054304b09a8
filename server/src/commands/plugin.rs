//! `portico plugin`: everything an author of plugins needs.

mod build;
mod inspect;
mod keys;
mod new;
mod push;
mod report;
mod submit;
pub(crate) mod test;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};
use portico_plugin_package::World;

use super::remote::RemoteArgs;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Start a plugin: a folder with an example that builds as it is.
    New(NewArgs),
    /// Build the plugin in a folder: one file, component and manifest.
    Build(BuildArgs),
    /// Run a plugin in the real sandbox, against fixtures and misuse.
    ///
    /// Prints what each call used. Exits with 1 when anything fails.
    Test(TestArgs),
    /// Say what a plugin is, what it may touch, and what is wrong with it.
    ///
    /// Exits with 1 when it would not be accepted.
    Inspect(InspectArgs),
    /// Make a pair of keys to sign with: NAME.pub is for the platform team, NAME.key is a secret.
    Keygen(KeygenArgs),
    /// Sign a plugin, inside the file or beside it.
    Sign(SignArgs),
    /// Put a plugin into a registry of OCI artifacts, and print its reference with the digest.
    Push(PushArgs),
    /// Hand a plugin to the platform team of a running portal.
    Submit(SubmitArgs),
}

/// Options of `new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The plugin's id, such as `infra:add-redis`; what is after the colon names the folder.
    #[arg(value_name = "ID")]
    id: portico_plugin_package::PluginId,
    /// What it is to be.
    #[arg(long, value_enum)]
    world: WorldName,
    /// What to write it in.
    #[arg(long = "lang", value_enum, default_value_t = Language::Rust)]
    language: Language,
    /// Who publishes it.
    #[arg(long, default_value = "example")]
    publisher: String,
    /// Rust: use the SDK in this folder, instead of writing a copy beside the plugin.
    #[arg(long, value_name = "DIR")]
    sdk: Option<PathBuf>,
    /// Where to make it. Default: a folder of the plugin's name.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Options of `build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The folder with `plugin.toml`.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
    /// The file to write. Default: NAME.wasm in the folder.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Options of `test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// The plugin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder with the fixtures. Default: `fixtures` beside the file.
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
}

/// Options of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The plugin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Compare with another version of it.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Publishers' keys to check the signature with: a JSON list as the portal keeps it.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Options of `keygen`.
#[derive(Debug, Args)]
pub(crate) struct KeygenArgs {
    /// What the two files are called, without an ending.
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// Protects the secret key. Without one, keep the file in a safe place.
    #[arg(long, env = "PORTICO_KEY_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

/// Options of `sign`.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The plugin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The secret key file, of `portico plugin keygen` or of minisign.
    #[arg(long, env = "PORTICO_KEY", value_name = "FILE")]
    key: PathBuf,
    /// The password of the key, if it has one.
    #[arg(long, env = "PORTICO_KEY_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Write FILE.minisig instead of signing inside the file.
    #[arg(long)]
    detached: bool,
}

/// Options of `push`.
#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    /// The plugin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where it goes: `registry.example.com/plugins/orders`. The tag is its version, unless there
    /// is one.
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// Who you are in the registry.
    #[arg(
        long,
        env = "PORTICO_REGISTRY_USERNAME",
        value_name = "NAME",
        requires = "password"
    )]
    username: Option<String>,
    /// Your password or token there.
    #[arg(
        long,
        env = "PORTICO_REGISTRY_PASSWORD",
        hide_env_values = true,
        requires = "username"
    )]
    password: Option<String>,
    /// The registry has no TLS.
    #[arg(long)]
    insecure: bool,
}

/// Options of `submit`.
#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// The plugin: a file, or `oci://` and what `portico plugin push` printed.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    remote: RemoteArgs,
}

/// How to print a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object.
    Json,
}

/// The worlds, as they are named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WorldName {
    /// Brings entities into the catalog
    CatalogProvider,
    /// One step of a template
    ScaffolderAction,
    /// Judges entities
    ScorecardCheck,
}

impl From<WorldName> for World {
    fn from(name: WorldName) -> Self {
        match name {
            WorldName::CatalogProvider => Self::CatalogProvider,
            WorldName::ScaffolderAction => Self::ScaffolderAction,
            WorldName::ScorecardCheck => Self::ScorecardCheck,
        }
    }
}

/// What plugins are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Small and fast; the SDK tests natively
    Rust,
    /// With componentize-py
    Python,
    /// With componentize-js
    Javascript,
}

/// Runs the chosen command.
pub(crate) fn run(command: PluginCommand) -> anyhow::Result<ExitCode> {
    match command {
        PluginCommand::New(args) => new::run(&args),
        PluginCommand::Build(args) => build::run(&args),
        PluginCommand::Test(args) => super::block_on(test::run(args)),
        PluginCommand::Inspect(args) => inspect::run(&args),
        PluginCommand::Keygen(args) => keys::generate(args),
        PluginCommand::Sign(args) => keys::sign(args),
        PluginCommand::Push(args) => super::block_on(push::run(args)),
        PluginCommand::Submit(args) => super::block_on(submit::run(args)),
    }
}
