//! JavaScript's operators.

use std::{cmp::Ordering, sync::Arc};

use super::{Value, number};
use crate::error::Problem;

/// `===`: the same primitive, or the very same object.
pub(crate) fn strictly_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        #[expect(clippy::float_cmp, reason = "the language compares numbers exactly")]
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Safe(a), Value::Safe(b)) => Arc::ptr_eq(a, b),
        (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b),
        (Value::Record(a), Value::Record(b)) => Arc::ptr_eq(a, b),
        (Value::Pattern(a), Value::Pattern(b)) => Arc::ptr_eq(a, b),
        (Value::Function(a), Value::Function(b)) | (Value::Cycler(a), Value::Cycler(b)) => a == b,
        _ => false,
    }
}

/// `==`: as `===`, after bringing both to one type.
pub(crate) fn loosely_equal(left: &Value, right: &Value) -> bool {
    if left.is_nothing() || right.is_nothing() {
        return left.is_nothing() && right.is_nothing();
    }
    match (left.is_primitive(), right.is_primitive()) {
        (false, false) => strictly_equal(left, right),
        (true, true) => match (left, right) {
            (Value::Text(a), Value::Text(b)) => a == b,
            #[expect(clippy::float_cmp, reason = "the language compares numbers exactly")]
            _ => left.number() == right.number(),
        },
        _ => loosely_equal(&left.primitive(), &right.primitive()),
    }
}

/// `+`: joins texts, adds everything else.
pub(crate) fn add(left: &Value, right: &Value) -> Result<Value, Problem> {
    let (left, right) = (left.primitive(), right.primitive());
    if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) {
        if left.weight() + right.weight() > super::MAX_WEIGHT {
            return Err(Problem::ValueTooLarge);
        }
        return Ok(Value::text(left.to_text() + &right.to_text()));
    }
    Ok(Value::Number(left.number() + right.number()))
}

/// How two values are ordered: texts by UTF-16 units, everything else as numbers.
pub(crate) fn ordering(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.primitive(), right.primitive()) {
        (Value::Text(a), Value::Text(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        (a, b) => a.number().partial_cmp(&b.number()),
    }
}

/// `<`
pub(crate) fn less(left: &Value, right: &Value) -> bool {
    ordering(left, right) == Some(Ordering::Less)
}

/// `<=`
pub(crate) fn less_or_equal(left: &Value, right: &Value) -> bool {
    matches!(
        ordering(left, right),
        Some(Ordering::Less | Ordering::Equal)
    )
}

impl Value {
    fn is_primitive(&self) -> bool {
        matches!(
            self,
            Self::Undefined | Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_)
        )
    }

    /// Objects as the text they print as; the rest as it is.
    pub(crate) fn primitive(&self) -> Self {
        match self {
            Self::Safe(text) => Self::Text(text.clone()),
            value if value.is_primitive() => value.clone(),
            object => Self::text(object.to_text()),
        }
    }

    /// The value as a number; NaN when it is none.
    pub(crate) fn number(&self) -> f64 {
        match self {
            Self::Undefined => f64::NAN,
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::Text(text) | Self::Safe(text) => number::parse(text),
            object => number::parse(&object.to_text()),
        }
    }
}
