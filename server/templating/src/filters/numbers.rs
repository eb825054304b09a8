//! Filters of numbers.

use super::{Filter, arg};
use crate::{
    error::Problem,
    machine::{Machine, bind_names},
    value::{Value, parse_float, parse_int},
};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("abs", |_, it| Ok(Value::Number(arg(it, 0).number().abs()))),
    ("float", |_, it| {
        let number = parse_float(&arg(it, 0).as_text());
        Ok(if number.is_nan() {
            arg(it, 1).clone()
        } else {
            Value::Number(number)
        })
    }),
    ("int", int),
    ("round", round),
];

fn int(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let (it, _) = bind_names(&["value", "default", "base"], &[], it.to_vec());
    let base = match arg(&it, 2) {
        Value::Undefined => 10.0,
        base => base.number(),
    };
    let number = parse_int(&arg(&it, 0).as_text(), base);
    Ok(if number.is_nan() {
        arg(&it, 1).clone()
    } else {
        Value::Number(number)
    })
}

fn round(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let precision = arg(it, 1);
    let precision = if precision.is_true() {
        precision.number()
    } else {
        0.0
    };
    let factor = 10_f64.powf(precision);
    let scaled = arg(it, 0).number() * factor;
    let rounded = match arg(it, 2) {
        Value::Text(method) if **method == *"ceil" => scaled.ceil(),
        Value::Text(method) if **method == *"floor" => scaled.floor(),
        // Halves go up, as in JavaScript, also below zero.
        _ => (scaled + 0.5).floor(),
    };
    Ok(Value::Number(rounded / factor))
}
