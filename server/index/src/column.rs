//! One search key.

use std::borrow::Cow;

use roaring::RoaringBitmap;

use crate::{
    Slot,
    slot_set::SlotSet,
    values::{ValueId, Values},
};

/// The value of most keys that end in an array's item: `metadata.tags.java`.
const TRUE: &str = "true";

/// The number of [`TRUE`], which every column sees first or not at all.
const TRUE_ID: ValueId = 0;

/// The entities that have one search key, by value.
///
/// Arrays make a key of each item with the value `true`, so a catalog has as
/// many of these as it has distinct dependencies. They need only `truths`;
/// any other value moves the column to `values`.
#[derive(Debug, Default)]
pub(crate) struct Column {
    truths: SlotSet,
    values: Option<Box<Values>>,
}

/// A condition on a folded value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Test<'a> {
    Equals(&'a str),
    StartsWith(&'a str),
    Contains(&'a str),
}

impl Test<'_> {
    pub(crate) fn accepts(self, folded: &str) -> bool {
        match self {
            Self::Equals(text) => folded == text,
            Self::StartsWith(text) => folded.starts_with(text),
            Self::Contains(text) => folded.contains(text),
        }
    }
}

impl Column {
    /// The number that stands for null.
    pub(crate) const NULL: ValueId = ValueId::MAX;

    /// The number of a value, which is new or known. It counts once posted.
    pub(crate) fn intern(&mut self, written: Option<&str>) -> ValueId {
        match written {
            None => Self::NULL,
            Some(TRUE) if self.values.is_none() => TRUE_ID,
            Some(written) => self.values_mut().intern(written),
        }
    }

    /// Records that an entity has a value.
    pub(crate) fn post(&mut self, id: ValueId, slot: Slot) {
        if id == TRUE_ID && self.values.is_none() {
            self.truths.insert(slot);
            return;
        }
        let values = self.values_mut();
        values.set_present(slot, true);
        if id != Self::NULL {
            values.post(id, slot);
        }
    }

    /// Records that an entity no longer has a value.
    pub(crate) fn unpost(&mut self, id: ValueId, slot: Slot) {
        match &mut self.values {
            None => _ = self.truths.remove(slot),
            Some(values) if id != Self::NULL => values.unpost(id, slot),
            Some(_) => {}
        }
    }

    /// Records that an entity has no value of this key any more.
    pub(crate) fn set_absent(&mut self, slot: Slot) {
        if let Some(values) = &mut self.values {
            values.set_present(slot, false);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match &self.values {
            None => self.truths.is_empty(),
            Some(values) => values.present().is_empty(),
        }
    }

    /// The entities that have the key.
    pub(crate) fn present(&self) -> Cow<'_, RoaringBitmap> {
        match &self.values {
            None => self.truths.to_bitmap(),
            Some(values) => Cow::Borrowed(values.present()),
        }
    }

    /// A value in lower case; `None` for null.
    pub(crate) fn folded(&self, id: ValueId) -> Option<&str> {
        match &self.values {
            _ if id == Self::NULL => None,
            None => Some(TRUE),
            Some(values) => Some(values.folded(id)),
        }
    }

    /// A value as written; `None` for null.
    pub(crate) fn written(&self, id: ValueId) -> Option<&str> {
        match &self.values {
            _ if id == Self::NULL => None,
            None => Some(TRUE),
            Some(values) => Some(values.written(id)),
        }
    }

    /// Visits the values in use, with the entities that have each.
    pub(crate) fn for_each_value<'a>(&'a self, mut visit: impl FnMut(ValueId, &'a SlotSet)) {
        match &self.values {
            None => visit(TRUE_ID, &self.truths),
            Some(values) => values.iter().for_each(|(id, slots)| visit(id, slots)),
        }
    }

    /// Visits the sets of entities whose value passes a test.
    pub(crate) fn for_each_match<'a>(&'a self, test: Test<'_>, mut visit: impl FnMut(&'a SlotSet)) {
        match (&self.values, test) {
            (None, _) if !test.accepts(TRUE) => {}
            (None, _) => visit(&self.truths),
            (Some(values), Test::Equals(wanted)) => values.equal_to(wanted).for_each(visit),
            (Some(values), Test::StartsWith(prefix)) => {
                values.starting_with(prefix).for_each(visit);
            }
            (Some(values), Test::Contains(part)) => values.containing(part).for_each(visit),
        }
    }

    /// How many distinct values are in use.
    pub(crate) fn value_count(&self) -> usize {
        self.values.as_ref().map_or(1, |values| values.len())
    }

    /// See [`Values::compact`].
    pub(crate) fn compact(&mut self) -> Option<Vec<ValueId>> {
        self.values.as_mut()?.compact()
    }

    /// The general form, which replaces the lean one on first need.
    fn values_mut(&mut self) -> &mut Values {
        self.values.get_or_insert_with(|| {
            let mut values = Box::<Values>::default();
            let id = values.intern(TRUE);
            debug_assert_eq!(id, TRUE_ID);
            for slot in std::mem::take(&mut self.truths).iter() {
                values.set_present(slot, true);
                values.post(id, slot);
            }
            values
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(column: &Column, test: Test<'_>) -> Vec<Slot> {
        let mut slots = Vec::new();
        column.for_each_match(test, |set| slots.extend(set.iter()));
        slots
    }

    #[test]
    fn a_column_of_truths_turns_into_one_of_values() {
        let mut column = Column::default();
        let truth = column.intern(Some("true"));
        column.post(truth, 1);
        assert!(column.values.is_none());
        assert_eq!(matches(&column, Test::Contains("ru")), [1]);
        let other = column.intern(Some("Other"));
        column.post(other, 2);
        column.post(Column::NULL, 3);
        assert!(column.present().iter().eq([1, 2, 3]));
        assert_eq!(matches(&column, Test::Equals("true")), [1]);
        assert_eq!(matches(&column, Test::StartsWith("oth")), [2]);
        assert_eq!(column.written(truth), Some("true"));
        assert_eq!(column.folded(other), Some("other"));
    }
}
