//! The plugin platform of one process: where compiled code is kept, and by whom it is compiled.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use portico_catalog::Catalog;
use portico_plugins::{
    Plugins,
    host::{CompilerCommand, EgressMode, HostOptions},
};

/// Hands in what lies in the folder `plugins.import`, and approves what `plugins.approve` names.
pub(crate) async fn import(plugins: Plugins, folder: PathBuf) {
    for (path, imported) in plugins.import(&folder).await {
        let path = path.display();
        match imported {
            Ok(it) => {
                let (plugin, version) = (it.plugin, it.version);
                let became = if it.approved {
                    "approved"
                } else {
                    "waits for review"
                };
                tracing::info!(plugin, version, %path, "{became}");
            }
            Err(error) => tracing::warn!(%path, %error, "not handed in, or not approved"),
        }
    }
}

/// Starts the sandbox. `key` authenticates compiled code in the cache below `data`.
pub(crate) fn start(
    catalog: Catalog,
    data: &Path,
    key: &[u8],
    scm: Option<portico_scm::Scm>,
) -> Result<Plugins> {
    let key = key
        .try_into()
        .context("the key of the code cache has not 32 bytes")?;
    let compiler = CompilerCommand::this_program().context("this program's own path is unknown")?;
    let egress = match catalog.config().plugins.count_egress {
        true => EgressMode::Count,
        false => EgressMode::Enforce,
    };
    let options = HostOptions {
        egress,
        ..HostOptions::new(data.join("plugin-cache"), key, compiler)
    };
    Plugins::start(catalog, options, scm).context("the plugin sandbox does not start")
}
