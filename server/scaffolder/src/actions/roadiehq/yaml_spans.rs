//! Where everything in a YAML document is, in bytes of its text.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// A value with its place.
pub(super) struct Node {
    /// The first byte.
    pub(super) start: usize,
    /// Behind the last byte.
    pub(super) end: usize,
    /// The column of its first character, from 0.
    pub(super) column: usize,
    pub(super) shape: Shape,
}

/// What a value is.
pub(super) enum Shape {
    /// Also aliases, and what has an anchor or a tag: replaced as a whole, if at all.
    Scalar { is_block: bool },
    /// Keys with their values. Flow collections (`{}`) are told apart: they are one line.
    Map { entries: Vec<Entry>, is_flow: bool },
    /// Items.
    List { items: Vec<Node>, is_flow: bool },
}

/// A field of an object.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_end: usize,
    pub(super) value: Node,
}

/// The root of a document. `None` for what cannot be changed in place: nothing, anchors, keys
/// that are no words.
pub(super) fn read(text: &str) -> Option<Node> {
    let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    offsets.push(text.len());
    let mut events = Parser::new_from_str(text).filter_map(|it| match it {
        Ok((
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd,
            _,
        )) => None,
        other => Some(other.ok()),
    });
    let reader = Reader { text, offsets };
    let first = events.next()??;
    reader.node(first, &mut events)
}

struct Reader<'a> {
    text: &'a str,
    offsets: Vec<usize>,
}

impl Reader<'_> {
    fn node<'e>(
        &self,
        (event, span): (Event<'e>, Span),
        events: &mut dyn Iterator<Item = Option<(Event<'e>, Span)>>,
    ) -> Option<Node> {
        let (start, mut end) = (
            self.offset(span.start.index())?,
            self.offset(span.end.index())?,
        );
        let is_flow = self.text[start..].starts_with(['{', '[']);
        let shape = match event {
            Event::Scalar(_, style, 0, None) => {
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                end = start + written(&self.text[start..end], style);
                Shape::Scalar { is_block }
            }
            Event::Alias(_) => Shape::Scalar { is_block: false },
            Event::MappingStart(0, None) => {
                let mut entries = Vec::new();
                loop {
                    let (event, span) = events.next()??;
                    let key = match event {
                        Event::MappingEnd => {
                            end = self.end(
                                span,
                                is_flow,
                                entries.last().map(|it: &Entry| it.value.end),
                                end,
                            )?;
                            break;
                        }
                        Event::Scalar(key, _, 0, None) => key.into_owned(),
                        _ => return None,
                    };
                    let key_end = self.offset(span.end.index())?;
                    let value = self.node(events.next()??, events)?;
                    entries.push(Entry {
                        key,
                        key_end,
                        value,
                    });
                }
                Shape::Map { entries, is_flow }
            }
            Event::SequenceStart(0, None) => {
                let mut items = Vec::new();
                loop {
                    let next = events.next()??;
                    if matches!(next.0, Event::SequenceEnd) {
                        end =
                            self.end(next.1, is_flow, items.last().map(|it: &Node| it.end), end)?;
                        break;
                    }
                    items.push(self.node(next, events)?);
                }
                Shape::List { items, is_flow }
            }
            _ => return None,
        };
        Some(Node {
            start,
            end,
            column: span.start.col(),
            shape,
        })
    }

    /// Where a collection ends: a flow one with its bracket, a block one with its last value.
    fn end(&self, span: Span, is_flow: bool, last: Option<usize>, empty: usize) -> Option<usize> {
        match is_flow {
            true => Some(self.offset(span.start.index())? + 1),
            false => Some(last.unwrap_or(empty)),
        }
    }

    fn offset(&self, index: usize) -> Option<usize> {
        self.offsets.get(index).copied()
    }
}

/// How much of a text, which may run on into a comment, is the scalar at its beginning.
fn written(text: &str, style: ScalarStyle) -> usize {
    match style {
        ScalarStyle::SingleQuoted => quoted(text, '\'', '\''),
        ScalarStyle::DoubleQuoted => quoted(text, '"', '\\'),
        _ => text.trim_end().len(),
    }
}

/// Where a quoted text ends; `escape` before a quote makes it a part of the text.
fn quoted(text: &str, quote: char, escape: char) -> usize {
    let mut inside = text.char_indices().skip(1).peekable();
    while let Some((at, char)) = inside.next() {
        let next = inside.peek().map(|(_, next)| *next);
        if char == escape && (escape != quote || next == Some(quote)) {
            inside.next();
        } else if char == quote {
            return at + 1;
        }
    }
    text.len()
}
