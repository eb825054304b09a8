//! Records: JavaScript's plain objects.

use std::{collections::HashMap, sync::Arc};

use super::{Value, list::measure};
use crate::error::Problem;

/// From this many fields on, they are found by hash.
const INDEXED_FROM: usize = 12;

/// Fields in JavaScript's order: names that are list indices first, ascending; then the others
/// in the order they were added.
#[derive(Debug)]
pub(crate) struct Record {
    fields: Vec<(Arc<str>, Value)>,
    index: Option<HashMap<Arc<str>, usize>>,
    weight: u64,
    depth: u16,
}

impl Record {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        if let Some(index) = &self.index {
            return index.get(name).map(|&at| &self.fields[at].1);
        }
        let field = self.fields.iter().find(|(it, _)| &**it == name);
        field.map(|(_, value)| value)
    }

    pub(crate) fn fields(&self) -> &[(Arc<str>, Value)] {
        &self.fields
    }

    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    pub(super) fn depth(&self) -> u16 {
        self.depth
    }
}

impl Value {
    /// A record. The last of two values for one name stays, at the place of the first.
    pub(crate) fn record(given: Vec<(Arc<str>, Self)>) -> Result<Self, Problem> {
        let mut fields: Vec<(Arc<str>, Self)> = Vec::with_capacity(given.len());
        let mut index = HashMap::with_capacity(given.len());
        for (name, value) in given {
            if let Some(&at) = index.get(&name) {
                let at: usize = at;
                fields[at].1 = value;
            } else {
                index.insert(name.clone(), fields.len());
                fields.push((name, value));
            }
        }
        if fields.iter().any(|(name, _)| list_index(name).is_some()) {
            fields.sort_by_key(|(name, _)| list_index(name).map_or(u64::MAX, u64::from));
            index = numbered(&fields);
        }
        let (mut weight, depth) = measure(fields.iter().map(|(_, value)| value))?;
        weight += fields
            .iter()
            .map(|(name, _)| name.len() as u64)
            .sum::<u64>();
        let index = (fields.len() >= INDEXED_FROM).then_some(index);
        Ok(Self::Record(Arc::new(Record {
            fields,
            index,
            weight,
            depth,
        })))
    }
}

fn numbered(fields: &[(Arc<str>, Value)]) -> HashMap<Arc<str>, usize> {
    let names = fields.iter().map(|(name, _)| name.clone());
    names.enumerate().map(|(at, name)| (name, at)).collect()
}

/// The index that a property name stands for: `0` and `12`, and neither `012` nor `1.0`.
pub(crate) fn list_index(name: &str) -> Option<u32> {
    let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (name.len() > 1 && name.starts_with('0')) {
        return None;
    }
    name.parse().ok().filter(|&index| index != u32::MAX)
}
