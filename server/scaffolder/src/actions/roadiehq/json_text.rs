//! JSON as text, with the options that JavaScript has for it.

use serde::Serialize as _;
use serde_json::{Serializer, Value, json, ser::PrettyFormatter};

use crate::{ActionContext, ActionError};

/// What each level is indented by; nothing puts all in one line.
pub(super) struct Indent(String);

/// The most that a level is indented by, as in JavaScript.
const WIDEST: usize = 10;

impl Default for Indent {
    fn default() -> Self {
        Self("  ".to_owned())
    }
}

impl Indent {
    /// Of `input.space`: a number of blanks, or a text.
    fn of_input(context: &ActionContext) -> Self {
        match context.input.get("space") {
            Some(Value::Number(blanks)) => {
                let blanks = blanks.as_u64().map_or(0, |it| it as usize);
                Self(" ".repeat(blanks.min(WIDEST)))
            }
            Some(Value::String(text)) => match text.parse::<usize>() {
                Ok(blanks) => Self(" ".repeat(blanks.min(WIDEST))),
                Err(_) => Self(text.chars().take(WIDEST).collect()),
            },
            _ => Self(String::new()),
        }
    }
}

/// JSON with a line break at its end when it is indented.
pub(super) fn write(value: &Value, indent: &Indent) -> Result<String, ActionError> {
    if indent.0.is_empty() {
        return Ok(value.to_string());
    }
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.0.as_bytes());
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
        .map_err(|error| ActionError::Failed(error.to_string()))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| ActionError::Failed(error.to_string()))
}

/// JSON as `input.replacer` and `input.space` ask for.
pub(super) fn of_input(context: &ActionContext, value: Value) -> Result<String, ActionError> {
    let value = match context.input.get("replacer") {
        Some(Value::Array(_)) => kept(value, &context.texts("replacer")),
        _ => value,
    };
    let mut text = write(&value, &Indent::of_input(context))?;
    text.truncate(text.trim_end().len());
    Ok(text)
}

/// The value with only these fields, in every object.
fn kept(value: Value, names: &[&str]) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .map(|(name, field)| (name, kept(field, names)))
            .collect(),
        Value::Array(items) => items.into_iter().map(|it| kept(it, names)).collect(),
        other => other,
    }
}

pub(super) fn replacer_schema() -> Value {
    json!({"type": "array", "items": {"type": "string"},
        "description": "The names of the fields to keep, on every level. Default: all."})
}

pub(super) fn space_schema() -> Value {
    json!({"type": ["string", "number"],
        "description": "Blanks (or the text) that each level is indented by. Default: one line."})
}
