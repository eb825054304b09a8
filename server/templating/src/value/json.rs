//! Values from JSON, and back in the three ways that JavaScript has.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Value, format_number};
use crate::error::Problem;

impl Value {
    /// A value from JSON. Fails when it is too deep or too large.
    pub(crate) fn from_json(json: &Json) -> Result<Self, Problem> {
        Ok(match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::text(text.as_str()),
            Json::Array(items) => {
                let items = items.iter().map(Self::from_json);
                Self::list(items.collect::<Result<_, _>>()?)?
            }
            Json::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| Ok((Arc::from(name.as_str()), Self::from_json(value)?)));
                Self::record(fields.collect::<Result<_, Problem>>()?)?
            }
        })
    }

    /// The value as JSON, `None` for what JSON has no word for. In a list that is `null`, in
    /// an object it is left out.
    pub(crate) fn to_json(&self) -> Option<Json> {
        Some(match self {
            Self::Undefined | Self::Function(_) | Self::Cycler(_) => return None,
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(number) => number_to_json(*number),
            Self::Text(text) | Self::Safe(text) => Json::String(text.to_string()),
            Self::Pattern(pattern) => Json::String(pattern.to_string()),
            Self::List(items) => {
                let items = items.iter().map(|it| it.to_json().unwrap_or(Json::Null));
                Json::Array(items.collect())
            }
            Self::Record(record) => {
                let fields = record.fields().iter();
                let fields =
                    fields.filter_map(|(name, it)| Some((name.to_string(), it.to_json()?)));
                Json::Object(fields.collect::<Map<_, _>>())
            }
        })
    }

    /// `JSON.stringify(value, null, indent)`; `None` for what it makes `undefined` of. Objects
    /// that are not plain show the fields that JavaScript's have.
    pub(crate) fn stringify(&self, indent: &str) -> Option<String> {
        let mut text = String::new();
        self.write_json(indent, 0, &mut text).then_some(text)
    }

    /// Whether there was anything to write.
    fn write_json(&self, indent: &str, depth: usize, out: &mut String) -> bool {
        match self {
            Self::Undefined | Self::Function(_) => return false,
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) if number.is_finite() => out.push_str(&format_number(*number)),
            Self::Null | Self::Number(_) => out.push_str("null"),
            Self::Text(text) => quote(text, out),
            Self::Pattern(_) | Self::Cycler(_) => out.push_str("{}"),
            Self::Safe(text) => {
                let length = Self::Number(super::text_length(text) as f64);
                let fields = [("val", &Self::Text(text.clone())), ("length", &length)];
                write_record(fields.into_iter(), indent, depth, out);
            }
            Self::List(items) => {
                let mut block = Block::open('[', indent, depth, out);
                for item in items.iter() {
                    block.next(out);
                    if !item.write_json(indent, depth + 1, out) {
                        out.push_str("null");
                    }
                }
                block.close(']', out);
            }
            Self::Record(record) => {
                let fields = record.fields().iter().map(|(name, value)| (&**name, value));
                write_record(fields, indent, depth, out);
            }
        }
        true
    }
}

fn write_record<'a>(
    fields: impl Iterator<Item = (&'a str, &'a Value)>,
    indent: &str,
    depth: usize,
    out: &mut String,
) {
    let mut block = Block::open('{', indent, depth, out);
    for (name, value) in fields {
        if matches!(value, Value::Undefined | Value::Function(_)) {
            continue;
        }
        block.next(out);
        quote(name, out);
        out.push_str(if indent.is_empty() { ":" } else { ": " });
        value.write_json(indent, depth + 1, out);
    }
    block.close('}', out);
}

/// The brackets, commas and line breaks around the items of a list or object.
struct Block<'a> {
    indent: &'a str,
    depth: usize,
    empty: bool,
}

impl<'a> Block<'a> {
    fn open(bracket: char, indent: &'a str, depth: usize, out: &mut String) -> Self {
        out.push(bracket);
        Self {
            indent,
            depth,
            empty: true,
        }
    }

    fn next(&mut self, out: &mut String) {
        if !self.empty {
            out.push(',');
        }
        self.empty = false;
        self.line(self.depth + 1, out);
    }

    fn close(self, bracket: char, out: &mut String) {
        if !self.empty {
            self.line(self.depth, out);
        }
        out.push(bracket);
    }

    fn line(&self, depth: usize, out: &mut String) {
        if !self.indent.is_empty() {
            out.push('\n');
            (0..depth).for_each(|_| out.push_str(self.indent));
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push_str(&Json::String(text.to_owned()).to_string());
}

/// Whole numbers stay whole; what is no number in JSON is null.
fn number_to_json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        Json::from(number as i64)
    } else {
        serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
    }
}
