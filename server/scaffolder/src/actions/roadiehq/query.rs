//! `JSONata`, bounded: an expression of a template must not hold a thread or take the memory.

use std::time::Duration;

use jsonata_core::{
    Expression,
    evaluator::{CancelToken, EvaluatorOptions},
    value::JValue,
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::blocking;
use crate::ActionError;

/// How long one expression may take.
const TIME: Duration = Duration::from_secs(5);
/// How deep calls of an expression may nest.
const DEPTH: usize = 500;
/// How long a list that it makes may be.
const LENGTH: usize = 1_000_000;
/// The longest expression, in bytes: its parser recurses.
const MAX_EXPRESSION: usize = 64 << 10;

/// The result of a `JSONata` expression over some data; null when it is nothing.
pub(super) async fn evaluate(
    expression: &str,
    data: &Value,
    cancelled: &CancellationToken,
) -> Result<Value, ActionError> {
    if expression.len() > MAX_EXPRESSION {
        return Err(ActionError::Input(format!(
            "input.expression has more than {MAX_EXPRESSION} bytes"
        )));
    }
    let stop = CancelToken::new();
    let (expression, data, cancel) = (expression.to_owned(), data.to_string(), stop.clone());
    let work = blocking(move || run(&expression, &data, cancel));
    tokio::select! {
        result = work => result,
        () = cancelled.cancelled() => {
            stop.cancel();
            Err(ActionError::Cancelled)
        }
    }
}

fn run(expression: &str, data: &str, cancel: CancelToken) -> Result<Value, ActionError> {
    let wrong =
        |error: &dyn std::fmt::Display| ActionError::Input(format!("input.expression: {error}"));
    let options = EvaluatorOptions {
        timeout_ms: Some(TIME.as_millis() as u64),
        cancel: Some(cancel),
        max_stack_depth: Some(DEPTH),
        max_sequence_length: Some(LENGTH),
    };
    let expression =
        Expression::compile_with_options(expression, options).map_err(|error| wrong(&error))?;
    let data = JValue::from_json_str(data).map_err(|error| wrong(&error))?;
    let result = expression.evaluate(&data).map_err(|error| wrong(&error))?;
    if result.is_undefined() {
        return Ok(Value::Null);
    }
    let text = result.to_json_string().map_err(|error| wrong(&error))?;
    let result: Value = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    Ok(whole(result))
}

/// Numbers of `JSONata` are floating point; people mean 3 when they write 3.
fn whole(value: Value) -> Value {
    /// The largest integer that every float below it can tell apart.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => {
                Value::from(float as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, whole(value)))
            .collect(),
        other => other,
    }
}
