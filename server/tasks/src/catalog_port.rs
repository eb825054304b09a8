//! The catalog, as actions of a task see it.

use async_trait::async_trait;
use portico_access::Principal;
use portico_catalog::{Catalog, CatalogError, LocationPreview, OnConflict, Severity, SourceKey};
use portico_model::EntityRef;
use portico_scaffolder::CatalogPort;
use serde_json::Value;

/// The catalog with the rights of whoever runs the task.
pub(crate) struct CatalogOf {
    pub(crate) catalog: Catalog,
    pub(crate) who: Principal,
}

#[async_trait]
impl CatalogPort for CatalogOf {
    async fn entity(&self, entity_ref: &EntityRef) -> Result<Option<Value>, String> {
        match self.catalog.entity(&self.who, entity_ref).await {
            Ok(body) => serde_json::from_slice(&body)
                .map(Some)
                .map_err(|error| error.to_string()),
            Err(CatalogError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn register(&self, url: &str) -> Result<Option<EntityRef>, String> {
        let key = location(url);
        let preview = self.catalog.preview_location(&self.who, &key).await;
        let preview = preview.map_err(|error| error.to_string())?;
        let wrong = preview
            .problems
            .iter()
            .find(|(_, problem)| problem.severity == Severity::Error);
        if let (true, Some((source, problem))) = (preview.entities.is_empty(), wrong) {
            return Err(format!("{source}: {}", problem.message));
        }
        self.catalog
            .register_location(&self.who, &key, OnConflict::Refresh)
            .await
            .map_err(|error| error.to_string())?;
        Ok(main_entity(&preview))
    }
}

/// What an address stands for: a file in a repository of ours, or on a host.
fn location(url: &str) -> SourceKey {
    let git = url.starts_with("local:");
    SourceKey {
        kind: if git { "git" } else { "url" }.to_owned(),
        // `repoContentsUrl` and `/catalog-info.yaml` were put together.
        target: match git {
            true => url.replacen(":/", ":", 1),
            false => url.to_owned(),
        },
    }
}

/// The entity that people mean: a component, else whatever is no location.
fn main_entity(preview: &LocationPreview) -> Option<EntityRef> {
    let refs = preview.entities.iter();
    let refs = refs.filter_map(|it| EntityRef::parse(&it.entity_ref, None, "default").ok());
    refs.min_by_key(|it| match it.kind() {
        "component" => 0,
        "location" => 2,
        _ => 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_locations() {
        assert_eq!(
            location("local:orders#main:/catalog-info.yaml").to_string(),
            "git:local:orders#main:catalog-info.yaml"
        );
        let url = "https://git.example/o/r/blob/main/catalog-info.yaml";
        assert_eq!(location(url).to_string(), format!("url:{url}"));
    }
}
