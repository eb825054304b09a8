//! Lists.

use std::{ops::Deref, sync::Arc};

use super::{MAX_DEPTH, MAX_WEIGHT, Value};
use crate::error::Problem;

/// A list that knows how deep and how heavy it is.
#[derive(Debug)]
pub(crate) struct List {
    items: Vec<Value>,
    weight: u64,
    depth: u16,
}

impl List {
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    pub(super) fn depth(&self) -> u16 {
        self.depth
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl Value {
    /// A list. Fails when it would be too deep or too large.
    pub(crate) fn list(items: Vec<Self>) -> Result<Self, Problem> {
        let (weight, depth) = measure(items.iter())?;
        Ok(Self::List(Arc::new(List {
            items,
            weight,
            depth,
        })))
    }
}

/// The weight and depth of something that holds these.
pub(super) fn measure<'a>(items: impl Iterator<Item = &'a Value>) -> Result<(u64, u16), Problem> {
    let (mut weight, mut depth) = (1_u64, 0);
    for item in items {
        weight = weight.saturating_add(item.weight());
        depth = depth.max(item.depth());
    }
    if weight > MAX_WEIGHT {
        return Err(Problem::ValueTooLarge);
    }
    if depth >= MAX_DEPTH {
        return Err(Problem::TooDeep {
            what: "values nest",
            most: usize::from(MAX_DEPTH),
        });
    }
    Ok((weight, depth + 1))
}
