//! Where a JSON pointer is in the source of a document.
//!
//! A second pass over the parser's events, made only when a problem is shown:
//! keeping positions for every value would slow down every read.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::scalar;
use crate::pointer;

/// A place in a source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Characters to underline on that line, at least 1.
    pub width: usize,
}

impl Position {
    /// The same place, in a text of which this one is the part from `first_line`.
    #[must_use]
    pub fn below(self, first_line: usize) -> Self {
        Self {
            line: self.line + first_line.max(1) - 1,
            ..self
        }
    }
}

/// Where a value is: the value itself when it is on one line, its key when it
/// is a collection or empty. Falls back to the nearest existing parent.
pub fn locate(text: &str, pointer: &str) -> Option<Position> {
    let found = search(text, pointer)?;
    match found.value {
        Some(value) if found.exact => Some(value),
        _ => found.key.or(found.value),
    }
}

/// Where the key of a value is, falling back to the nearest existing parent.
pub fn locate_key(text: &str, pointer: &str) -> Option<Position> {
    let found = search(text, pointer)?;
    found.key.or(found.value)
}

/// The deepest match of the pointer seen so far.
struct Found {
    key: Option<Position>,
    /// Where the value starts; absent for a collection that has a key.
    value: Option<Position>,
    exact: bool,
}

/// An open collection.
struct Frame {
    /// How many tokens of the pointer lead to it, when it is on the pointer's way.
    matched: Option<usize>,
    place: Place,
}

enum Place {
    Item(usize),
    Key,
    Value { key: String, at: Position },
}

fn search(text: &str, pointer: &str) -> Option<Found> {
    let tokens = pointer::tokens(pointer);
    let mut stack: Vec<Frame> = Vec::new();
    let mut found = None;
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let node = match event {
            Event::Scalar(text, style, ..) => Node::Scalar {
                text: if style == ScalarStyle::Plain {
                    key_of_plain(&text)
                } else {
                    text.into()
                },
                blank: span.start.index() == span.end.index(),
            },
            Event::Alias(_) => Node::Scalar {
                text: String::new(),
                blank: false,
            },
            Event::SequenceStart(..) => Node::Open(Place::Item(0)),
            Event::MappingStart(..) => Node::Open(Place::Key),
            Event::SequenceEnd | Event::MappingEnd => {
                stack.pop();
                leave(&mut stack);
                continue;
            }
            _ => continue,
        };
        if let Node::Scalar { text, .. } = &node
            && let Some(place @ Place::Key) = stack.last_mut().map(|frame| &mut frame.place)
        {
            *place = Place::Value {
                key: text.clone(),
                at: position(span),
            };
            continue;
        }
        let matched = match stack.last() {
            None => Some(0),
            Some(frame) => frame.matched.and_then(|matched| {
                let token = tokens.get(matched)?;
                let is_next = match &frame.place {
                    Place::Item(index) => token.parse() == Ok(*index),
                    Place::Key => false,
                    Place::Value { key, .. } => key == token.as_ref(),
                };
                is_next.then_some(matched + 1)
            }),
        };
        if let Some(matched) = matched {
            let key = match stack.last().map(|frame| &frame.place) {
                Some(Place::Value { at, .. }) => Some(*at),
                _ => None,
            };
            let shown = match &node {
                Node::Scalar { blank, .. } => !blank,
                Node::Open(_) => key.is_none(),
            };
            let exact = matched == tokens.len();
            found = Some(Found {
                key,
                value: shown.then(|| position(span)),
                exact,
            });
            if exact {
                break;
            }
        }
        match node {
            Node::Open(place) => stack.push(Frame { matched, place }),
            Node::Scalar { .. } => leave(&mut stack),
        }
    }
    found
}

enum Node {
    Scalar { text: String, blank: bool },
    Open(Place),
}

/// Moves the innermost collection on, after one of its nodes ended.
fn leave(stack: &mut [Frame]) {
    if let Some(frame) = stack.last_mut() {
        frame.place = match frame.place {
            Place::Item(index) => Place::Item(index + 1),
            // The end of a key that is itself a collection; its text is not needed here.
            Place::Key => Place::Value {
                key: String::new(),
                at: START,
            },
            Place::Value { .. } => Place::Key,
        };
    }
}

const START: Position = Position {
    line: 1,
    column: 1,
    width: 1,
};

fn key_of_plain(text: &str) -> String {
    match scalar::resolve_plain(text) {
        serde_json::Value::Null => String::new(),
        serde_json::Value::Number(number) => scalar::number_text(&number),
        _ => text.to_owned(),
    }
}

fn position(span: Span) -> Position {
    let Marked {
        line,
        column,
        index,
    } = mark(span.start);
    let end = mark(span.end);
    let width = if end.line == line {
        end.index.saturating_sub(index)
    } else {
        1
    };
    Position {
        line,
        column,
        width: width.max(1),
    }
}

struct Marked {
    line: usize,
    column: usize,
    index: usize,
}

fn mark(marker: Marker) -> Marked {
    Marked {
        line: marker.line(),
        column: marker.col() + 1,
        index: marker.index(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
apiVersion: v1
metadata:
  name: \"böse\"
  labels: {a/b: x, 1.0: y}
spec:
  owner:
  items:
    - one
    - two: 2
      three: |
        text
";

    fn at(pointer: &str) -> (usize, usize, usize) {
        let position = locate(TEXT, pointer).unwrap();
        (position.line, position.column, position.width)
    }

    #[test]
    fn values_are_found() {
        assert_eq!(at("/apiVersion"), (1, 13, 2));
        assert_eq!(at("/metadata/name"), (3, 9, 6));
        assert_eq!(at("/metadata/labels/a~1b"), (4, 17, 1));
        assert_eq!(at("/metadata/labels/1"), (4, 25, 1));
        assert_eq!(at("/spec/items/0"), (8, 7, 3));
        assert_eq!(at("/spec/items/1/two"), (9, 12, 1));
    }

    #[test]
    fn collections_and_empty_values_are_at_their_key() {
        assert_eq!(at("/metadata"), (2, 1, 8));
        assert_eq!(at("/spec/owner"), (6, 3, 5));
        assert_eq!(at("/spec/items"), (7, 3, 5));
        assert_eq!(at("/spec/items/1"), (9, 7, 1));
        assert_eq!(at(""), (1, 1, 1));
    }

    #[test]
    fn a_missing_field_is_at_its_parent() {
        assert_eq!(at("/spec/missing"), (5, 1, 4));
        assert_eq!(at("/spec/items/7/x"), (7, 3, 5));
        assert_eq!(at("/nothing/at/all"), (1, 1, 1));
        assert_eq!(at("/metadata/name/deeper"), (3, 3, 4));
    }

    #[test]
    fn keys_are_found() {
        let key = locate_key(TEXT, "/metadata/name").unwrap();
        assert_eq!((key.line, key.column, key.width), (3, 3, 4));
    }

    #[test]
    fn a_complex_key_does_not_confuse_its_neighbours() {
        let position = locate("a: {{ x }}\nb: 1\n", "/b").unwrap();
        assert_eq!((position.line, position.column), (2, 4));
    }

    #[test]
    fn a_broken_document_answers_with_what_was_read() {
        assert_eq!(locate("a: 1\nb: %\n", "/a").unwrap().line, 1);
        assert_eq!(locate("%", "/a"), None);
    }
}
