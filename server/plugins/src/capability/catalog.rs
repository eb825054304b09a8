//! `catalog`: reading entities.

use async_trait::async_trait;
use portico_catalog::{CatalogError, EntityQuery};
use portico_model::{EntityRef, Predicate, parse_filter_params};
use portico_plugin_host::{
    Answer, CapabilityError, CatalogPage, CatalogQuery, CatalogReader, PluginKey,
};

use super::unavailable;
use crate::caller::caller;

pub(crate) struct Catalog(pub(crate) portico_catalog::Catalog);

#[async_trait]
impl CatalogReader for Catalog {
    async fn entity(&self, _: &PluginKey, entity_ref: &str) -> Answer<Option<String>> {
        let entity_ref = EntityRef::parse(entity_ref, None, "default")
            .map_err(|error| CapabilityError::Invalid(error.to_string()))?;
        match self.0.entity(&caller(), &entity_ref).await {
            Ok(body) => Ok(Some(String::from_utf8_lossy(&body).into_owned())),
            Err(CatalogError::NotFound(_)) => Ok(None),
            Err(error) => Err(unavailable(&error)),
        }
    }

    async fn entities(&self, _: &PluginKey, query: CatalogQuery) -> Answer<CatalogPage> {
        // A cursor is no more than a place: one made up leads nowhere else.
        let offset = query.cursor.as_deref().map_or(Ok(0), str::parse::<usize>);
        let offset =
            offset.map_err(|_| CapabilityError::Invalid("this is no cursor".to_owned()))?;
        let filter = parse_filter_params(&query.filters)
            .map_err(|error| CapabilityError::Invalid(error.to_string()))?;
        let kinds = match query.kinds.is_empty() {
            true => Predicate::Always,
            false => Predicate::In("kind".to_owned(), query.kinds),
        };
        let entities = EntityQuery {
            predicate: Predicate::all(vec![kinds, filter]),
            offset,
            limit: query.limit as usize,
            ..EntityQuery::default()
        };
        let page = self.0.entities(&caller(), &entities).await;
        let page = page.map_err(|error| match error {
            CatalogError::Input(message) => CapabilityError::Invalid(message),
            error => unavailable(&error),
        })?;
        let reached = offset + page.items.len();
        let entities = page.items.iter();
        Ok(CatalogPage {
            entities: entities
                .map(|body| String::from_utf8_lossy(body).into_owned())
                .collect(),
            total: page.total,
            next: ((reached as u64) < page.total).then(|| reached.to_string()),
        })
    }
}
