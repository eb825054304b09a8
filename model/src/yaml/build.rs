//! Parser events into a JSON value, within a budget.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value, map::Entry};

use super::{
    Limits, YamlError, describe,
    guard::{Guarded, Watch},
    locate_key, scalar,
};

/// What is left of a file's limits. Copies made by anchors and aliases are paid for too.
pub struct Budget {
    depth: usize,
    nodes: Option<usize>,
    bytes: Option<usize>,
    limits: Limits,
}

impl Budget {
    pub fn new(limits: &Limits) -> Self {
        Self {
            depth: limits.depth,
            nodes: Some(limits.nodes),
            bytes: Some(limits.bytes),
            limits: *limits,
        }
    }

    /// Whether a limit of the whole file was passed, so that reading on is pointless.
    pub fn is_spent(&self) -> bool {
        self.nodes.is_none() || self.bytes.is_none()
    }

    fn take(&mut self, cost: Cost, at: Marker) -> Result<(), YamlError> {
        self.nodes = self.nodes.and_then(|left| left.checked_sub(cost.nodes));
        self.bytes = self.bytes.and_then(|left| left.checked_sub(cost.bytes));
        let message = if self.nodes.is_none() {
            format!(
                "too many values: at most {} are read from one file",
                self.limits.nodes
            )
        } else if self.bytes.is_none() {
            let limit = self.limits.bytes;
            format!("too much text repeated by aliases: at most {limit} bytes in one file")
        } else {
            return Ok(());
        };
        let hint = "split the file, or write fewer aliases (`*name`)";
        Err(error_at(at, message, Some(hint.to_owned())))
    }

    fn check_depth(&self, depth: usize, at: Marker) -> Result<(), YamlError> {
        if depth <= self.depth {
            return Ok(());
        }
        let message = format!("nested too deep: at most {} levels are read", self.depth);
        Err(error_at(at, message, None))
    }
}

/// Reads one document; text without content is null.
pub fn build(text: &str, budget: &mut Budget) -> Result<Value, YamlError> {
    let mut builder = Builder {
        text,
        budget,
        stack: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        at: Marker::new(0, 1, 0),
    };
    let watch = Watch::default();
    for event in Parser::new(Guarded::new(text, watch.clone())) {
        if watch.gave_up() {
            return Err(builder.gave_up());
        }
        watch.event();
        let (event, span) = event.map_err(|error| describe::scan_error(text, &error))?;
        builder.at = span.start;
        builder.on_event(event, span.start)?;
    }
    Ok(builder.root.unwrap_or_default())
}

/// An error at a parser position.
pub fn error_at(at: Marker, message: String, hint: Option<String>) -> YamlError {
    YamlError {
        message,
        line: at.line(),
        column: at.col() + 1,
        hint,
    }
}

struct Builder<'b, 't> {
    text: &'t str,
    budget: &'b mut Budget,
    stack: Vec<Frame>,
    /// Finished anchored values by the parser's anchor id.
    anchors: HashMap<usize, (Value, Cost)>,
    root: Option<Value>,
    /// Where the last event was.
    at: Marker,
}

/// A collection that is being read.
struct Frame {
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Value>),
    Mapping {
        entries: Map<String, Value>,
        key: Option<(String, Marker)>,
    },
}

/// What a copy of a value costs.
#[derive(Clone, Copy)]
struct Cost {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

impl Cost {
    const SCALAR: Self = Self {
        nodes: 1,
        bytes: 0,
        depth: 0,
    };
    const COLLECTION: Self = Self {
        depth: 1,
        ..Self::SCALAR
    };

    /// The cost of a collection with one more part.
    fn with(self, part: Self) -> Self {
        Self {
            nodes: self.nodes + part.nodes,
            bytes: self.bytes + part.bytes,
            depth: self.depth.max(part.depth + 1),
        }
    }
}

impl Builder<'_, '_> {
    fn on_event(&mut self, event: Event<'_>, at: Marker) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.budget.take(Cost::SCALAR, at)?;
                let value = match tag {
                    None if style == ScalarStyle::Plain => scalar::resolve_plain(&text),
                    None => Value::String(text.into_owned()),
                    Some(tag) => tagged(&tag, &text),
                };
                self.finish(value, anchor, at)
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, Content::Sequence(Vec::new()), at),
            Event::MappingStart(anchor, _) => self.open(
                anchor,
                Content::Mapping {
                    entries: Map::new(),
                    key: None,
                },
                at,
            ),
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Frame {
                    anchor,
                    content: Content::Sequence(items),
                }) => self.finish(Value::Array(items), anchor, at),
                Some(Frame {
                    anchor,
                    content: Content::Mapping { entries, .. },
                }) => self.finish(Value::Object(entries), anchor, at),
                None => Ok(()),
            },
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::DocumentStart(_) if self.root.is_some() => {
                let message = "a second document begins here".to_owned();
                Err(error_at(
                    at,
                    message,
                    Some("put `---` on a line of its own".to_owned()),
                ))
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn gave_up(&self) -> YamlError {
        let message = "what follows is too large to be one text, `[…]` or `{…}`".to_owned();
        let hint = "split it, or write it as a block: one field or item on a line";
        error_at(self.at, message, Some(hint.to_owned()))
    }

    fn open(&mut self, anchor: usize, content: Content, at: Marker) -> Result<(), YamlError> {
        self.budget.take(Cost::SCALAR, at)?;
        self.stack.push(Frame { anchor, content });
        self.budget.check_depth(self.stack.len(), at)
    }

    fn alias(&mut self, anchor: usize, at: Marker) -> Result<(), YamlError> {
        let Some((value, cost)) = self.anchors.get(&anchor) else {
            return Err(error_at(at, "this alias contains itself".to_owned(), None));
        };
        let cost = *cost;
        self.budget.check_depth(self.stack.len() + cost.depth, at)?;
        self.budget.take(cost, at)?;
        let value = value.clone();
        self.finish(value, 0, at)
    }

    /// Puts a finished value where it belongs.
    fn finish(&mut self, value: Value, anchor: usize, at: Marker) -> Result<(), YamlError> {
        if anchor > 0 {
            let cost = cost_of(&value);
            self.budget.take(cost, at)?;
            self.anchors.insert(anchor, (value.clone(), cost));
        }
        match self.stack.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(value),
            Some(Content::Sequence(items)) => items.push(value),
            Some(Content::Mapping { entries, key }) => match key.take() {
                None => *key = Some((key_text(value), at)),
                Some((name, key_at)) => {
                    // Checked here, not at the key, so that each key is hashed once.
                    match entries.entry(name) {
                        Entry::Vacant(entry) => {
                            entry.insert(value);
                        }
                        Entry::Occupied(entry) => {
                            let name = entry.key().clone();
                            return Err(self.duplicate_key(&name, key_at));
                        }
                    }
                }
            },
        }
        Ok(())
    }

    fn duplicate_key(&self, key: &str, at: Marker) -> YamlError {
        let message = format!("the key `{key}` is already in this mapping");
        let hint = match self.pointer().and_then(|pointer| {
            locate_key(
                self.text,
                &format!("{pointer}/{}", crate::pointer::escape(key)),
            )
        }) {
            Some(first) => format!("remove one of the two; the first is on line {}", first.line),
            None => "remove one of the two".to_owned(),
        };
        error_at(at, message, Some(hint))
    }

    /// JSON pointer of the innermost open collection.
    fn pointer(&self) -> Option<String> {
        let mut pointer = String::new();
        let (_, parents) = self.stack.split_last()?;
        for parent in parents {
            pointer.push('/');
            match &parent.content {
                Content::Sequence(items) => pointer.push_str(&items.len().to_string()),
                Content::Mapping { key, .. } => {
                    pointer.push_str(&crate::pointer::escape(&key.as_ref()?.0));
                }
            }
        }
        Some(pointer)
    }
}

/// A tag of the core schema asks for a type; every other tag leaves text.
fn tagged(tag: &Tag, text: &str) -> Value {
    let resolved = scalar::resolve_plain(text);
    let fits = tag.is_yaml_core_schema()
        && match tag.suffix.as_str() {
            "null" => resolved.is_null(),
            "bool" => resolved.is_boolean(),
            "int" | "float" => resolved.is_number(),
            _ => false,
        };
    if fits {
        resolved
    } else {
        Value::String(text.to_owned())
    }
}

/// A key as JavaScript turns it into a property name.
fn key_text(key: Value) -> String {
    match key {
        Value::String(text) => text,
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => scalar::number_text(&number),
        collection => flow_text(&collection),
    }
}

/// A collection in flow style. Only keys need it: `{{ x }}` in an unrendered
/// template is a mapping whose key is a mapping.
fn flow_text(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!(
                "[ {} ]",
                items.iter().map(flow_text).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| match value {
                Value::Null => key.clone(),
                value => format!("{key}: {}", flow_text(value)),
            };
            format!(
                "{{ {} }}",
                entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            )
        }
        scalar => key_text(scalar.clone()),
    }
}

fn cost_of(value: &Value) -> Cost {
    match value {
        Value::String(text) => Cost {
            nodes: 1,
            bytes: text.len(),
            depth: 0,
        },
        Value::Array(items) => items.iter().map(cost_of).fold(Cost::COLLECTION, Cost::with),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| {
                let cost = cost_of(value);
                Cost {
                    bytes: cost.bytes + key.len(),
                    ..cost
                }
            })
            .fold(Cost::COLLECTION, Cost::with),
        Value::Null | Value::Bool(_) | Value::Number(_) => Cost::SCALAR,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        build(text, &mut Budget::new(&Limits::default())).unwrap()
    }

    #[test]
    fn tags_of_the_core_schema_choose_the_type() {
        assert_eq!(
            value("a: !!str 1\nb: !!int \"3\"\nc: !own 4\nd: ! 5\ne: !!bool x\nf: !!null ''\n"),
            json!({"a": "1", "b": 3, "c": "4", "d": "5", "e": "x", "f": null})
        );
    }

    #[test]
    fn keys_become_text() {
        assert_eq!(
            value("1.50: a\ntrue: b\n~: c\n? [x, {y: 1}]\n: d\n"),
            json!({"1.5": "a", "true": "b", "": "c", "[ x, { y: 1 } ]": "d"})
        );
    }

    #[test]
    fn an_unrendered_template_value_is_a_mapping() {
        assert_eq!(
            value("name: {{ values.name }}\n"),
            json!({"name": {"{ values.name }": null}})
        );
    }

    #[test]
    fn aliases_repeat_their_anchor() {
        assert_eq!(
            value("a: &x [1, {b: 2}]\nc: *x\n"),
            json!({"a": [1, {"b": 2}], "c": [1, {"b": 2}]})
        );
    }

    #[test]
    fn quoted_text_stays_text() {
        assert_eq!(
            value("- '1'\n- \"true\"\n- |\n  1\n"),
            json!(["1", "true", "1\n"])
        );
    }
}
