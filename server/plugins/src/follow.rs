//! Making this process run what the database says, on every replica.

use std::{collections::HashMap, sync::Arc, time::Duration};

use portico_plugin_host::{PluginSpec, World};
use portico_plugin_package::{Report, Sections};
use portico_store::PluginVersionRow;
use tokio_util::sync::CancellationToken;

use crate::{PluginError, Plugins, Running, decide::no_manifest, error::Result, view};

/// How often a replica looks for decisions made on others.
const LOOK_EVERY: Duration = Duration::from_millis(500);

impl Plugins {
    /// Follows what is decided, here or on other replicas, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.follow().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "plugins not brought up to date; trying again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Brings this process up to date with what was decided. Calls that run end on the
    /// version they began on.
    pub async fn follow(&self) -> Result<()> {
        let mut position = self.0.position.lock().await;
        let seq = self.store().plugin_seq().await?;
        if *position == Some(seq) {
            return Ok(());
        }
        let versions = self.store().plugin_versions(None).await?;
        let versions: HashMap<&str, &PluginVersionRow> = versions
            .iter()
            .map(|row| (row.digest.as_str(), row))
            .collect();
        let mut wanted = HashMap::new();
        for plugin in self.store().plugins().await? {
            let version = plugin.active.as_deref().filter(|_| !plugin.disabled);
            let version = version.and_then(|digest| versions.get(digest).copied());
            if let Some(version) = version.filter(|it| it.status == "approved") {
                wanted.insert(plugin.id, version);
            }
        }
        self.stop_all_but(&wanted);
        let mut providers = Vec::new();
        for (id, version) in wanted {
            let report: Report = view::decode(&version.report)?;
            let manifest = report
                .manifest
                .ok_or_else(|| no_manifest(&version.digest))?;
            let world = view::world(manifest.world);
            if world == World::CatalogProvider {
                providers.push(id.clone());
            }
            self.bring_up(&id, world, version).await;
        }
        self.catalog().set_providers(&providers).await?;
        *position = Some(seq);
        Ok(())
    }

    fn stop_all_but(&self, wanted: &HashMap<String, &PluginVersionRow>) {
        let stopped: Vec<Running> = {
            let mut running = self.0.running.write();
            let gone = running.extract_if(|id, _| !wanted.contains_key(id));
            gone.map(|(_, running)| running).collect()
        };
        for running in stopped {
            if let Running::Ready { plugin, .. } = running {
                tracing::info!(plugin = plugin.key().id, "plugin stopped");
                self.host().unload(plugin.key());
            }
        }
    }

    async fn bring_up(&self, id: &str, world: World, version: &PluginVersionRow) {
        let made_from = made_from(version);
        let same = match self.0.running.read().get(id) {
            Some(Running::Ready { made_from: it, .. }) => *it == made_from,
            _ => false,
        };
        if same {
            return;
        }
        let started = std::time::Instant::now();
        let running = match self.load(id, world, version).await {
            Ok(plugin) => {
                tracing::info!(
                    plugin = id,
                    version = version.version,
                    elapsed_ms = started.elapsed().as_millis() as u64,
                    "plugin active"
                );
                Running::Ready { plugin, made_from }
            }
            Err(error) => {
                let reason = error.to_string();
                tracing::error!(plugin = id, version = version.version, reason, "not active");
                Running::Broken(reason)
            }
        };
        let former = self.0.running.write().insert(id.to_owned(), running);
        if let Some(Running::Ready { plugin: former, .. }) = former
            && self.running(id).is_ok_and(|now| now.key() != former.key())
        {
            self.host().unload(former.key());
        }
    }

    async fn load(
        &self,
        id: &str,
        world: World,
        version: &PluginVersionRow,
    ) -> Result<Arc<portico_plugin_host::Plugin>> {
        let digest = &version.digest;
        let file = self.store().plugin_file(digest).await?;
        let file = file.ok_or_else(|| PluginError::NotFound(format!("file of {digest}")))?;
        let sections = Sections::find(&file).map_err(|error| PluginError::Inconsistent {
            what: format!("file of {digest}"),
            detail: error.to_string(),
        })?;
        let part = |json: &Option<String>| json.clone().unwrap_or_else(|| "{}".to_owned());
        let spec = PluginSpec {
            id: id.to_owned(),
            world,
            wasm: Arc::from(sections.payload),
            grants: view::decode(&part(&version.grants))?,
            limits: view::decode(&part(&version.limits))?,
            config: view::decode(&part(&version.config))?,
        };
        Ok(self.host().load(spec).await?)
    }
}

/// Everything a running plugin is made from: another text, another plugin.
fn made_from(version: &PluginVersionRow) -> String {
    let parts = [&version.grants, &version.limits, &version.config];
    parts.into_iter().fold(version.digest.clone(), |all, part| {
        all + "\n" + part.as_deref().unwrap_or_default()
    })
}
