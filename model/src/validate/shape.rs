//! The shape a value must have, as tables that the kinds are written in.

use serde_json::{Map, Value};

use super::{Violation, near};
use crate::pointer;

/// The shape of one value.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Text that is not empty.
    Text,
    /// Text, possibly empty.
    AnyText,
    /// Text of 1 to this many characters.
    TextUpTo(usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Text, `true` or `false`.
    TextOrFlag,
    List {
        of: &'static Shape,
        at_least: usize,
    },
    Object(&'static Fields),
    /// One such object, or a list of them.
    ObjectOrList(&'static Fields),
}

impl Shape {
    /// A list of texts that are not empty.
    pub const TEXTS: Self = Self::List {
        of: &Self::Text,
        at_least: 0,
    };

    fn name(&self) -> &'static str {
        match self {
            Self::Text | Self::AnyText | Self::TextUpTo(_) | Self::OneOf(_) => "text",
            Self::TextOrFlag => "text, true or false",
            Self::List { .. } => "a list",
            Self::Object(_) => "a mapping",
            Self::ObjectOrList(_) => "a mapping or a list of mappings",
        }
    }
}

/// The fields of an object.
#[derive(Debug)]
pub(crate) struct Fields {
    pub required: &'static [&'static str],
    pub known: &'static [(&'static str, Shape)],
    /// The shape of every other field; `None` lets them be anything.
    pub others: Option<&'static Shape>,
}

impl Fields {
    /// Any object.
    pub const ANY: Self = Self {
        required: &[],
        known: &[],
        others: None,
    };

    fn shape(&self, field: &str) -> Option<&Shape> {
        let known = self
            .known
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, shape)| shape);
        known.or(self.others)
    }
}

/// Checks the fields of an object: what is missing first, then what is there,
/// in the order of the table.
pub(crate) fn check_fields(
    fields: &Fields,
    object: &Map<String, Value>,
    at: &str,
    violations: &mut Vec<Violation>,
) {
    for field in fields.required {
        if !object.contains_key(*field) {
            violations.push(missing(fields, object, at, field));
        }
    }
    for (name, shape) in fields.known {
        if let Some(value) = object.get(*name) {
            check(shape, value, &pointer::join(at, name), violations);
        }
    }
    if fields.others.is_some() {
        for (name, value) in object {
            if !fields.known.iter().any(|(known, _)| known == name)
                && let Some(shape) = fields.shape(name)
            {
                check(shape, value, &pointer::join(at, name), violations);
            }
        }
    }
}

fn check(shape: &Shape, value: &Value, at: &str, violations: &mut Vec<Violation>) {
    match (shape, value) {
        (Shape::Text, Value::String(text)) => {
            if text.is_empty() {
                violations.push(empty(at));
            }
        }
        (Shape::AnyText, Value::String(_))
        | (Shape::TextOrFlag, Value::String(_) | Value::Bool(_)) => {}
        (Shape::TextUpTo(most), Value::String(text)) => {
            if text.is_empty() {
                violations.push(empty(at));
            } else if text.chars().count() > *most {
                let message = format!(
                    "`{}` must have at most {most} characters",
                    pointer::dotted(at)
                );
                violations.push(Violation::value(at, message, None));
            }
        }
        (Shape::OneOf(words), Value::String(text)) => {
            if !words.contains(&text.as_str()) {
                let field = pointer::dotted(at);
                let message = format!(
                    "`{field}` must be {}, found \"{text}\"",
                    near::choice(words)
                );
                let hint = near::closest(text, words.iter().copied());
                let hint = hint.map(|meant| format!("did you mean `{meant}`?"));
                violations.push(Violation::value(at, message, hint));
            }
        }
        (Shape::List { of, at_least }, Value::Array(items)) => {
            if items.len() < *at_least {
                let message = format!(
                    "`{}` must have at least {at_least} item",
                    pointer::dotted(at)
                );
                violations.push(Violation::value(at, message, None));
            }
            for (index, item) in items.iter().enumerate() {
                check(of, item, &format!("{at}/{index}"), violations);
            }
        }
        (Shape::Object(fields) | Shape::ObjectOrList(fields), Value::Object(object)) => {
            check_fields(fields, object, at, violations);
        }
        (Shape::ObjectOrList(fields), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                check(
                    &Shape::Object(fields),
                    item,
                    &format!("{at}/{index}"),
                    violations,
                );
            }
        }
        (shape, value) => violations.push(wrong_type(shape, value, at)),
    }
}

/// What a value is, in a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("\"{}\"", near::shorten(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

fn missing(fields: &Fields, object: &Map<String, Value>, at: &str, field: &str) -> Violation {
    let path = pointer::join(at, field);
    let message = format!("`{}` is required", pointer::dotted(&path));
    let unknown = object
        .keys()
        .map(String::as_str)
        .filter(|key| fields.shape(key).is_none());
    match near::closest(field, unknown) {
        Some(found) => {
            let hint = format!("did you mean `{field}`?");
            Violation::key(&pointer::join(at, found), message, Some(hint))
        }
        None => Violation::value(&path, message, None),
    }
}

fn empty(at: &str) -> Violation {
    let message = format!("`{}` must not be empty", pointer::dotted(at));
    Violation::value(
        at,
        message,
        Some("give it a value, or remove it".to_owned()),
    )
}

fn wrong_type(shape: &Shape, value: &Value, at: &str) -> Violation {
    let message = format!(
        "`{}` must be {}, found {}",
        pointer::dotted(at),
        shape.name(),
        describe(value)
    );
    let hint = match (shape, value) {
        (_, Value::Null) => Some("give it a value, or remove it".to_owned()),
        (Shape::List { .. }, Value::String(text)) => {
            Some(format!("write a list: [{}]", near::shorten(text)))
        }
        (Shape::List { .. } | Shape::Object(_), _) => None,
        (_, Value::Number(_) | Value::Bool(_)) => Some(format!("quote it: \"{value}\"")),
        (_, Value::Object(object)) => object_for_text(object),
        _ => None,
    };
    Violation::value(at, message, hint)
}

/// Why there is an object where text should be.
fn object_for_text(object: &Map<String, Value>) -> Option<String> {
    let (key, _) = object.iter().next()?;
    if key.starts_with('{') {
        Some(near::NOT_RENDERED.to_owned())
    } else if key.starts_with('$') && object.len() == 1 {
        Some(format!("the placeholder `{key}` was not resolved"))
    } else {
        Some("quote text that contains `: `, or write it as a block with `|`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(shape: &Shape, value: &Value) -> Vec<String> {
        let mut violations = Vec::new();
        check(shape, value, "/spec/x", &mut violations);
        violations
            .into_iter()
            .map(|violation| violation.message)
            .collect()
    }

    #[test]
    fn values_of_the_right_shape_pass() {
        const FIELDS: Fields = Fields {
            required: &["a"],
            known: &[("a", Shape::Text)],
            others: Some(&Shape::AnyText),
        };
        for (shape, value) in [
            (Shape::Text, json!("x")),
            (Shape::AnyText, json!("")),
            (Shape::TextUpTo(2), json!("éé")),
            (Shape::OneOf(&["a", "b"]), json!("b")),
            (Shape::TextOrFlag, json!(false)),
            (Shape::TEXTS, json!([])),
            (
                Shape::List {
                    of: &Shape::Text,
                    at_least: 1,
                },
                json!(["x"]),
            ),
            (Shape::Object(&FIELDS), json!({"a": "x", "b": ""})),
            (Shape::ObjectOrList(&FIELDS), json!([{"a": "x"}])),
        ] {
            assert!(said(&shape, &value).is_empty(), "{shape:?} {value}");
        }
    }

    #[test]
    fn messages_name_the_field_and_what_was_found() {
        for (shape, value, message) in [
            (Shape::Text, json!(""), "`spec.x` must not be empty"),
            (
                Shape::Text,
                json!(1.5),
                "`spec.x` must be text, found the number 1.5",
            ),
            (
                Shape::AnyText,
                json!(null),
                "`spec.x` must be text, found nothing",
            ),
            (
                Shape::TextUpTo(1),
                json!("ab"),
                "`spec.x` must have at most 1 characters",
            ),
            (
                Shape::OneOf(&["a", "b"]),
                json!("c"),
                "`spec.x` must be `a` or `b`, found \"c\"",
            ),
            (
                Shape::TextOrFlag,
                json!({}),
                "`spec.x` must be text, true or false, found a mapping",
            ),
            (
                Shape::TEXTS,
                json!("a"),
                "`spec.x` must be a list, found \"a\"",
            ),
            (
                Shape::TEXTS,
                json!(["a", 1]),
                "`spec.x[1]` must be text, found the number 1",
            ),
            (
                Shape::List {
                    of: &Shape::Text,
                    at_least: 1,
                },
                json!([]),
                "`spec.x` must have at least 1 item",
            ),
            (
                Shape::Object(&Fields::ANY),
                json!([]),
                "`spec.x` must be a mapping, found a list",
            ),
            (
                Shape::ObjectOrList(&Fields::ANY),
                json!([1]),
                "`spec.x[0]` must be a mapping, found the number 1",
            ),
        ] {
            assert_eq!(said(&shape, &value), [message]);
        }
    }
}
