//! The in-memory read model: what queries are answered from.
//!
//! It is derived from the stored documents and follows the store's change
//! feed. Losing it costs a reload, never data.

mod load;

use std::{collections::HashMap, time::Instant};

use bytes::Bytes;
use parking_lot::RwLock;
use portico_access::Scope;
use portico_index::{Index, Slot};
use portico_model::{Entity, annotations};
use portico_search::{SearchDocument, TextIndex};
use portico_store::{Changes, Problem, Seq, Store, StoredEntity};
use quick_cache::{Weighter, sync::Cache};
use serde_json::Value;
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

use crate::{CatalogError, body, error::Result, visible::Sights};

/// How many feed rows are applied under one write lock: long enough to be
/// efficient, short enough that a reader waits only a few milliseconds.
const APPLY_CHUNK: usize = 64;

/// From how many bodies what is hidden is taken out under one read lock.
const HIDE_CHUNK: usize = 64;

/// How many rows one feed read asks for.
const FEED_PAGE: usize = 1000;

/// The structures a query looks at, always changed together.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) index: Index,
    pub(crate) text: TextIndex,
    /// Grows with every change.
    pub(crate) generation: u64,
    pub(crate) sights: Sights,
    extras: HashMap<Slot, Extra>,
}

/// What the index does not need but a served body does.
struct Extra {
    hash: Box<str>,
    problems: Option<Box<str>>,
    orphan: bool,
}

/// The read model of one process.
pub(crate) struct ReadModel {
    state: RwLock<State>,
    bodies: Cache<(Slot, u64), Bytes, BodyWeight>,
    /// Serialises followers; holds the feed position reached.
    position: Mutex<Seq>,
    ready: watch::Sender<bool>,
}

#[derive(Clone)]
struct BodyWeight;

impl Weighter<(Slot, u64), Bytes> for BodyWeight {
    fn weight(&self, _key: &(Slot, u64), body: &Bytes) -> u64 {
        body.len() as u64 + 96
    }
}

impl ReadModel {
    /// An empty model that keeps at most `cache_bytes` of served bodies.
    pub(crate) fn new(cache_bytes: u64) -> Self {
        let expected_bodies = (cache_bytes / 4096).max(64) as usize;
        Self {
            state: RwLock::default(),
            bodies: Cache::with_weighter(expected_bodies, cache_bytes, BodyWeight),
            position: Mutex::new(0),
            ready: watch::Sender::new(false),
        }
    }

    /// Runs `read` on a consistent state. Keep it short: writers wait.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read())
    }

    #[cfg(test)]
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.write();
        state.generation += 1;
        change(&mut state);
    }

    /// Whether the first load is complete.
    pub(crate) fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    /// Waits for the first load.
    pub(crate) async fn wait_ready(&self) {
        let mut ready = self.ready.subscribe();
        let _ = ready.wait_for(|ready| *ready).await;
    }

    /// Loads everything, replacing what is there.
    pub(crate) async fn load(&self, store: &Store) -> Result<()> {
        let mut position = self.position.lock().await;
        self.load_locked(store, &mut position).await
    }

    /// Applies what the feed has beyond the position reached. Returns how many rows changed.
    pub(crate) async fn follow(&self, store: &Store) -> Result<usize> {
        let mut position = self.position.lock().await;
        let mut applied = 0;
        loop {
            let changes = store.changes_since(*position, FEED_PAGE).await?;
            if changes.reload {
                self.load_locked(store, &mut position).await?;
                return Ok(applied);
            }
            if changes.seq == *position {
                return Ok(applied);
            }
            applied += changes.upserted.len() + changes.removed.len();
            *position = changes.seq;
            self.apply(&changes);
        }
    }

    /// The served bodies of `slots`, in order, for somebody who sees what is in `scope`;
    /// `None` where the entity is gone.
    pub(crate) async fn bodies(
        &self,
        store: &Store,
        scope: &Scope,
        slots: &[Slot],
    ) -> Result<Vec<Option<Bytes>>> {
        let mut bodies = self.whole_bodies(store, slots).await?;
        if *scope == Scope::Everything {
            return Ok(bodies);
        }
        // A part at a time: writers wait meanwhile.
        for (bodies, slots) in bodies.chunks_mut(HIDE_CHUNK).zip(slots.chunks(HIDE_CHUNK)) {
            self.read(|state| {
                let visible = state.visible(scope);
                let is_shown = |target: &str| {
                    let target = state.index.slot(target);
                    target.is_none_or(|target| visible.sees(target))
                };
                for (place, &slot) in bodies.iter_mut().zip(slots) {
                    if let Some(body) = place {
                        let relations = state.index.relations(slot);
                        *place = body::with_shown(body, &relations, is_shown);
                    }
                }
            });
        }
        Ok(bodies)
    }

    async fn whole_bodies(&self, store: &Store, slots: &[Slot]) -> Result<Vec<Option<Bytes>>> {
        let mut bodies: Vec<Option<Bytes>> = Vec::with_capacity(slots.len());
        let mut missing: Vec<(usize, Slot, Uuid)> = Vec::new();
        self.read(|state| {
            for (at, &slot) in slots.iter().enumerate() {
                let cached = self.bodies.get(&(slot, state.index.version(slot)));
                if cached.is_none()
                    && let Some(label) = state.index.label(slot)
                {
                    missing.push((at, slot, label.id));
                }
                bodies.push(cached);
            }
        });
        if missing.is_empty() {
            return Ok(bodies);
        }
        let ids: Vec<Uuid> = missing.iter().map(|&(_, _, id)| id).collect();
        let documents = store.documents(&ids).await?;
        for (at, slot, id) in missing {
            let Some(document) = documents.get(&id) else {
                continue;
            };
            let Some((body, version)) = self.assemble(slot, id, document)? else {
                continue;
            };
            self.bodies.insert((slot, version), body.clone());
            if let Some(place) = bodies.get_mut(at) {
                *place = Some(body);
            }
        }
        Ok(bodies)
    }

    /// The body and the version it is of; `None` when the entity is gone meanwhile.
    fn assemble(&self, slot: Slot, id: Uuid, document: &str) -> Result<Option<(Bytes, u64)>> {
        self.read(|state| {
            let Some(extra) = state.extras.get(&slot) else {
                return Ok(None);
            };
            let marked = extra.orphan.then(|| marked_orphan(document)).flatten();
            let document = marked.as_deref().unwrap_or(document);
            let problems = parse_problems(extra.problems.as_deref());
            let relations = state.index.relations(slot);
            body::assemble(document, &extra.hash, id, relations.into_iter(), &problems)
                .map(|body| Some((body, state.index.version(slot))))
                .ok_or_else(|| CatalogError::Inconsistent {
                    what: format!("entity with uid {id}"),
                    detail: "the stored document is not an entity".to_owned(),
                })
        })
    }

    async fn load_locked(&self, store: &Store, position: &mut Seq) -> Result<()> {
        let started = Instant::now();
        let builder = load::Builder::start();
        let seq = store.load_all(|rows| builder.add(rows)).await?;
        let fresh = builder.finish().ok_or_else(|| CatalogError::Inconsistent {
            what: "the read model".to_owned(),
            detail: "deriving it panicked".to_owned(),
        })?;
        *position = seq;
        let entities = fresh.index.len();
        *self.state.write() = fresh;
        self.bodies.clear();
        self.ready.send_replace(true);
        tracing::info!(
            entities,
            seq,
            elapsed_ms = started.elapsed().as_millis() as u64,
            "read model loaded"
        );
        Ok(())
    }

    fn apply(&self, changes: &Changes) {
        for removed in changes.removed.chunks(APPLY_CHUNK) {
            let mut state = self.state.write();
            for (id, entity_ref) in removed {
                state.remove(*id, entity_ref);
            }
        }
        for upserted in changes.upserted.chunks(APPLY_CHUNK) {
            let mut state = self.state.write();
            for row in upserted {
                state.upsert(row);
            }
        }
    }
}

impl State {
    fn upsert(&mut self, row: &StoredEntity) {
        if let Some(entity) = Self::entity(row) {
            let slot = self.insert(row, &entity);
            self.text
                .upsert(slot, &SearchDocument::from_entity(&entity));
        }
    }

    /// The entity of a row, as it is served.
    fn entity(row: &StoredEntity) -> Option<Entity> {
        let text = match row.orphan {
            true => marked_orphan(&row.document),
            false => None,
        };
        let text = text.as_deref().unwrap_or(&row.document);
        let entity = serde_json::from_str::<Entity>(text);
        if entity.is_err() {
            tracing::error!(
                entity = row.entity_ref,
                "stored document is not JSON; entity is not served"
            );
        }
        entity.ok()
    }

    /// Takes up everything of an entity but its text.
    fn insert(&mut self, row: &StoredEntity, entity: &Entity) -> Slot {
        self.generation += 1;
        let slot = self.index.upsert(row.id, entity);
        self.extras.insert(
            slot,
            Extra {
                hash: row.hash.as_str().into(),
                problems: row.problems.as_deref().map(Into::into),
                orphan: row.orphan,
            },
        );
        slot
    }

    /// Removes the entity unless its ref meanwhile belongs to another row.
    fn remove(&mut self, id: Uuid, entity_ref: &str) {
        self.generation += 1;
        let same = self
            .index
            .slot(entity_ref)
            .and_then(|slot| self.index.label(slot))
            .is_some_and(|label| label.id == id);
        if same && let Some(slot) = self.index.remove(entity_ref) {
            self.text.remove(slot);
            self.extras.remove(&slot);
        }
    }

    /// The current problems of an entity.
    pub(crate) fn problems(&self, slot: Slot) -> Vec<Problem> {
        parse_problems(
            self.extras
                .get(&slot)
                .and_then(|extra| extra.problems.as_deref()),
        )
    }

    /// Whether no source delivers the entity any more.
    pub(crate) fn is_orphan(&self, slot: Slot) -> bool {
        self.extras.get(&slot).is_some_and(|extra| extra.orphan)
    }
}

fn parse_problems(json: Option<&str>) -> Vec<Problem> {
    json.and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}

/// The document with the orphan annotation, as clients of the catalog expect it.
fn marked_orphan(document: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(document).ok()?;
    let metadata = value.get_mut("metadata")?.as_object_mut()?;
    metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(serde_json::Map::new()))
        .as_object_mut()?
        .insert(annotations::ORPHAN.to_owned(), Value::from("true"));
    Some(value.to_string())
}
