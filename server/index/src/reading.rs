//! Reading the values that an entity is found by.

use crate::{Index, Slot, index::Row};

impl Index {
    /// An entity's values of a key, in lower case and in no order. Null is no value.
    pub fn values_of(&self, slot: Slot, key: &str) -> Vec<&str> {
        let Some(key) = self.columns.id(key) else {
            return Vec::new();
        };
        let column = self.columns.get(key);
        let rows = self.rows_of(slot, key).iter();
        rows.filter_map(|row| column.folded(row.value)).collect()
    }

    /// What an entity has below a key such as `metadata.labels`: the rest of each key, and its
    /// value, both in lower case.
    pub fn values_below(&self, slot: Slot, parent: &str) -> Vec<(&str, &str)> {
        let below = |&Row { key, value }: &Row| {
            let name = self.columns.name(key).strip_prefix(parent)?;
            Some((
                name.strip_prefix('.')?,
                self.columns.get(key).folded(value)?,
            ))
        };
        self.rows_at(slot).iter().filter_map(below).collect()
    }
}
