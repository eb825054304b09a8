//! Templates and tasks of one process: where tasks work, and what their secrets are kept with.

use std::path::Path;

use anyhow::{Context as _, Result};
use portico_catalog::Catalog;
use portico_config::{Config, DatabaseConfig};
use portico_plugins::Plugins;
use portico_scm::Scm;
use portico_tasks::{SecretsKey, Tasks, TasksOptions};

/// The file of the key that is made when none is configured, below the data folder.
const KEY_FILE: &str = "scaffolder-secrets.key";

/// Tasks that work below `data`. None runs before [`Tasks::run`].
pub(crate) fn start(catalog: Catalog, scm: Scm, plugins: Plugins, data: &Path) -> Result<Tasks> {
    let config = catalog.config();
    let options = TasksOptions {
        concurrency: config.scaffolder.concurrent_tasks,
        timeout: config.scaffolder.task_timeout,
        retention: config.scaffolder.retention,
        // What is left is for giving tasks back.
        grace: config.backend.shutdown_grace.mul_f32(0.6),
        key: key(config, data)?,
        ..TasksOptions::new(std::path::absolute(data.join("tasks"))?)
    };
    Ok(Tasks::new(catalog, Some(scm), Some(plugins), options))
}

/// The configured key; else with SQLite, which no other machine has, one of our own.
fn key(config: &Config, data: &Path) -> Result<Option<SecretsKey>> {
    if let Some(text) = &config.scaffolder.secrets_key {
        let key = SecretsKey::from_text(text.expose());
        return key
            .map(Some)
            .context("scaffolder.secretsKey needs at least 32 characters");
    }
    if matches!(config.backend.database, DatabaseConfig::Postgres(_)) {
        return Ok(None);
    }
    let file = data.join(KEY_FILE);
    SecretsKey::from_file(&file)
        .map(Some)
        .with_context(|| format!("{} cannot be used as the key of secrets", file.display()))
}
