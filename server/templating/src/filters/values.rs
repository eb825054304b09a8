//! Filters of any value.

use super::{Filter, arg, length_of};
use crate::{error::Problem, machine::Machine, value::Value};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("d", |_, it| Ok(default(it))),
    ("default", |_, it| Ok(default(it))),
    ("dump", dump),
    // Cookiecutter's word for it.
    ("jsonify", dump),
    ("length", length),
    ("string", |_, it| {
        Ok(match arg(it, 0) {
            safe @ Value::Safe(_) => safe.clone(),
            nothing if nothing.is_nothing() => Value::text(""),
            other => Value::text(other.to_text()),
        })
    }),
];

fn default(it: &[Value]) -> Value {
    let (value, default) = (arg(it, 0), arg(it, 1));
    let absent = match arg(it, 2).is_true() {
        true => !value.is_true(),
        false => value.is_undefined(),
    };
    if absent {
        default.clone()
    } else {
        value.clone()
    }
}

/// As JSON, indented by a number of blanks or by a text, of ten at most.
fn dump(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    const MOST: usize = 10;
    let indent = match arg(it, 1) {
        Value::Number(count) => " ".repeat((count.max(0.0) as usize).min(MOST)),
        Value::Text(text) => text.chars().take(MOST).collect(),
        _ => String::new(),
    };
    Ok(arg(it, 0)
        .stringify(&indent)
        .map_or(Value::Undefined, Value::text))
}

fn length(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = arg(it, 0).or_if_absent(Value::text(""));
    Ok(match &value {
        Value::Record(record) => Value::Number(record.fields().len() as f64),
        other => length_of(machine, other),
    })
}
