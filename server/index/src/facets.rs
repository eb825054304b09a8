//! Counts of the values of a field.

use hashbrown::HashMap;
use roaring::RoaringBitmap;

use crate::{Index, column::Column, columns::KeyId, field::Field, values::ValueId};

/// Visiting one entity's values costs as much as testing this many values
/// for whether some entity has them.
const VALUES_AN_ENTITY: usize = 8;

impl Index {
    /// For each key, how many entities have each value, counted over the
    /// entities `within`, or all of them. Values that differ in case are
    /// different; they come sorted.
    pub fn facets<K: AsRef<str>>(
        &self,
        keys: &[K],
        within: Option<&RoaringBitmap>,
    ) -> Vec<Vec<(String, u64)>> {
        let facet = |key: &K| {
            let mut counts = self.facet(self.field(key.as_ref(), None), within);
            counts.sort_unstable();
            counts
        };
        keys.iter().map(facet).collect()
    }

    fn facet(&self, field: Field<'_>, within: Option<&RoaringBitmap>) -> Vec<(String, u64)> {
        let within = match (field, within) {
            (Field::Column(key, column), Some(within))
                if within.len() as usize * VALUES_AN_ENTITY < column.value_count() =>
            {
                return self.facet_by_entity(key, column, within);
            }
            // A relation may start at a reference that is only mentioned.
            (Field::Relation(kind, _), None) if !self.graph.having(kind).is_subset(&self.live) => {
                Some(&self.live)
            }
            (_, within) => within,
        };
        let mut counts = Vec::new();
        self.for_each_value(field, |value, slots| {
            let count = within.map_or_else(|| slots.len(), |within| slots.intersection_len(within));
            if count > 0 {
                counts.push((value.to_owned(), count));
            }
        });
        counts
    }

    /// Counts a column with many values over few entities.
    fn facet_by_entity(
        &self,
        key: KeyId,
        column: &Column,
        within: &RoaringBitmap,
    ) -> Vec<(String, u64)> {
        let mut counts: HashMap<ValueId, u64> = HashMap::new();
        for slot in within {
            for row in self.rows_of(slot, key) {
                *counts.entry(row.value).or_default() += 1;
            }
        }
        let written = |(id, count)| Some((column.written(id)?.to_owned(), count));
        counts.into_iter().filter_map(written).collect()
    }
}
