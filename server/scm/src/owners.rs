//! Who owns a repository: the owners of the entities that live in it.

use portico_access::Principal;
use portico_catalog::{Catalog, EntityQuery};
use portico_model::{Entity, LocationRef, Predicate, RelationType, annotations};

use crate::{Repository, Result};

/// The annotation by which an entity says where its source code is: `local:NAME`, or the URL
/// of a repository on another host.
pub const REPOSITORY_ANNOTATION: &str = "portico.dev/repository";

/// Entities of one repository that are looked at.
const MAX_ENTITIES: usize = 1000;

/// The refs of who owns a repository.
///
/// An entity counts when it names the repository in [`REPOSITORY_ANNOTATION`] and whoever
/// wrote that may speak for the repository: an operator, who put the entity's location into
/// the configuration, or the repository itself, on its default branch. Anyone may register
/// a location, so other entities can name any repository, and their owners get nothing by it.
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
    let configured = origin.is_some_and(|origin| {
        let mut locations = catalog.config().catalog.locations.iter();
        locations.any(|it| origin.split_once(':') == Some((it.kind.as_str(), it.target.as_str())))
    });
    let within = || {
        let location = entity.annotation(annotations::MANAGED_BY_LOCATION)?;
        let location = LocationRef::parse(location).ok()?;
        let file = location.target().strip_prefix(&repository.url);
        if let Some(file) = file.and_then(|it| it.strip_prefix('/')) {
            // On GitHub.
            let branch = &repository.default_branch;
            let on_branch = |verb| file.starts_with(&format!("{verb}/{branch}/"));
            return Some(on_branch("blob") || on_branch("tree"));
        }
        let (address, fragment) = location.target().split_once('#')?;
        let (reference, _) = fragment.split_once(':')?;
        let default = reference.is_empty() || reference == repository.default_branch;
        Some(address == repository.url && default)
    };
    configured || within().unwrap_or(false)
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
