//! Texts: what values print as, and positions in them, counted in UTF-16 units.

use std::{borrow::Cow, sync::Arc};

use super::{Value, format_number};

impl Value {
    /// The text of a value (`String(value)`).
    pub(crate) fn to_text(&self) -> String {
        self.as_text().into_owned()
    }

    /// The text of a value, borrowed when it is one.
    pub(crate) fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Text(text) | Self::Safe(text) => text,
            Self::Record(_) | Self::Cycler(_) => "[object Object]",
            Self::Function(_) => "[function]",
            Self::Number(number) => return Cow::Owned(format_number(*number)),
            Self::Pattern(pattern) => return Cow::Owned(pattern.to_string()),
            Self::List(list) => return Cow::Owned(join(list, ",")),
        })
    }

    /// The text of a value as a shared one.
    pub(crate) fn shared_text(&self) -> Arc<str> {
        match self {
            Self::Text(text) | Self::Safe(text) => text.clone(),
            value => value.as_text().into(),
        }
    }
}

/// `list.join(separator)`: `undefined` and `null` are empty.
pub(crate) fn join(items: &[Value], separator: &str) -> String {
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(separator);
        }
        if !item.is_nothing() {
            text.push_str(&item.as_text());
        }
    }
    text
}

/// The length in UTF-16 units.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

/// The unit at a position. Half of a surrogate pair becomes U+FFFD.
pub(crate) fn at(text: &str, position: usize) -> Option<String> {
    let end = position.checked_add(1)?;
    (position < length(text)).then(|| slice(text, position, end))
}

/// The units from one position to before another; both may lie behind the end.
pub(crate) fn slice(text: &str, from: usize, to: usize) -> String {
    if text.is_ascii() {
        let to = to.min(text.len());
        return text.get(from..to).unwrap_or_default().to_owned();
    }
    let units = text.encode_utf16().skip(from);
    let units: Vec<u16> = units.take(to.saturating_sub(from)).collect();
    String::from_utf16_lossy(&units)
}

/// Where a text occurs in another from a byte on, in bytes.
pub(crate) fn index_of(text: &str, wanted: &str, from: usize) -> Option<usize> {
    text.get(from..)?.find(wanted).map(|at| from + at)
}
