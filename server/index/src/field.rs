//! What a key stands for: a column, or something the index knows otherwise.
//!
//! A relation to an entity that somebody may not see does not exist for them: it is not found, not
//! counted, and puts nothing anywhere in an order. A target that is only mentioned hides nothing.

use std::borrow::Cow;

use portico_model::{RelationType, flatten::lower};
use roaring::RoaringBitmap;
use uuid::Uuid;

use crate::{
    Index, Slot,
    column::{Column, Test},
    columns::KeyId,
    index::UID,
    slot_set::{SlotSet, Union},
};

/// What a key of a filter, facet or order stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    Column(KeyId, &'a Column),
    /// `metadata.uid`.
    Id,
    /// `relations.<type>`, whose values are the targets that may be known.
    Relation(RelationType, Sight<'a>),
    /// No entity has the key.
    Nothing,
}

/// The entities that may be seen; `None` is everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a>(pub(crate) Option<&'a RoaringBitmap>);

impl Sight<'_> {
    /// Whether the target of a relation may be known.
    fn knows(self, index: &Index, target: Slot) -> bool {
        self.0
            .is_none_or(|within| within.contains(target) || !index.live.contains(target))
    }
}

impl Index {
    /// What a key stands for, in any case, for who sees the entities `within`.
    pub(crate) fn field<'a>(&'a self, key: &str, within: Option<&'a RoaringBitmap>) -> Field<'a> {
        let key = lower(key);
        if key == UID {
            return Field::Id;
        }
        if let Some(relation) = key.strip_prefix("relations.") {
            let sight = Sight(within);
            return RelationType::from_name(relation)
                .map_or(Field::Nothing, |kind| Field::Relation(kind, sight));
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
            Field::Relation(kind, Sight(None)) => Cow::Owned(self.graph.having(kind) & &self.live),
            Field::Relation(..) => {
                let mut found = Union::default();
                self.for_each_value(field, |_, slots| found.add(slots));
                Cow::Owned(found.into_bitmap() & &self.live)
            }
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
            (Field::Relation(kind, sight), Test::Equals(wanted)) => {
                let target = self.graph.slot(wanted);
                if let Some(target) = target.filter(|&target| sight.knows(self, target)) {
                    visit(self.graph.targets(target, kind.inverse()));
                }
            }
            (Field::Id | Field::Relation(..), _) => self.for_each_value(field, |value, slots| {
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
            Field::Relation(kind, sight) => {
                let targets = self.graph.having(kind.inverse()).iter();
                for target in targets.filter(|&target| sight.knows(self, target)) {
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
            Field::Relation(kind, sight) => {
                let targets = self.graph.targets(slot, kind).iter();
                let known = targets.filter(|&target| sight.knows(self, target));
                let refs = known.map(|target| self.graph.entity_ref(target));
                refs.min().map(Cow::Borrowed)
            }
            Field::Nothing => None,
        }
    }

    fn id_text(&self, slot: Slot) -> String {
        self.label(slot)
            .map(|label| label.id.to_string())
            .unwrap_or_default()
    }
}
