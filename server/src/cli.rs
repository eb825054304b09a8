//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{plugin::PluginCommand, template::TemplateCommand, validate::ValidateArgs};

/// The internal developer portal: software catalog, ownership, relations, in one binary.
#[derive(Debug, Parser)]
#[command(
    name = "portico",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(after_help = "\
Examples:
  portico serve                                   start with SQLite in ./data on http://127.0.0.1:3000
  portico serve --config portico.yaml             the same, with your configuration
  portico validate catalog-info.yaml services/    check catalog files, with line numbers and hints
  portico config check --config portico.yaml      what the configuration means, secrets masked
  portico plugin new infra:add-redis --world scaffolder-action      start a plugin
  portico template render --context values.json '${{ values.name }}'   try the template language

Logs go to standard error; PORTICO_LOG=debug shows more (tracing filter syntax).")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the portal: web UI, REST API and ingestion in one process.
    ///
    /// Any number of processes may serve one PostgreSQL database; each is stateless.
    Serve(ServeArgs),
    /// Check catalog files: syntax, schema, references, with file, line and a hint.
    Validate(ValidateArgs),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look after the database.
    #[command(subcommand)]
    Db(DbCommand),
    /// Look at the audit log: verify its chain, write it to a file.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Read every source once, print what came of it, and exit.
    ///
    /// For pipelines and first imports; a portal that serves does this by itself.
    Ingest(ConfigArgs),
    /// Write, build, check, sign and submit plugins.
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Try templates: render a text, run a case file, see what a whole template would do.
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Compile a plugin, as a process with little to lose. Portico calls it.
    #[command(hide = true)]
    PluginCompile {
        /// Memory and time it may take.
        limits: Vec<u64>,
    },
    /// Print the `OpenAPI` description of the REST API as JSON.
    Openapi,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the effective configuration with the origin of each value, secrets masked.
    ///
    /// Unknown keys are reported with the nearest known one. Exits with 1 on an error.
    Check(ConfigArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbCommand {
    /// Bring the schema up to date. `serve` does this by itself at start.
    Migrate(ConfigArgs),
    /// Print the schema version of the database and the newest this binary knows.
    Status(ConfigArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Walk the chain of events and say whether it is whole. Exits with 1 where it is broken.
    ///
    /// The last line is for keeping elsewhere: with --noted, a log that was written anew shows.
    Verify(AuditVerifyArgs),
    /// Print the events, newest first.
    Export(AuditExportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AuditVerifyArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// What an earlier run printed: the event there must still have that hash.
    #[arg(long, value_name = "POSITION:HASH")]
    pub(crate) noted: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AuditExportArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// How to write them.
    #[arg(long, value_enum, default_value = "ndjson")]
    pub(crate) format: AuditExportFormat,
    /// Only what this principal did.
    #[arg(long)]
    pub(crate) principal: Option<String>,
    /// Only this action, or the actions below it.
    #[arg(long)]
    pub(crate) action: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AuditExportFormat {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// One JSON array.
    Json,
}

/// Where the configuration comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration file; repeat to layer several, later ones win. A Backstage
    /// app-config.yaml works. Default: portico.yaml if it is there.
    #[arg(
        long,
        short,
        env = "PORTICO_CONFIG",
        value_delimiter = ',',
        value_name = "FILE"
    )]
    pub(crate) config: Vec<PathBuf>,
    /// Folder for everything Portico keeps on disk (SQLite database, git clones).
    #[arg(long, env = "PORTICO_DATA", value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Address to listen on; overrides backend.listen.
    #[arg(long, env = "PORTICO_LISTEN", value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Folder with the site assets. Default: `site` beside the binary, then target/site.
    #[arg(long, env = "PORTICO_SITE", value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
}
