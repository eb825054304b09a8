//! Capability `catalog`: reading the software catalog.
//!
//! ```
//! use portico_plugin_sdk::{catalog, json, mock};
//!
//! let host = mock::Host::new();
//! host.add_entity(json!({"kind": "Component", "metadata": {"name": "orders"}}));
//!
//! let orders = catalog::get("component:default/orders")?;
//! assert!(orders.is_some());
//! for entity in catalog::query(["kind=component"]) {
//!     println!("{}", entity?.reference());
//! }
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

use std::{mem, vec::IntoIter};

use crate::{Context as _, Entity, HostResult, Result, host};

/// How many entities are asked for at once.
const PAGE: u32 = 200;

/// One page of entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// In the order of their references.
    pub entities: Vec<Entity>,
    /// How many match in all.
    pub total: u64,
    /// Where the next page begins; none on the last page.
    pub next: Option<String>,
}

/// One entity; none when there is none, or none that the grant lets be seen.
pub fn get(reference: &str) -> Result<Option<Entity>> {
    host::catalog_get(reference)?
        .map(|json| serde_json::from_str(&json).context("an entity is not JSON"))
        .transpose()
}

/// All entities that match one of the filters, such as `kind=component,spec.type=service`; all
/// there are when there is no filter. Pages are read as they are needed.
pub fn query(filters: impl IntoIterator<Item = impl Into<String>>) -> Entities {
    Entities {
        filters: filters.into_iter().map(Into::into).collect(),
        page: Vec::new().into_iter(),
        next: Next::First,
    }
}

/// One page of the entities that match; of at most `limit`, from where another page ended.
pub fn page(filters: &[String], limit: u32, cursor: Option<&str>) -> HostResult<Page> {
    host::catalog_query(filters, limit, cursor)
}

/// The entities that [`query`] finds.
#[derive(Clone, Debug)]
pub struct Entities {
    filters: Vec<String>,
    page: IntoIter<Entity>,
    next: Next,
}

/// Where the next page begins.
#[derive(Clone, Debug)]
enum Next {
    First,
    After(String),
    Nowhere,
}

impl Iterator for Entities {
    type Item = HostResult<Entity>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entity) = self.page.next() {
                return Some(Ok(entity));
            }
            let cursor = match mem::replace(&mut self.next, Next::Nowhere) {
                Next::First => None,
                Next::After(cursor) => Some(cursor),
                Next::Nowhere => return None,
            };
            match page(&self.filters, PAGE, cursor.as_deref()) {
                Ok(page) => {
                    self.page = page.entities.into_iter();
                    self.next = page.next.map_or(Next::Nowhere, Next::After);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
