//! Taking an entity out of the catalog.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// What unregistering would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnregisterView {
    /// The registered location the entity descends from, with its id.
    pub location: Option<(String, String)>,
    /// Refs that would go with it.
    pub affected: Vec<String>,
    /// How many would go in all.
    pub affected_total: u64,
}

/// What unregistering the entity would remove.
#[server(prefix = "/_ui", endpoint = "unregister-preview", input = Json, output = Json)]
pub async fn unregister_preview(entity_ref: String) -> Result<UnregisterView, UiError> {
    server::unregister_preview(&crate::data::server_context()?, &entity_ref).await
}

/// Unregisters the entity's location, or removes the entity when it has none.
/// Answers with how many entities are gone.
#[server(prefix = "/_ui", endpoint = "unregister", input = Json, output = Json)]
pub async fn unregister(entity_ref: String) -> Result<u64, UiError> {
    server::unregister(&crate::data::server_context()?, &entity_ref).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_catalog::{CatalogError, EntityQuery};
    use portico_model::{Predicate, annotations};

    use super::UnregisterView;
    use crate::{
        ServerContext,
        data::{UiError, entity::parse},
    };

    /// How many affected refs an unregister dialog lists.
    const AFFECTED: usize = 20;

    pub(super) async fn unregister_preview(
        context: &ServerContext,
        text: &str,
    ) -> Result<UnregisterView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        let location = match catalog.location_of_entity(who, &entity_ref).await {
            Ok(location) => location,
            Err(CatalogError::NotFound(_)) => {
                return Ok(UnregisterView {
                    location: None,
                    affected: vec![entity_ref.to_string()],
                    affected_total: 1,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let label = location.key.to_string();
        let origin = format!(
            "metadata.annotations.{}",
            annotations::MANAGED_BY_ORIGIN_LOCATION
        );
        let query = EntityQuery {
            predicate: Predicate::In(origin.to_lowercase(), vec![label.to_lowercase()]),
            limit: AFFECTED,
            ..EntityQuery::default()
        };
        let page = catalog.labels(who, &query)?;
        Ok(UnregisterView {
            location: Some((location.id.to_string(), label)),
            affected: page
                .items
                .iter()
                .map(|label| label.entity_ref.to_string())
                .collect(),
            affected_total: page.total,
        })
    }

    pub(super) async fn unregister(context: &ServerContext, text: &str) -> Result<u64, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let entity_ref = parse(text)?;
        match catalog.location_of_entity(who, &entity_ref).await {
            Ok(location) => Ok(catalog.unregister_location(who, location.id).await?.len() as u64),
            Err(CatalogError::NotFound(_)) => {
                catalog.delete_entity(who, &entity_ref).await?;
                Ok(1)
            }
            Err(error) => Err(error.into()),
        }
    }
}
