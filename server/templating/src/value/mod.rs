//! Values of templates. They behave as JavaScript's do, because templates were written for it:
//! what is printed, compared, added and true is taken from ECMAScript, not from Jinja.

mod json;
mod list;
mod number;
mod operators;
mod record;
mod text;

use std::sync::Arc;

pub(crate) use list::List;
pub(crate) use number::{format as format_number, parse_float, parse_int};
pub(crate) use operators::{add, less, less_or_equal, loosely_equal, ordering, strictly_equal};
pub(crate) use record::{Record, list_index};
pub(crate) use text::{
    at as text_at, index_of, join as join_texts, length as text_length, slice as text_slice,
};

use crate::pattern::Pattern;

/// The number of values and characters that one value may hold, nested ones and repetitions
/// included: what it would take to print it.
pub(crate) const MAX_WEIGHT: u64 = 32 << 20;
/// How deep lists and records may nest.
pub(crate) const MAX_DEPTH: u16 = 120;

/// A value while a template is rendered. Cheap to clone: what is large is shared.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Nothing was ever there. Prints as nothing.
    Undefined,
    /// JSON's null. Prints as nothing.
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    /// Text that is marked as safe. An object in JavaScript, so it is always true and is
    /// identical only to itself.
    Safe(Arc<str>),
    List(Arc<List>),
    Record(Arc<Record>),
    Pattern(Arc<Pattern>),
    /// A macro, a caller, a global function: a place in the machine's table.
    Function(usize),
    /// What `cycler()` makes: a place in the machine's table.
    Cycler(usize),
}

impl Value {
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn safe(text: impl Into<Arc<str>>) -> Self {
        Self::Safe(text.into())
    }

    /// A text that is marked as safe when the one it was made from is.
    pub(crate) fn as_safe_as(&self, text: impl Into<Arc<str>>) -> Self {
        match self {
            Self::Safe(_) => Self::Safe(text.into()),
            _ => Self::Text(text.into()),
        }
    }

    /// Whether it counts as true: everything but `undefined`, `null`, `false`, `0`, `NaN`
    /// and `""`. An empty list is true.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            _ => true,
        }
    }

    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// The value, or another when Nunjucks' filters take it for absent.
    pub(crate) fn or_if_absent(&self, other: Self) -> Self {
        match self {
            Self::Undefined | Self::Null | Self::Bool(false) => other,
            value => value.clone(),
        }
    }

    /// What it is called in messages.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) | Self::Safe(_) => "a text",
            Self::List(_) => "a list",
            Self::Record(_) | Self::Cycler(_) => "an object",
            Self::Pattern(_) => "a regular expression",
            Self::Function(_) => "a function",
        }
    }

    /// What it would take to print it, in characters and values.
    pub(crate) fn weight(&self) -> u64 {
        match self {
            Self::Text(text) | Self::Safe(text) => 1 + text.len() as u64,
            Self::List(list) => list.weight(),
            Self::Record(record) => record.weight(),
            _ => 1,
        }
    }

    fn depth(&self) -> u16 {
        match self {
            Self::List(list) => list.depth(),
            Self::Record(record) => record.depth(),
            _ => 0,
        }
    }
}
