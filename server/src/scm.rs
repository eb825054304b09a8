//! Source control of one process: the repositories in the data folder, and those on other hosts.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use portico_catalog::Catalog;
use portico_scm::{AzureDevOps, GitHub, LocalGit, RepositoryHost, Scm};

/// The folder of the repositories below `data`.
pub(crate) fn folder(data: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(data.join("git"))
}

/// Opens the repositories below `data`, and makes those that the configuration asks for.
pub(crate) async fn start(catalog: Catalog, data: &Path) -> Result<Scm> {
    let config = catalog.config();
    let portal = config.configured_url().unwrap_or_default();
    let local = LocalGit::new(catalog.store().clone(), folder(data)?, portal);
    if let Some(folder) = &config.scm.local_import {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let made = local.import_all(folder, now.as_millis() as i64).await;
        let made = made.context("scm.local.import cannot be imported")?;
        if !made.is_empty() {
            tracing::info!(repositories = made.join(", "), "imported");
        }
    }
    let integrations = catalog.sources().integrations().clone();
    let github = GitHub::new(catalog.store().clone(), integrations.clone());
    let azure = AzureDevOps::new(catalog.store().clone(), integrations);
    let hosts: Vec<Arc<dyn RepositoryHost>> =
        vec![Arc::new(local), Arc::new(github), Arc::new(azure)];
    Ok(Scm::new(catalog, hosts))
}
