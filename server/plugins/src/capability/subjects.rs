//! `repository`: the files beside the entities of one call.

use std::sync::Arc;

use async_trait::async_trait;
use portico_plugin_host::{Answer, CapabilityError, Plugin, PluginKey, Repositories, Scm};
use serde_json::Value;

use crate::Plugins;

/// The annotation that names an entity's repository, `local:orders-api` or a URL.
const REPOSITORY: &str = "portico.dev/repository";

/// The repositories of some entities, by their place in the call.
pub(crate) struct Subjects {
    plugin: PluginKey,
    scm: Option<Arc<dyn Scm>>,
    repositories: Vec<Option<String>>,
}

impl Subjects {
    pub(crate) fn new(plugins: &Plugins, plugin: &Plugin, entities: &[&Value]) -> Self {
        let repositories = entities.iter().map(|entity| {
            let annotation = entity
                .get("metadata")?
                .get("annotations")?
                .get(REPOSITORY)?;
            Some(annotation.as_str()?.to_owned())
        });
        Self {
            plugin: plugin.key().clone(),
            scm: plugins.0.scm.clone(),
            repositories: repositories.collect(),
        }
    }

    fn of(&self, subject: u32) -> Answer<(&Arc<dyn Scm>, &str)> {
        let repository = self.repositories.get(subject as usize);
        let repository = repository.and_then(Option::as_deref).ok_or_else(|| {
            CapabilityError::NotFound(format!(
                "the entity names no repository: it has no annotation {REPOSITORY}"
            ))
        })?;
        let scm = self.scm.as_ref().ok_or_else(|| {
            CapabilityError::Unavailable("this portal keeps no repositories".to_owned())
        })?;
        Ok((scm, repository))
    }
}

#[async_trait]
impl Repositories for Subjects {
    async fn read_file(&self, subject: u32, path: &str, max: u64) -> Answer<Option<Vec<u8>>> {
        let (scm, repository) = self.of(subject)?;
        scm.read_file(&self.plugin, repository, path, max).await
    }

    async fn find(&self, subject: u32, glob: &str, max: u32) -> Answer<Vec<String>> {
        let (scm, repository) = self.of(subject)?;
        scm.find(&self.plugin, repository, glob, max).await
    }
}
