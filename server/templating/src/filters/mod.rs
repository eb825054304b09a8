//! The filters of Nunjucks 3.2.4, with its meaning (`filters.js`), one family a file.
#![expect(
    clippy::unnecessary_wraps,
    reason = "all filters have one signature, and some cannot fail"
)]

mod html;
mod lists;
mod numbers;
mod records;
mod select;
mod sort;
mod text;
mod values;

use crate::{error::Problem, machine::Machine, value::Value};

/// A filter: the value and its arguments to another value.
pub(crate) type Filter = fn(&mut Machine<'_>, &[Value]) -> Result<Value, Problem>;

const FAMILIES: [&[(&str, Filter)]; 8] = [
    html::FILTERS,
    lists::FILTERS,
    numbers::FILTERS,
    records::FILTERS,
    select::FILTERS,
    sort::FILTERS,
    text::FILTERS,
    values::FILTERS,
];

/// The filter of this name.
pub(crate) fn named(name: &str) -> Option<Filter> {
    let mut all = FAMILIES.iter().copied().flatten();
    all.find(|(it, _)| *it == name).map(|(_, filter)| *filter)
}

/// The names of all filters.
pub(crate) fn names<'a>() -> impl Iterator<Item = &'a str> {
    FAMILIES.iter().copied().flatten().map(|(name, _)| *name)
}

static UNDEFINED: Value = Value::Undefined;

/// An argument; 0 is the value itself.
fn arg(arguments: &[Value], at: usize) -> &Value {
    arguments.get(at).unwrap_or(&UNDEFINED)
}

/// Its length, whatever it is: of texts and lists, and the field of that name.
fn length_of(machine: &mut Machine<'_>, value: &Value) -> Value {
    machine.member(value, &Value::text("length"))
}

/// The items of a list, of a text, and of an object with a length.
fn items(machine: &mut Machine<'_>, value: &Value) -> Result<Vec<Value>, Problem> {
    if let Value::List(list) = value {
        return Ok(list.to_vec());
    }
    let count = length_of(machine, value).number();
    let mut items = Vec::new();
    while (items.len() as f64) < count {
        machine.spend(1)?;
        let at = Value::Number(items.len() as f64);
        items.push(machine.member(value, &at));
    }
    Ok(items)
}

/// The text of a value for the filters of texts: nothing for what Nunjucks takes for absent.
fn text_of(value: &Value) -> Result<Value, Problem> {
    match value {
        Value::Undefined | Value::Null | Value::Bool(false) => Ok(Value::text("")),
        Value::Text(_) | Value::Safe(_) => Ok(value.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(Value::text(value.to_text())),
        other => Err(Problem::value(format!(
            "it takes a text, and this is {}",
            other.type_name()
        ))),
    }
}
