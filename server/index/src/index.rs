//! The index itself: what it holds, and how it changes.

use std::collections::HashMap;

use portico_model::Entity;
use roaring::RoaringBitmap;
use uuid::Uuid;

use crate::{
    Label, Slot,
    columns::{Columns, KeyId},
    graph::{Declared, Graph},
    interner::Interner,
    order::Orders,
    sorted::missing_from,
    values::ValueId,
};

/// The key under which an entity's id is searched. It comes from the caller,
/// so it is no column.
pub(crate) const UID: &str = "metadata.uid";

/// The read model of every entity of the catalog.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) columns: Columns,
    pub(crate) graph: Graph,
    pub(crate) orders: Orders,
    /// The slots that are entities, not only mentioned.
    pub(crate) live: RoaringBitmap,
    entities: Vec<Option<Box<Indexed>>>,
    versions: Vec<u64>,
    clock: u64,
    by_id: HashMap<Uuid, Slot>,
    texts: Interner,
}

#[derive(Debug)]
struct Indexed {
    label: Label,
    /// Ascending, without repeats.
    rows: Box<[Row]>,
}

/// One key and value of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) key: KeyId,
    pub(crate) value: ValueId,
}

impl Index {
    /// An index of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entity, or replaces the one with the same reference or id.
    pub fn upsert(&mut self, id: Uuid, entity: &Entity) -> Slot {
        let entity_ref = entity.entity_ref().to_string();
        if let Some(label) = self.slot_by_id(id).and_then(|slot| self.label(slot))
            && *label.entity_ref != *entity_ref
        {
            let former = label.entity_ref.clone();
            self.remove(&former);
        }
        let slot = self.graph.intern(&entity_ref);
        self.grow();
        let declared = self.declared(entity);
        let rows = self.rows(entity);
        let entity_ref = self
            .graph
            .shared_ref(slot)
            .unwrap_or_else(|| entity_ref.into());
        let label = Label::new(id, entity_ref, entity, &mut self.texts);
        let indexed = Box::new(Indexed {
            label,
            rows: rows.clone(),
        });

        let former = self.entities[slot as usize].replace(indexed);
        if let Some(former) = &former
            && former.label.id != id
        {
            self.by_id.remove(&former.label.id);
        }
        self.by_id.insert(id, slot);
        self.live.insert(slot);
        self.replace_rows(
            slot,
            former.as_ref().map_or(&[], |former| &former.rows),
            &rows,
        );
        self.replace_relations(slot, declared);
        self.touch(slot);
        slot
    }

    /// Removes the entity with this full, lower-case reference.
    pub fn remove(&mut self, entity_ref: &str) -> Option<Slot> {
        let slot = self.slot(entity_ref)?;
        let former = self.entities[slot as usize].take()?;
        self.by_id.remove(&former.label.id);
        self.live.remove(slot);
        self.replace_rows(slot, &former.rows, &[]);
        self.replace_relations(slot, Vec::new());
        self.touch(slot);
        Some(slot)
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no entity.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Every entity.
    pub fn all(&self) -> &RoaringBitmap {
        &self.live
    }

    /// The slot of the entity with this full, lower-case reference.
    pub fn slot(&self, entity_ref: &str) -> Option<Slot> {
        self.graph
            .slot(entity_ref)
            .filter(|&slot| self.live.contains(slot))
    }

    /// The slot of the entity with this id.
    pub fn slot_by_id(&self, id: Uuid) -> Option<Slot> {
        self.by_id.get(&id).copied()
    }

    /// What a list shows of an entity.
    pub fn label(&self, slot: Slot) -> Option<&Label> {
        Some(&self.indexed(slot)?.label)
    }

    /// The labels of entities by their full, lower-case references, in that order.
    pub fn labels_of<R: AsRef<str>>(
        &self,
        refs: impl IntoIterator<Item = R>,
    ) -> Vec<Option<&Label>> {
        let slots = refs
            .into_iter()
            .map(|entity_ref| self.slot(entity_ref.as_ref()));
        slots.map(|slot| self.label(slot?)).collect()
    }

    /// A number that changes whenever the entity or a relation that touches it does.
    ///
    /// It never comes back, not even when the slot is used again.
    pub fn version(&self, slot: Slot) -> u64 {
        self.versions
            .get(slot as usize)
            .copied()
            .unwrap_or_default()
    }

    /// All keys and values of an entity.
    pub(crate) fn rows_at(&self, slot: Slot) -> &[Row] {
        self.indexed(slot).map_or(&[][..], |indexed| &indexed.rows)
    }

    /// An entity's values of one key.
    pub(crate) fn rows_of(&self, slot: Slot, key: KeyId) -> &[Row] {
        let rows = self.rows_at(slot);
        let from = rows.partition_point(|row| row.key < key);
        let len = rows[from..].partition_point(|row| row.key == key);
        &rows[from..from + len]
    }

    fn indexed(&self, slot: Slot) -> Option<&Indexed> {
        self.entities.get(slot as usize)?.as_deref()
    }

    fn rows(&mut self, entity: &Entity) -> Box<[Row]> {
        let mut rows = Vec::with_capacity(48);
        portico_model::flatten(entity, |key, value| {
            if key != UID {
                let key = self.columns.intern(key);
                let value = self.columns.get_mut(key).intern(value);
                rows.push(Row { key, value });
            }
        });
        rows.sort_unstable();
        rows.dedup();
        rows.into_boxed_slice()
    }

    /// What an entity declares; also gives each other end a node.
    fn declared(&mut self, entity: &Entity) -> Vec<Declared> {
        let own = entity.entity_ref();
        let mut declared: Vec<Declared> = portico_model::emitted_relations(entity)
            .into_iter()
            .filter_map(|relation| {
                let (kind, other) = if relation.source == own {
                    (relation.kind, relation.target)
                } else if relation.target == own {
                    (relation.kind.inverse(), relation.source)
                } else {
                    return None;
                };
                Some(Declared {
                    kind,
                    other: self.graph.intern(&other.to_string()),
                })
            })
            .collect();
        declared.sort_unstable();
        declared.dedup();
        self.grow();
        declared
    }

    /// Moves an entity from its former rows to its present ones.
    fn replace_rows(&mut self, slot: Slot, before: &[Row], after: &[Row]) {
        for &Row { key, value } in missing_from(after, before) {
            self.columns.get_mut(key).post(value, slot);
            self.orders.moved(key, slot);
        }
        for &Row { key, value } in missing_from(before, after) {
            self.columns.get_mut(key).unpost(value, slot);
            self.orders.moved(key, slot);
            let at = after.partition_point(|row| row.key < key);
            if after.get(at).is_none_or(|row| row.key != key) {
                self.columns.get_mut(key).set_absent(slot);
                if self.columns.forget_if_empty(key) {
                    self.orders.forget(key);
                    continue;
                }
            }
            if let Some(renumbered) = self.columns.get_mut(key).compact() {
                self.renumber(key, &renumbered);
            }
        }
    }

    /// Follows the renumbering of a key's values.
    fn renumber(&mut self, key: KeyId, renumbered: &[ValueId]) {
        for slot in self.columns.get(key).present().iter() {
            let Some(indexed) = &mut self.entities[slot as usize] else {
                continue;
            };
            let from = indexed.rows.partition_point(|row| row.key < key);
            let len = indexed.rows[from..].partition_point(|row| row.key == key);
            let rows = &mut indexed.rows[from..from + len];
            for row in &mut *rows {
                row.value = renumbered
                    .get(row.value as usize)
                    .copied()
                    .unwrap_or(row.value);
            }
            rows.sort_unstable();
        }
    }

    fn replace_relations(&mut self, slot: Slot, declared: Vec<Declared>) {
        let mut changed = vec![slot];
        self.graph
            .declare(slot, declared, |slot| changed.push(slot));
        for slot in changed {
            self.touch(slot);
            if !self.live.contains(slot) {
                self.graph.release(slot);
            }
        }
        self.orders.renamed(&self.graph.take_renamed());
    }

    fn touch(&mut self, slot: Slot) {
        self.clock += 1;
        self.versions[slot as usize] = self.clock;
    }

    /// Makes room for the slots that the graph has handed out.
    fn grow(&mut self) {
        let slots = self.graph.len();
        self.entities
            .resize_with(slots.max(self.entities.len()), || None);
        self.versions.resize(slots, 0);
    }
}
