//! The tests of `value is test` (Nunjucks' `tests.js`).

use crate::{
    error::Problem,
    suggest::nearest,
    value::{Value, less, less_or_equal, strictly_equal},
};

/// The names of all tests.
pub(crate) const NAMES: [&str; 28] = [
    "callable",
    "defined",
    "divisibleby",
    "eq",
    "equalto",
    "escaped",
    "even",
    "falsy",
    "ge",
    "greaterthan",
    "gt",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "null",
    "number",
    "odd",
    "sameas",
    "string",
    "truthy",
    "undefined",
    "upper",
    "boolean",
];

/// Whether the first argument passes a test.
pub(crate) fn check(name: &str, arguments: &[Value]) -> Result<bool, Problem> {
    let value = arguments.first().unwrap_or(&Value::Undefined);
    let other = arguments.get(1).unwrap_or(&Value::Undefined);
    let remainder = || value.number() % 2.0;
    #[expect(clippy::float_cmp, reason = "remainders of whole numbers are exact")]
    Ok(match name {
        "callable" => matches!(value, Value::Function(_)),
        "defined" => !value.is_undefined(),
        "divisibleby" => value.number() % other.number() == 0.0,
        "eq" | "equalto" | "sameas" => strictly_equal(value, other),
        "escaped" => matches!(value, Value::Safe(_)),
        "even" => remainder() == 0.0,
        "falsy" => !value.is_true(),
        "ge" => less_or_equal(other, value),
        "greaterthan" | "gt" => less(other, value),
        "iterable" => matches!(value, Value::List(_) | Value::Text(_) | Value::Safe(_)),
        "le" => less_or_equal(value, other),
        "lessthan" | "lt" => less(value, other),
        "lower" => value.as_text() == value.as_text().to_lowercase(),
        "mapping" => matches!(
            value,
            Value::Record(_) | Value::Safe(_) | Value::Pattern(_) | Value::Cycler(_)
        ),
        "ne" => !strictly_equal(value, other),
        "none" | "null" => matches!(value, Value::Null),
        "number" => matches!(value, Value::Number(_)),
        "odd" => remainder() == 1.0,
        "string" => matches!(value, Value::Text(_)),
        "boolean" => matches!(value, Value::Bool(_)),
        "truthy" => value.is_true(),
        "undefined" => value.is_undefined(),
        "upper" => value.as_text() == value.as_text().to_uppercase(),
        _ => {
            return Err(Problem::UnknownTest {
                name: name.to_owned(),
                suggestion: nearest(name, NAMES),
            });
        }
    })
}
