//! Orders of the index: by reference, and by the value of a field.

use std::{borrow::Cow, cmp::Ordering, sync::Arc};

use crate::{
    Index, Slot, SortPosition,
    field::Field,
    order::{Order, SortBy},
};

/// An order of entities, and the means to find places in it.
pub(crate) struct Sorting<'a> {
    pub(crate) order: Arc<Order>,
    index: &'a Index,
    field: Option<Field<'a>>,
}

impl Index {
    /// Entities by reference, or by the value of a field.
    pub(crate) fn sorting<'a>(&'a self, field: Option<Field<'a>>) -> Sorting<'a> {
        let order = match field {
            None => self.orders.by_ref(&ByRef(self)),
            Some(Field::Column(key, _)) => self.orders.by_key(
                key,
                &ByField {
                    index: self,
                    field: Field::Column(key, self.columns.get(key)),
                },
            ),
            Some(field) => Arc::new(Order::of(&ByField { index: self, field })),
        };
        Sorting {
            order,
            index: self,
            field,
        }
    }
}

impl Sorting<'_> {
    /// The place of an entity in the order.
    pub(crate) fn position(&self, slot: Slot) -> SortPosition {
        SortPosition {
            value: self.value(slot).map(Cow::into_owned),
            entity_ref: self.index.graph.entity_ref(slot).to_owned(),
        }
    }

    /// How many slots of the order lie before a place, counting one right at
    /// the place when `inclusive`.
    pub(crate) fn boundary(&self, position: &SortPosition, inclusive: bool) -> usize {
        let place = (
            position.value.is_none(),
            position.value.as_deref(),
            &*position.entity_ref,
        );
        self.order.slots().partition_point(|&slot| {
            let value = self.value(slot);
            let entity_ref = self.index.graph.entity_ref(slot);
            match (value.is_none(), value.as_deref(), entity_ref).cmp(&place) {
                Ordering::Less => true,
                Ordering::Equal => inclusive,
                Ordering::Greater => false,
            }
        })
    }

    fn value(&self, slot: Slot) -> Option<Cow<'_, str>> {
        self.field
            .and_then(|field| self.index.sort_value(field, slot))
    }
}

/// Every reference, also those only mentioned.
struct ByRef<'a>(&'a Index);

impl SortBy for ByRef<'_> {
    fn includes(&self, slot: Slot) -> bool {
        self.0.graph.is_used(slot)
    }

    fn compare(&self, a: Slot, b: Slot) -> Ordering {
        self.0.graph.entity_ref(a).cmp(self.0.graph.entity_ref(b))
    }

    fn sorted(&self) -> Vec<Slot> {
        let graph = &self.0.graph;
        let used = (0..graph.len() as Slot).filter(|&slot| self.includes(slot));
        let mut keyed: Vec<(&str, Slot)> =
            used.map(|slot| (graph.entity_ref(slot), slot)).collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, slot)| slot).collect()
    }
}

/// What decides an entity's place: whether its value is null, the value, and
/// the rank of its reference.
type Keyed<'a> = (bool, Option<Cow<'a, str>>, Option<u32>, Slot);

/// The entities that have a field, by value and then by reference; null comes last.
struct ByField<'a> {
    index: &'a Index,
    field: Field<'a>,
}

impl SortBy for ByField<'_> {
    fn includes(&self, slot: Slot) -> bool {
        self.index.having(self.field).contains(slot)
    }

    fn compare(&self, a: Slot, b: Slot) -> Ordering {
        let key = |slot| {
            let value = self.index.sort_value(self.field, slot);
            (value.is_none(), value, self.index.graph.entity_ref(slot))
        };
        key(a).cmp(&key(b))
    }

    fn sorted(&self) -> Vec<Slot> {
        let by_ref = self.index.orders.by_ref(&ByRef(self.index));
        let having = self.index.having(self.field);
        let mut keyed: Vec<Keyed<'_>> = having
            .iter()
            .map(|slot| {
                let value = self.index.sort_value(self.field, slot);
                (value.is_none(), value, by_ref.rank(slot), slot)
            })
            .collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(.., slot)| slot).collect()
    }
}
