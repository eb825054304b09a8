//! Filters that choose from lists and group them.

use std::sync::Arc;

use super::{Filter, arg, items, sort::Path};
use crate::{checks, error::Problem, machine::Machine, value::Value};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("groupby", groupby),
    ("reject", |machine, it| by_test(machine, it, false)),
    ("rejectattr", |machine, it| by_attribute(machine, it, false)),
    ("select", |machine, it| by_test(machine, it, true)),
    ("selectattr", |machine, it| by_attribute(machine, it, true)),
];

fn groupby(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let path = Path::new(arg(it, 1));
    let mut groups: Vec<(Arc<str>, Vec<Value>)> = Vec::new();
    for item in items(machine, arg(it, 0))? {
        machine.spend(1 + groups.len() as u64 / 16)?;
        let key = path.of(&item).to_text();
        match groups.iter_mut().find(|(name, _)| **name == *key) {
            Some((_, group)) => group.push(item),
            None => groups.push((key.into(), vec![item])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(name, group)| Ok((name, Value::list(group)?)));
    Value::record(groups.collect::<Result<_, Problem>>()?)
}

fn by_test(machine: &mut Machine<'_>, it: &[Value], wanted: bool) -> Result<Value, Problem> {
    let test = match arg(it, 1) {
        Value::Undefined => "truthy".to_owned(),
        name => name.to_text(),
    };
    let mut chosen = Vec::new();
    for item in items(machine, arg(it, 0))? {
        if checks::check(&test, &[item.clone(), arg(it, 2).clone()])? == wanted {
            chosen.push(item);
        }
    }
    Value::list(chosen)
}

fn by_attribute(machine: &mut Machine<'_>, it: &[Value], wanted: bool) -> Result<Value, Problem> {
    let mut chosen = Vec::new();
    for item in items(machine, arg(it, 0))? {
        if machine.member(&item, arg(it, 1)).is_true() == wanted {
            chosen.push(item);
        }
    }
    Value::list(chosen)
}
