//! `catalog`: reading entities of the granted kinds.

use super::Guest;
use crate::bindings::portico::plugin::catalog::{Host, Page, Query};
use crate::services::{Answer, CatalogPage, CatalogQuery};
use crate::store::{CallState, invalid, not_offered, too_much};
use crate::{Grants, Interface};

const MAX_REF_BYTES: usize = 512;
const MAX_FILTERS: usize = 32;
const MAX_FILTER_BYTES: usize = 2_048;
const MAX_CURSOR_BYTES: usize = 2_048;

impl Host for CallState {
    async fn get_entity(&mut self, entity_ref: String) -> Guest<Option<String>> {
        Ok(self.entity(&entity_ref).await.map_err(Into::into))
    }

    async fn query_entities(&mut self, query: Query) -> Guest<Page> {
        let page = self.entities(query).await;
        Ok(page.map(Page::from).map_err(Into::into))
    }
}

impl CallState {
    async fn entity(&mut self, entity_ref: &str) -> Answer<Option<String>> {
        self.count_host_call()?;
        if entity_ref.len() > MAX_REF_BYTES {
            return Err(too_much(format!(
                "a reference has at most {MAX_REF_BYTES} bytes"
            )));
        }
        let entity_ref = entity_ref.to_lowercase();
        let (kind, name) = entity_ref
            .split_once(':')
            .ok_or_else(|| invalid(format!("{entity_ref:?} is not kind:namespace/name")))?;
        let granted = |grants: &Grants| grants.catalog.as_ref().is_some_and(|it| it.allows(kind));
        if !granted(&self.plugin.grants) {
            self.denied(Interface::Catalog, &format!("the kind {kind:?}"));
            return Ok(None);
        }
        let full = match name.contains('/') {
            true => entity_ref,
            false => format!("{kind}:default/{name}"),
        };
        let catalog = self.plugin.services.catalog.clone();
        let catalog = catalog.ok_or_else(|| not_offered("catalog"))?;
        catalog.entity(&self.plugin.key, &full).await
    }

    async fn entities(&mut self, query: Query) -> Answer<CatalogPage> {
        self.count_host_call()?;
        let long = |it: &String| it.len() > MAX_FILTER_BYTES;
        if query.filters.len() > MAX_FILTERS || query.filters.iter().any(long) {
            return Err(too_much("too many filters, or too long ones"));
        }
        if query
            .cursor
            .as_ref()
            .is_some_and(|it| it.len() > MAX_CURSOR_BYTES)
        {
            return Err(invalid("this is no cursor"));
        }
        let kinds = self.plugin.grants.catalog.as_ref();
        let query = CatalogQuery {
            filters: query.filters,
            kinds: kinds.map(|it| it.kinds.clone()).unwrap_or_default(),
            limit: query.limit.min(self.plugin.limits.entities),
            cursor: query.cursor,
        };
        let catalog = self.plugin.services.catalog.clone();
        let catalog = catalog.ok_or_else(|| not_offered("catalog"))?;
        catalog.entities(&self.plugin.key, query).await
    }
}

impl From<CatalogPage> for Page {
    fn from(page: CatalogPage) -> Self {
        Self {
            entities: page.entities,
            total: page.total,
            next: page.next,
        }
    }
}
