//! The values of one key, each with the entities that have it.

use std::{hash::BuildHasher, ops::Range};

use hashbrown::{DefaultHashBuilder, HashTable};
use memchr::memmem;
use portico_model::flatten::lower;
use roaring::RoaringBitmap;

use crate::{Slot, slot_set::SlotSet};

/// The number of a value within its key. Values that differ only in case have
/// different numbers, because facets show them as written.
pub(crate) type ValueId = u32;

/// Fewer dead values than this are never worth a compaction.
const COMPACT_FROM: usize = 64;

/// The distinct values of one key.
///
/// All text lies in one string, in the order the values arrived: the folded
/// form, followed by the written form where that differs. A substring search
/// is therefore one pass over contiguous memory.
#[derive(Debug, Default)]
pub(crate) struct Values {
    text: String,
    /// Where each value lies in the text.
    spans: Vec<Span>,
    /// The entities that have each value. A value that nobody has is dead.
    slots: Vec<SlotSet>,
    dead: usize,
    /// The values in use, by the hash of their folded text.
    table: HashTable<ValueId>,
    hasher: DefaultHashBuilder,
    /// The entities that have the key, also those whose value is null.
    present: RoaringBitmap,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    folded_len: u32,
}

impl Values {
    /// The number of a value, which is new or known. It counts once posted.
    pub(crate) fn intern(&mut self, written: &str) -> ValueId {
        let folded = lower(written);
        let hash = self.hasher.hash_one(&*folded);
        let same = |&id: &ValueId| self.folded(id) == folded && self.written(id) == written;
        if let Some(&id) = self.table.find(hash, same) {
            return id;
        }
        let id = self.spans.len() as ValueId;
        let (start, folded_len) = (self.text.len() as u32, folded.len() as u32);
        self.spans.push(Span { start, folded_len });
        self.slots.push(SlotSet::Empty);
        self.text.push_str(&folded);
        if folded != written {
            self.text.push_str(written);
        }
        let Self {
            text,
            spans,
            table,
            hasher,
            ..
        } = self;
        let rehash = |&id: &ValueId| hasher.hash_one(&text[spans[id as usize].folded()]);
        table.insert_unique(hash, id, rehash);
        id
    }

    /// Records that an entity has a value.
    pub(crate) fn post(&mut self, id: ValueId, slot: Slot) {
        self.slots[id as usize].insert(slot);
    }

    /// Records that an entity no longer has a value.
    pub(crate) fn unpost(&mut self, id: ValueId, slot: Slot) {
        self.slots[id as usize].remove(slot);
        if self.slots[id as usize].is_empty() {
            let hash = self.hasher.hash_one(self.folded(id));
            if let Ok(entry) = self.table.find_entry(hash, |&other| other == id) {
                entry.remove();
            }
            self.dead += 1;
        }
    }

    /// Records whether an entity has the key at all.
    pub(crate) fn set_present(&mut self, slot: Slot, present: bool) {
        if present {
            self.present.insert(slot);
        } else {
            self.present.remove(slot);
        }
    }

    pub(crate) fn present(&self) -> &RoaringBitmap {
        &self.present
    }

    /// The values in use, with the entities that have each.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ValueId, &SlotSet)> {
        (0..)
            .zip(&self.slots)
            .filter(|(_, slots)| !slots.is_empty())
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.dead
    }

    /// The value in lower case.
    pub(crate) fn folded(&self, id: ValueId) -> &str {
        &self.text[self.spans[id as usize].folded()]
    }

    /// The value as it was written.
    pub(crate) fn written(&self, id: ValueId) -> &str {
        let span = self.spans[id as usize];
        let next = self.spans.get(id as usize + 1);
        let end = next.map_or(self.text.len(), |next| next.start as usize);
        let written = &self.text[span.folded_end()..end];
        if written.is_empty() {
            self.folded(id)
        } else {
            written
        }
    }

    /// The sets of entities whose value equals `folded`: one for each way it is written.
    pub(crate) fn equal_to(&self, folded: &str) -> impl Iterator<Item = &SlotSet> {
        let hash = self.hasher.hash_one(folded);
        let ids = self
            .table
            .iter_hash(hash)
            .filter(move |&&id| self.folded(id) == folded);
        ids.map(|&id| &self.slots[id as usize])
    }

    /// The sets of entities whose value starts with `folded`.
    pub(crate) fn starting_with(&self, folded: &str) -> impl Iterator<Item = &SlotSet> {
        let starting = self
            .iter()
            .filter(move |&(id, _)| self.folded(id).starts_with(folded));
        starting.map(|(_, slots)| slots)
    }

    /// The sets of entities whose value contains `folded`.
    pub(crate) fn containing(&self, folded: &str) -> impl Iterator<Item = &SlotSet> {
        let finder = memmem::Finder::new(folded).into_owned();
        let len = folded.len();
        let mut next = 0;
        std::iter::from_fn(move || {
            loop {
                let from = self.spans.get(next)?.start as usize;
                let at = from + finder.find(&self.text.as_bytes()[from..])?;
                let id = self.value_at(at, next);
                next = id + 1;
                // Elsewhere it is a written form, or reaches into the next value.
                if at + len <= self.spans[id].folded_end() {
                    return Some(&self.slots[id]);
                }
            }
        })
    }

    /// Which value, `from` or a later one, has text at this offset.
    ///
    /// Gallops, because hits come in order and are often close together.
    fn value_at(&self, offset: usize, from: usize) -> usize {
        let rest = &self.spans[from..];
        let mut step = 1;
        while rest
            .get(step)
            .is_some_and(|span| span.start as usize <= offset)
        {
            step *= 2;
        }
        let window = &rest[step / 2..step.min(rest.len())];
        from + step / 2 + window.partition_point(|span| span.start as usize <= offset) - 1
    }

    /// Drops dead values once they are the majority. Answers with the new
    /// number of each old one, by which the caller must replace those it holds.
    pub(crate) fn compact(&mut self) -> Option<Vec<ValueId>> {
        if self.dead < COMPACT_FROM || self.dead * 2 < self.slots.len() {
            return None;
        }
        let old = std::mem::take(self);
        let mut renumbered = vec![ValueId::MAX; old.slots.len()];
        for (id, _) in old.iter() {
            renumbered[id as usize] = self.intern(old.written(id));
        }
        for (slots, &id) in old.slots.into_iter().zip(&renumbered) {
            if !slots.is_empty() {
                self.slots[id as usize] = slots;
            }
        }
        self.present = old.present;
        Some(renumbered)
    }
}

impl Span {
    fn folded(self) -> Range<usize> {
        self.start as usize..self.folded_end()
    }

    /// Where the written form starts, if it differs.
    fn folded_end(self) -> usize {
        (self.start + self.folded_len) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(written: &[&str]) -> Values {
        let mut values = Values::default();
        for (slot, text) in (0..).zip(written) {
            let id = values.intern(text);
            values.post(id, slot);
            values.set_present(slot, true);
        }
        values
    }

    fn slots<'a>(sets: impl Iterator<Item = &'a SlotSet>) -> Vec<Slot> {
        let mut all: Vec<Slot> = sets.flat_map(SlotSet::iter).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn keeps_the_written_form_and_finds_by_the_folded_one() {
        let values = values(&["Service", "service", "library", "Service"]);
        assert_eq!(values.len(), 3);
        assert_eq!(slots(values.equal_to("service")), [0, 1, 3]);
        let written: Vec<&str> = values.iter().map(|(id, _)| values.written(id)).collect();
        assert_eq!(written, ["Service", "service", "library"]);
    }

    #[test]
    fn finds_substrings_within_one_value_only() {
        let values = values(&["Orders-API", "ord", "ers", "", "PreOrders", "x"]);
        assert_eq!(slots(values.containing("orders")), [0, 4]);
        assert_eq!(slots(values.containing("ord")), [0, 1, 4]);
        assert_eq!(slots(values.containing("API")), [] as [Slot; 0]);
        assert_eq!(slots(values.containing("rdersx")), [] as [Slot; 0]);
        assert_eq!(slots(values.containing("x")), [5]);
        assert_eq!(slots(values.starting_with("or")), [0, 1]);
    }

    #[test]
    fn dead_values_are_not_found_and_make_room() {
        let texts: Vec<String> = (0..200).map(|number| format!("Value-{number}")).collect();
        let mut values = values(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(values.compact().is_none());
        for slot in 0..150 {
            values.unpost(slot, slot);
        }
        assert_eq!(slots(values.equal_to("value-7")), [] as [Slot; 0]);
        let length = values.text.len();
        let renumbered = values.compact().expect("most values are dead");
        assert!(values.text.len() < length / 3);
        assert_eq!(values.written(renumbered[160]), "Value-160");
        assert_eq!(slots(values.equal_to("value-160")), [160]);
        assert_eq!(slots(values.containing("value-19")).len(), 10);
    }
}
