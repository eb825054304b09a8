//! The parts that templates are made of.

use std::fmt;

/// A part of a template and the line it is on, from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: usize,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Text between tags.
    Data(String),
    /// A comment; whether it trims what is before and after it.
    Comment {
        trim_before: bool,
        trim_after: bool,
    },
    /// `{%`; whether it trims what is before it.
    BlockStart {
        trim: bool,
    },
    /// `%}`; whether it trims what is after it.
    BlockEnd {
        trim: bool,
    },
    /// `{{` or `${{`
    VariableStart {
        trim: bool,
    },
    /// `}}`
    VariableEnd {
        trim: bool,
    },
    Text(String),
    Number(f64),
    Bool(bool),
    /// `none` and `null`
    None,
    Regex {
        source: String,
        flags: String,
    },
    Name(String),
    /// A bracket, operator or separator.
    Mark(&'static str),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(_) => f.write_str("text"),
            Self::Comment { .. } => f.write_str("a comment"),
            Self::BlockStart { .. } => f.write_str("{%"),
            Self::BlockEnd { .. } => f.write_str("%}"),
            Self::VariableStart { .. } => f.write_str("the start of a value"),
            Self::VariableEnd { .. } => f.write_str("}}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::None => f.write_str("none"),
            Self::Regex { source, flags } => write!(f, "r/{source}/{flags}"),
            Self::Name(name) => f.write_str(name),
            Self::Mark(mark) => f.write_str(mark),
        }
    }
}
