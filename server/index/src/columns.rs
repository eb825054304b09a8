//! The search keys of the catalog.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::column::Column;

/// The number of a key. It may be used again once no entity has the key.
pub(crate) type KeyId = u32;

/// Every search key that an entity has.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    by_id: Vec<Named>,
    table: HashTable<KeyId>,
    hasher: DefaultHashBuilder,
    free: Vec<KeyId>,
}

#[derive(Debug)]
struct Named {
    key: Box<str>,
    column: Column,
}

impl Columns {
    /// The number of a key, which is new or known.
    pub(crate) fn intern(&mut self, key: &str) -> KeyId {
        let hash = self.hasher.hash_one(key);
        if let Some(&id) = self
            .table
            .find(hash, |&id| &*self.by_id[id as usize].key == key)
        {
            return id;
        }
        let named = Named {
            key: key.into(),
            column: Column::default(),
        };
        let id = if let Some(id) = self.free.pop() {
            self.by_id[id as usize] = named;
            id
        } else {
            self.by_id.push(named);
            self.by_id.len() as KeyId - 1
        };
        let Self {
            by_id,
            table,
            hasher,
            ..
        } = self;
        table.insert_unique(hash, id, |&id| hasher.hash_one(&*by_id[id as usize].key));
        id
    }

    /// The number of a key that some entity has.
    pub(crate) fn id(&self, key: &str) -> Option<KeyId> {
        let hash = self.hasher.hash_one(key);
        self.table
            .find(hash, |&id| &*self.by_id[id as usize].key == key)
            .copied()
    }

    /// The text of a key.
    pub(crate) fn name(&self, id: KeyId) -> &str {
        &self.by_id[id as usize].key
    }

    /// The column of a key.
    pub(crate) fn get(&self, id: KeyId) -> &Column {
        &self.by_id[id as usize].column
    }

    /// The column of a key, to change.
    pub(crate) fn get_mut(&mut self, id: KeyId) -> &mut Column {
        &mut self.by_id[id as usize].column
    }

    /// Forgets a key that no entity has any more; whether it was one.
    pub(crate) fn forget_if_empty(&mut self, id: KeyId) -> bool {
        let named = &self.by_id[id as usize];
        if !named.column.is_empty() {
            return false;
        }
        let hash = self.hasher.hash_one(&*named.key);
        if let Ok(entry) = self.table.find_entry(hash, |&other| other == id) {
            entry.remove();
            self.by_id[id as usize] = Named {
                key: "".into(),
                column: Column::default(),
            };
            self.free.push(id);
        }
        true
    }
}
