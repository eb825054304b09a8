//! Sorting, as `Array.prototype.sort` does it: stable, whatever the comparison says.

use std::cmp::Ordering;

use super::{Filter, arg, items};
use crate::{
    error::Problem,
    machine::{Machine, bind_names},
    value::{Value, less, ordering, strictly_equal},
};

pub(super) const FILTERS: &[(&str, Filter)] = &[("sort", sort)];

fn sort(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let names = ["value", "reverse", "case_sensitive", "attribute"];
    let (it, _) = bind_names(&names, &[], it.to_vec());
    let reverse = arg(&it, 1).is_true();
    let case_sensitive = arg(&it, 2).is_true();
    let path = arg(&it, 3).is_true().then(|| Path::new(arg(&it, 3)));
    let keyed = items(machine, arg(&it, 0))?.into_iter().map(|item| {
        let by = path
            .as_ref()
            .map_or_else(|| item.clone(), |path| path.of(&item));
        (key(&by, case_sensitive, str::to_lowercase), item)
    });
    let compare = |a: &Value, b: &Value| match ordering(a, b) {
        Some(order) if reverse => order.reverse(),
        order => order.unwrap_or(Ordering::Equal),
    };
    Value::list(sorted(machine, keyed.collect(), compare)?)
}

/// What to compare a value by.
pub(super) fn key(value: &Value, case_sensitive: bool, fold: impl Fn(&str) -> String) -> Value {
    match value {
        Value::Text(text) if !case_sensitive => Value::text(fold(text)),
        value => value.primitive(),
    }
}

/// The comparison of `dictsort`: what is neither greater nor identical is less.
pub(super) fn by_pairs(a: &Value, b: &Value) -> Ordering {
    if less(b, a) {
        Ordering::Greater
    } else if strictly_equal(a, b) {
        Ordering::Equal
    } else {
        Ordering::Less
    }
}

/// Sorts by keys. The comparison need not be one: texts and numbers have no common order, and
/// the standard library's sort may panic then. So this is a merge sort, over runs that are
/// sorted by insertion.
pub(super) fn sorted<T>(
    machine: &mut Machine<'_>,
    mut items: Vec<(Value, T)>,
    compare: impl Fn(&Value, &Value) -> Ordering,
) -> Result<Vec<T>, Problem> {
    const RUN: usize = 32;
    let depth = u64::from(usize::BITS - items.len().leading_zeros());
    machine.spend(items.len() as u64 * depth)?;
    let mut runs: Vec<Vec<(Value, T)>> = Vec::new();
    while !items.is_empty() {
        let rest = items.split_off(items.len().min(RUN));
        let mut run: Vec<(Value, T)> = Vec::with_capacity(items.len());
        for item in items {
            let at = run.partition_point(|other| compare(&item.0, &other.0) != Ordering::Less);
            run.insert(at, item);
        }
        runs.push(run);
        items = rest;
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, &compare),
                None => left,
            });
        }
        runs = merged;
    }
    let sorted = runs.pop().unwrap_or_default();
    Ok(sorted.into_iter().map(|(_, item)| item).collect())
}

fn merge<T>(
    left: Vec<(Value, T)>,
    right: Vec<(Value, T)>,
    compare: &impl Fn(&Value, &Value) -> Ordering,
) -> Vec<(Value, T)> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = match compare(&b.0, &a.0) {
            Ordering::Less => right.next(),
            _ => left.next(),
        };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// The way to an attribute (`getAttrGetter`): a text is split at its dots.
pub(super) struct Path(Vec<String>);

impl Path {
    pub(super) fn new(attribute: &Value) -> Self {
        Self(match attribute {
            Value::Text(text) if !text.is_empty() => text.split('.').map(str::to_owned).collect(),
            other if other.is_true() => vec![other.to_text()],
            _ => Vec::new(),
        })
    }

    /// What is there; the value itself for no way at all.
    pub(super) fn of(&self, value: &Value) -> Value {
        let mut at = value.clone();
        for part in &self.0 {
            let next = match &at {
                Value::Record(record) => record.get(part).cloned(),
                Value::List(items) => match &**part {
                    "length" => Some(Value::Number(items.len() as f64)),
                    part => crate::value::list_index(part)
                        .and_then(|index| items.get(index as usize).cloned()),
                },
                Value::Text(text) => crate::value::list_index(part)
                    .and_then(|index| crate::value::text_at(text, index as usize))
                    .map(Value::text),
                _ => None,
            };
            at = next.unwrap_or(Value::Undefined);
        }
        at
    }
}
