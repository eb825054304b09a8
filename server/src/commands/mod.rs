//! One file a command.

mod audit;
mod config_check;
mod db;
mod ingest;
mod openapi;
pub(crate) mod plugin;
mod remote;
mod serve;
pub(crate) mod template;
pub(crate) mod validate;

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context as _, Result};
use portico_config::{Config, DatabaseConfig, Loaded};
use portico_store::{Store, StoreOptions};

use crate::cli::{Cli, Command, ConfigArgs, ConfigCommand, DbCommand};

/// Runs the chosen command.
pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Serve(args) => block_on(serve::run(args)),
        Command::Validate(args) => validate::run(&args),
        Command::Config(ConfigCommand::Check(args)) => config_check::run(&args),
        Command::Db(DbCommand::Migrate(args)) => block_on(db::migrate(args)),
        Command::Db(DbCommand::Status(args)) => block_on(db::status(args)),
        Command::Audit(command) => block_on(audit::run(command)),
        Command::Ingest(args) => block_on(ingest::run(args)),
        Command::Plugin(command) => plugin::run(command),
        Command::Template(command) => template::run(command),
        Command::PluginCompile { .. } => plugin::test::compile(),
        Command::Openapi => openapi::run(),
    }
}

fn block_on(work: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the async runtime does not start")?;
    let outcome = runtime.block_on(work);
    // What blocks a thread, such as a file on a dead network share, does not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    outcome
}

/// The configuration the arguments name, with its warnings.
fn load_config(args: &ConfigArgs) -> Result<Loaded> {
    let mut files = args.config.clone();
    let default = std::path::Path::new("portico.yaml");
    if files.is_empty() && default.is_file() {
        files.push(default.to_owned());
    }
    Config::load(&files).map_err(Into::into)
}

/// Loads the configuration, says its warnings in the log, opens and migrates the store.
async fn open(args: &ConfigArgs) -> Result<(Arc<Config>, Store)> {
    let loaded = load_config(args)?;
    crate::logging::start(&loaded.config.logging);
    for warning in &loaded.warnings {
        tracing::warn!("configuration: {warning}");
    }
    let store = connect(&loaded.config, args).await?;
    store
        .migrate()
        .await
        .context("the database schema cannot be brought up to date")?;
    Ok((Arc::new(loaded.config), store))
}

async fn connect(config: &Config, args: &ConfigArgs) -> Result<Store> {
    let url = database_url(config, args)?;
    let shown = if url.starts_with("sqlite") {
        url.as_str()
    } else {
        "postgres"
    };
    Store::connect(&url, StoreOptions::default())
        .await
        .with_context(|| format!("the database {shown} cannot be opened"))
}

fn database_url(config: &Config, args: &ConfigArgs) -> Result<String> {
    Ok(match &config.backend.database {
        DatabaseConfig::SqliteMemory => "sqlite::memory:".to_owned(),
        DatabaseConfig::Postgres(url) => url.expose().to_owned(),
        DatabaseConfig::SqliteFile(path) => {
            // A relative default lives in the data folder; an absolute path is the operator's choice.
            let path = match path.strip_prefix("data") {
                Ok(file) if path.is_relative() => args.data.join(file),
                _ => path.clone(),
            };
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
            }
            format!("sqlite:{}", path.display())
        }
    })
}
