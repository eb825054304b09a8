//! Lists of entities: filtered, ordered, paged.

use bytes::Bytes;
use portico_access::{Principal, Scope};
use portico_index::{Direction, FullText, Label, Page, Query, SortPosition, Start};
use portico_model::Predicate;
use serde::{Deserialize, Serialize};

use crate::{Catalog, CatalogError, error::Result, read_model::State};

/// What to list.
#[derive(Clone, Debug)]
pub struct EntityQuery {
    /// Which entities.
    pub predicate: Predicate,
    /// A text that one of some fields must contain.
    pub full_text: Option<FullText>,
    /// Sort fields; only the first one counts, and entities without it are left out.
    pub order: Vec<(String, Direction)>,
    /// How many to skip.
    pub offset: usize,
    /// How many to return at most.
    pub limit: usize,
}

impl Default for EntityQuery {
    fn default() -> Self {
        Self {
            predicate: Predicate::Always,
            full_text: None,
            order: Vec::new(),
            offset: 0,
            limit: Self::DEFAULT_LIMIT,
        }
    }
}

impl EntityQuery {
    /// How many entities a page has when nothing else is asked.
    pub const DEFAULT_LIMIT: usize = 200;
}

/// One page of results.
#[derive(Clone, Debug)]
pub struct EntityPage<T> {
    /// The entities of this page.
    pub items: Vec<T>,
    /// How many entities match in all.
    pub total: u64,
    /// Continues after the last item, when there is more.
    pub next_cursor: Option<String>,
    /// Goes back before the first item, when there is something.
    pub prev_cursor: Option<String>,
}

/// A place in a result list. The query travels inside, so a cursor is all a client keeps.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Cursor {
    #[serde(rename = "q")]
    predicate: Predicate,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    full_text: Option<(String, Vec<String>)>,
    /// Sort key, and whether descending.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    order: Option<(String, bool)>,
    /// Sort value and ref of the entity next to the page.
    #[serde(rename = "p")]
    position: (Option<String>, String),
    #[serde(rename = "b", default)]
    backwards: bool,
}

impl Catalog {
    /// The entities that match `query`, as served JSON.
    pub async fn entities(
        &self,
        who: &Principal,
        query: &EntityQuery,
    ) -> Result<EntityPage<Bytes>> {
        let scope = self.sight(who)?;
        let page = self.select(&scope, query, Start::Offset(query.offset));
        self.with_bodies(&scope, query, page).await
    }

    /// The page a cursor points at.
    pub async fn entities_at(
        &self,
        who: &Principal,
        cursor: &str,
        limit: usize,
    ) -> Result<EntityPage<Bytes>> {
        let (query, start) = Cursor::decode(cursor, limit)?;
        let scope = self.sight(who)?;
        let page = self.select(&scope, &query, start);
        self.with_bodies(&scope, &query, page).await
    }

    /// The entities that match `query`, as labels: enough for a table, without touching the store.
    pub fn labels(&self, who: &Principal, query: &EntityQuery) -> Result<EntityPage<Label>> {
        let scope = self.sight(who)?;
        let page = self.select(&scope, query, Start::Offset(query.offset));
        let items = self.read_model().read(|state| {
            page.slots
                .iter()
                .filter_map(|&slot| state.index.label(slot).cloned())
                .collect()
        });
        Ok(Self::page(query, &page, items))
    }

    fn select(&self, scope: &Scope, query: &EntityQuery, start: Start) -> Page {
        self.read_model().read(|state: &State| {
            let visible = state.visible(scope);
            state.index.query(&Query {
                predicate: query.predicate.clone(),
                full_text: query.full_text.clone(),
                order: query.order.clone(),
                start,
                limit: query.limit,
                within: visible.within(),
            })
        })
    }

    async fn with_bodies(
        &self,
        scope: &Scope,
        query: &EntityQuery,
        page: Page,
    ) -> Result<EntityPage<Bytes>> {
        let bodies = self
            .read_model()
            .bodies(self.store(), scope, &page.slots)
            .await?;
        Ok(Self::page(
            query,
            &page,
            bodies.into_iter().flatten().collect(),
        ))
    }

    fn page<T>(query: &EntityQuery, page: &Page, items: Vec<T>) -> EntityPage<T> {
        let cursor = |position: &Option<SortPosition>, backwards: bool| {
            position
                .as_ref()
                .map(|position| Cursor::encode(query, position, backwards))
        };
        EntityPage {
            items,
            total: page.total,
            next_cursor: page.has_next.then(|| cursor(&page.last, false)).flatten(),
            prev_cursor: page.has_prev.then(|| cursor(&page.first, true)).flatten(),
        }
    }
}

impl Cursor {
    fn encode(query: &EntityQuery, position: &SortPosition, backwards: bool) -> String {
        let cursor = Self {
            predicate: query.predicate.clone(),
            full_text: query.full_text.clone().map(|text| (text.term, text.fields)),
            order: query
                .order
                .first()
                .map(|(key, way)| (key.clone(), *way == Direction::Desc)),
            position: (position.value.clone(), position.entity_ref.clone()),
            backwards,
        };
        base64_json(&cursor)
    }

    fn decode(text: &str, limit: usize) -> Result<(EntityQuery, Start)> {
        let cursor: Self = from_base64_json(text).ok_or_else(|| {
            CatalogError::Input("\"cursor\" is not one that Portico issued".into())
        })?;
        let query = EntityQuery {
            predicate: cursor.predicate,
            full_text: cursor
                .full_text
                .map(|(term, fields)| FullText { term, fields }),
            order: cursor
                .order
                .into_iter()
                .map(|(key, desc)| {
                    (
                        key,
                        if desc {
                            Direction::Desc
                        } else {
                            Direction::Asc
                        },
                    )
                })
                .collect(),
            offset: 0,
            limit,
        };
        let (value, entity_ref) = cursor.position;
        let position = SortPosition { value, entity_ref };
        let start = if cursor.backwards {
            Start::Before(position)
        } else {
            Start::After(position)
        };
        Ok((query, start))
    }
}

/// An opaque, URL-safe text for a value.
pub(crate) fn base64_json(value: &impl Serialize) -> String {
    use base64::Engine as _;
    let json = serde_json::to_vec(value).unwrap_or_default();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

/// The value of a text made by [`base64_json`]; `None` for anything else.
pub(crate) fn from_base64_json<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    use base64::Engine as _;
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .ok()?;
    serde_json::from_slice(&json).ok()
}
