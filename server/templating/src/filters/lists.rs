//! Filters of lists.

use rand::RngExt as _;

use super::{Filter, arg, items, length_of};
use crate::{
    error::Problem,
    machine::Machine,
    value::{Value, add, join_texts},
};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("batch", batch),
    ("first", |machine, it| {
        Ok(machine.member(arg(it, 0), &Value::Number(0.0)))
    }),
    ("join", join),
    ("last", |machine, it| {
        let last = length_of(machine, arg(it, 0)).number() - 1.0;
        Ok(machine.member(arg(it, 0), &Value::Number(last)))
    }),
    ("list", list),
    ("random", random),
    ("reverse", reverse),
    ("slice", slice),
    ("sum", sum),
];

fn batch(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let (count, fill) = (arg(it, 1).number(), arg(it, 2));
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (at, item) in items(machine, arg(it, 0))?.into_iter().enumerate() {
        match rows.last_mut() {
            Some(row) if at as f64 % count != 0.0 => row.push(item),
            _ => rows.push(vec![item]),
        }
    }
    if let Some(row) = rows.last_mut().filter(|_| fill.is_true()) {
        while (row.len() as f64) < count {
            machine.spend(1)?;
            row.push(fill.clone());
        }
    }
    list_of_lists(rows)
}

fn list_of_lists(rows: Vec<Vec<Value>>) -> Result<Value, Problem> {
    let rows = rows.into_iter().map(Value::list);
    Value::list(rows.collect::<Result<_, _>>()?)
}

fn join(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let (separator, attribute) = (arg(it, 1), arg(it, 2));
    let mut parts = items(machine, arg(it, 0))?;
    if attribute.is_true() {
        parts = parts
            .iter()
            .map(|part| machine.member(part, attribute))
            .collect();
    }
    let separator = if separator.is_true() {
        separator.to_text()
    } else {
        String::new()
    };
    let added = (parts.len() as u64).saturating_mul(separator.len() as u64);
    let parts = Value::list(parts)?;
    if parts.weight().saturating_add(added) > crate::value::MAX_WEIGHT {
        return Err(Problem::ValueTooLarge);
    }
    machine.spend(added / 64)?;
    match &parts {
        Value::List(parts) => Ok(Value::text(join_texts(parts, &separator))),
        _ => Ok(parts),
    }
}

fn list(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    match arg(it, 0) {
        Value::Text(text) => Value::list(
            text.chars()
                .map(|letter| Value::text(letter.to_string()))
                .collect(),
        ),
        Value::Record(record) => {
            let pairs = record.fields().iter().map(|(key, value)| {
                let key = Value::Text(key.clone());
                Value::record(vec![("key".into(), key), ("value".into(), value.clone())])
            });
            Value::list(pairs.collect::<Result<_, _>>()?)
        }
        list @ Value::List(_) => Ok(list.clone()),
        other => Err(Problem::value(format!(
            "it takes a list, a text or an object, and this is {}",
            other.type_name()
        ))),
    }
}

fn random(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let count = length_of(machine, arg(it, 0)).number();
    if count.is_nan() || count < 1.0 {
        return Ok(Value::Undefined);
    }
    let at = rand::rng().random_range(0..count as u64);
    Ok(machine.member(arg(it, 0), &Value::Number(at as f64)))
}

fn reverse(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    if let Value::Text(text) = arg(it, 0) {
        return Ok(Value::text(text.chars().rev().collect::<String>()));
    }
    let mut reversed = items(machine, arg(it, 0))?;
    reversed.reverse();
    Value::list(reversed)
}

/// So many lists, as equal in length as possible; not to be confused with `list[from:to]`.
fn slice(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let (parts, fill) = (arg(it, 1).number(), arg(it, 2));
    let all = items(machine, arg(it, 0))?;
    let each = (all.len() as f64 / parts).floor();
    let extra = all.len() as f64 % parts;
    let (mut offset, mut at) = (0.0, 0.0);
    let mut rows = Vec::new();
    while at < parts {
        machine.spend(1)?;
        let start = offset + at * each;
        if at < extra {
            offset += 1.0;
        }
        let end = offset + (at + 1.0) * each;
        let range =
            (start.max(0.0) as usize).min(all.len())..(end.max(0.0) as usize).min(all.len());
        let mut row = all.get(range).unwrap_or_default().to_vec();
        if fill.is_true() && at >= extra {
            row.push(fill.clone());
        }
        rows.push(row);
        at += 1.0;
    }
    list_of_lists(rows)
}

fn sum(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let attribute = arg(it, 1);
    let mut total = Value::Number(0.0);
    for item in items(machine, arg(it, 0))? {
        let item = if attribute.is_true() {
            machine.member(&item, attribute)
        } else {
            item
        };
        machine.spend_on(&total)?;
        total = add(&total, &item)?;
    }
    let start = match arg(it, 2) {
        Value::Undefined => Value::Number(0.0),
        start => start.clone(),
    };
    add(&start, &total)
}
