//! Who owns a repository: the owners of the entities that live in it.

use portico_access::Principal;
use portico_catalog::{Catalog, EntityQuery};
use portico_model::{Entity, LocationRef, Predicate, RelationType, annotations};
use portico_sources::Location;

use crate::{Repository, Result};

/// The annotation by which an entity says where its source code is: `local:NAME`, or the URL
/// of a repository on another host.
pub const REPOSITORY_ANNOTATION: &str = "portico.dev/repository";

/// Entities of one repository that are looked at.
const MAX_ENTITIES: usize = 1000;

/// The refs of who owns a repository.
///
/// An entity counts when it names the repository in [`REPOSITORY_ANNOTATION`] and whoever
/// wrote that may speak for the repository: an operator, in a file that the configuration names
/// or in the server's own files that it leads to, or the repository itself, on its default
/// branch. Anyone may register a location or be listed in a central file, so other entities can
/// name any repository, and their owners get nothing by it.
pub(crate) async fn owners(catalog: &Catalog, repository: &Repository) -> Result<Vec<String>> {
    let query = naming(&repository.url, MAX_ENTITIES);
    let page = catalog.entities(&Principal::System, &query).await?;
    let mut owners = Vec::new();
    for body in &page.items {
        let Ok(entity) = serde_json::from_slice::<Entity>(body) else {
            continue;
        };
        if speaks_for(catalog, &entity, repository) {
            owners.extend(owners_of(&entity));
        }
    }
    owners.sort_unstable();
    owners.dedup();
    Ok(owners)
}

/// Whether an entity that somebody sees names an address as its repository.
pub(crate) async fn is_named(catalog: &Catalog, who: &Principal, url: &str) -> Result<bool> {
    let page = catalog.entities(who, &naming(url, 1)).await?;
    Ok(!page.items.is_empty())
}

/// Asks for the entities that name an address as their repository.
fn naming(url: &str, limit: usize) -> EntityQuery {
    let key = format!("metadata.annotations.{REPOSITORY_ANNOTATION}");
    EntityQuery {
        predicate: Predicate::In(key, vec![url.to_lowercase()]),
        limit,
        ..EntityQuery::default()
    }
}

fn speaks_for(catalog: &Catalog, entity: &Entity, repository: &Repository) -> bool {
    let origin = entity.annotation(annotations::MANAGED_BY_ORIGIN_LOCATION);
    let location = entity.annotation(annotations::MANAGED_BY_LOCATION);
    let by_operator = origin.zip(location).is_some_and(|(origin, location)| {
        let mut locations = catalog.config().catalog.locations.iter();
        let is_configured = locations
            .any(|it| origin.split_once(':') == Some((it.kind.as_str(), it.target.as_str())));
        is_configured && (location == origin || location.starts_with("file:"))
    });
    let within = || {
        let location = LocationRef::parse(location?).ok()?;
        let location = Location {
            kind: location.kind().to_owned(),
            target: location.target().to_owned(),
        };
        let place = catalog.sources().within(&location, &repository.url)?;
        let branch = place.reference.as_ref();
        let is_default = branch.is_none_or(|it| *it == repository.default_branch);
        Some(place.is_branch && is_default)
    };
    by_operator || within().unwrap_or(false)
}

fn owners_of(entity: &Entity) -> Vec<String> {
    let relations = entity.as_object().get("relations");
    let relations = relations.and_then(serde_json::Value::as_array);
    relations
        .into_iter()
        .flatten()
        .filter(|relation| relation["type"] == RelationType::OwnedBy.as_str())
        .filter_map(|relation| relation["targetRef"].as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use portico_config::{Config, ConfiguredLocation};
    use portico_sources::Sources;
    use portico_testkit::on_each_engine;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn a_repository_speaks_for_itself_on_its_default_branch_only() {
        on_each_engine(async |store| {
            let sources = Sources::new(&Config::default()).unwrap();
            let catalog = Catalog::new(store, sources, Arc::new(Config::default()));
            for (url, location, expected) in [
                (
                    "https://dev.azure.com/o/p/_git/r",
                    "url:https://dev.azure.com/o/p/_git/r?path=/catalog-info.yaml&version=GBmain",
                    true,
                ),
                (
                    "https://dev.azure.com/o/p/_git/r",
                    "url:https://dev.azure.com/o/p/_git/r?path=/catalog-info.yaml&version=GBmine",
                    false,
                ),
                (
                    "https://dev.azure.com/o/p/_git/r",
                    "url:https://dev.azure.com/o/p/_git/r?path=/catalog-info.yaml&version=GTmain",
                    false,
                ),
                (
                    "https://dev.azure.com/o/p/_git/r",
                    "url:https://dev.azure.com/o/p/_git/mine?path=/catalog-info.yaml",
                    false,
                ),
                (
                    "https://github.com/o/r",
                    "url:https://github.com/o/r/blob/main/catalog-info.yaml",
                    true,
                ),
                (
                    "https://github.com/o/r",
                    "url:https://github.com/o/r/blob/mine/catalog-info.yaml",
                    false,
                ),
                ("local:r", "git:local:r#:catalog-info.yaml", true),
                ("local:r", "git:local:r#mine:catalog-info.yaml", false),
                ("local:r", "git:local:mine#main:catalog-info.yaml", false),
            ] {
                let entity = entity(location, location);
                let repository = Repository {
                    name: "r".to_owned(),
                    url: url.to_owned(),
                    default_branch: "main".to_owned(),
                };
                assert_eq!(
                    speaks_for(&catalog, &entity, &repository),
                    expected,
                    "{location}"
                );
            }
        })
        .await;
    }

    #[tokio::test]
    async fn an_operator_speaks_in_files_of_their_own_only() {
        on_each_engine(async |store| {
            let mut config = Config::default();
            let central = "https://github.com/o/central/blob/main/all.yaml";
            for (kind, target) in [("url", central), ("file", "/srv/catalog/*.yaml")] {
                config.catalog.locations.push(ConfiguredLocation {
                    kind: kind.to_owned(),
                    target: target.to_owned(),
                    interval: None,
                });
            }
            let sources = Sources::new(&config).unwrap();
            let catalog = Catalog::new(store, sources, Arc::new(config));
            let repository = Repository {
                name: "r".to_owned(),
                url: "https://github.com/o/r".to_owned(),
                default_branch: "main".to_owned(),
            };
            let central = format!("url:{central}");
            let listed = "url:https://github.com/o/theirs/blob/main/catalog-info.yaml";
            let beside = "url:https://github.com/o/central/blob/main/theirs.yaml";
            let files = "file:/srv/catalog/*.yaml";
            for (location, origin, expected) in [
                (central.as_str(), central.as_str(), true),
                (listed, &central, false),
                (beside, &central, false),
                ("file:/srv/catalog/all.yaml", files, true),
                ("file:/srv/more/all.yaml", files, true),
                (listed, files, false),
                (listed, listed, false),
            ] {
                let entity = entity(location, origin);
                let speaks = speaks_for(&catalog, &entity, &repository);
                assert_eq!(speaks, expected, "{location} of {origin}");
            }
        })
        .await;
    }

    fn entity(location: &str, origin: &str) -> Entity {
        serde_json::from_value(json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "it", "annotations": {
                annotations::MANAGED_BY_LOCATION: location,
                annotations::MANAGED_BY_ORIGIN_LOCATION: origin,
            }},
        }))
        .unwrap()
    }
}
