//! What a key stands for: a column, or something the index knows otherwise.

use std::borrow::Cow;

use portico_model::{RelationType, flatten::lower};
use roaring::RoaringBitmap;
use uuid::Uuid;

use crate::{
    Index, Slot,
    column::{Column, Test},
    columns::KeyId,
    index::UID,
    slot_set::SlotSet,
};

/// What a key of a filter, facet or order stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    Column(KeyId, &'a Column),
    /// `metadata.uid`.
    Id,
    /// `relations.<type>`, whose values are the targets.
    Relation(RelationType),
    /// No entity has the key.
    Nothing,
}

impl Index {
    /// What a key stands for, in any case.
    pub(crate) fn field(&self, key: &str) -> Field<'_> {
        let key = lower(key);
        if key == UID {
            return Field::Id;
        }
        if let Some(relation) = key.strip_prefix("relations.") {
            return RelationType::from_name(relation).map_or(Field::Nothing, Field::Relation);
        }
        self.columns
            .id(&key)
            .map_or(Field::Nothing, |id| Field::Column(id, self.columns.get(id)))
    }

    /// The entities that have a field.
    pub(crate) fn having<'a>(&'a self, field: Field<'a>) -> Cow<'a, RoaringBitmap> {
        match field {
            Field::Column(_, column) => column.present(),
            Field::Id => Cow::Borrowed(&self.live),
            Field::Relation(kind) => Cow::Owned(self.graph.having(kind) & &self.live),
            Field::Nothing => Cow::default(),
        }
    }

    /// Visits the sets of slots with a value of `field` that passes a test.
    /// For relations they include references that are only mentioned.
    pub(crate) fn for_each_match<'a>(
        &'a self,
        field: Field<'a>,
        test: Test<'_>,
        mut visit: impl FnMut(&SlotSet),
    ) {
        match (field, test) {
            (Field::Column(_, column), _) => column.for_each_match(test, visit),
            (Field::Id, Test::Equals(wanted)) => {
                let slot = Uuid::try_parse(wanted)
                    .ok()
                    .and_then(|id| self.slot_by_id(id));
                if let Some(slot) = slot {
                    visit(&SlotSet::One(slot));
                }
            }
            (Field::Relation(kind), Test::Equals(wanted)) => {
                if let Some(target) = self.graph.slot(wanted) {
                    visit(self.graph.targets(target, kind.inverse()));
                }
            }
            (Field::Id | Field::Relation(_), _) => self.for_each_value(field, |value, slots| {
                if test.accepts(&lower(value)) {
                    visit(slots);
                }
            }),
            (Field::Nothing, _) => {}
        }
    }

    /// Visits the values of a field as written, with the slots that have each.
    /// For relations they include references that are only mentioned.
    pub(crate) fn for_each_value(&self, field: Field<'_>, mut visit: impl FnMut(&str, &SlotSet)) {
        match field {
            Field::Column(_, column) => column.for_each_value(|id, slots| {
                if let Some(written) = column.written(id) {
                    visit(written, slots);
                }
            }),
            Field::Id => {
                for slot in &self.live {
                    visit(&self.id_text(slot), &SlotSet::One(slot));
                }
            }
            Field::Relation(kind) => {
                for target in self.graph.having(kind.inverse()) {
                    visit(
                        self.graph.entity_ref(target),
                        self.graph.targets(target, kind.inverse()),
                    );
                }
            }
            Field::Nothing => {}
        }
    }

    /// What an entity is sorted by: the smallest of its values in lower case,
    /// `None` when all are null.
    pub(crate) fn sort_value(&self, field: Field<'_>, slot: Slot) -> Option<Cow<'_, str>> {
        match field {
            Field::Column(key, _) => {
                let column = self.columns.get(key);
                let values = self
                    .rows_of(slot, key)
                    .iter()
                    .filter_map(|row| column.folded(row.value));
                values.min().map(Cow::Borrowed)
            }
            Field::Id => Some(Cow::Owned(self.id_text(slot))),
            Field::Relation(kind) => self.targets(slot, kind).min().map(Cow::Borrowed),
            Field::Nothing => None,
        }
    }

    fn id_text(&self, slot: Slot) -> String {
        self.label(slot)
            .map(|label| label.id.to_string())
            .unwrap_or_default()
    }
}
