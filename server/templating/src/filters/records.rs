//! Filters of objects.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Filter, arg, sort};
use crate::{error::Problem, machine::Machine, value::Value};

pub(super) const FILTERS: &[(&str, Filter)] = &[("dictsort", dictsort), ("urlencode", urlencode)];

/// What `encodeURIComponent` leaves as it is.
const COMPONENT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The fields as pairs, sorted by key or value.
fn dictsort(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let Value::Record(record) = arg(it, 0) else {
        return Err(Problem::value("it takes an object"));
    };
    let by_value = match arg(it, 2) {
        Value::Undefined => false,
        Value::Text(by) if **by == *"key" => false,
        Value::Text(by) if **by == *"value" => true,
        _ => return Err(Problem::value("it sorts by \"key\" or by \"value\"")),
    };
    let case_sensitive = arg(it, 1).is_true();
    let keyed = record.fields().iter().map(|(key, value)| {
        let key = Value::Text(key.clone());
        let by = if by_value { value } else { &key };
        let by = sort::key(by, case_sensitive, str::to_uppercase);
        (by, Value::list(vec![key, value.clone()]))
    });
    let sorted = sort::sorted(machine, keyed.collect(), sort::by_pairs)?;
    Value::list(sorted.into_iter().collect::<Result<_, _>>()?)
}

fn urlencode(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let encode = |value: &Value| utf8_percent_encode(&value.as_text(), &COMPONENT).to_string();
    let pairs: Vec<String> = match arg(it, 0) {
        Value::Record(record) => {
            let fields = record.fields().iter();
            let pair = |key: &str, value| {
                format!("{}={}", utf8_percent_encode(key, &COMPONENT), encode(value))
            };
            fields.map(|(key, value)| pair(key, value)).collect()
        }
        Value::List(rows) => {
            let mut pairs = Vec::new();
            for row in rows.iter() {
                let [key, value] = [0.0, 1.0].map(|at| machine.member(row, &Value::Number(at)));
                pairs.push(format!("{}={}", encode(&key), encode(&value)));
            }
            pairs
        }
        Value::Undefined | Value::Null => Vec::new(),
        other => vec![encode(other)],
    };
    Ok(Value::text(pairs.join("&")))
}
