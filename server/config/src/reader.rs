//! Typed reading of the merged tree, which notes every value's origin, every
//! unknown key and every mistake on the way instead of stopping at the first.

use std::cell::RefCell;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Problem;
use crate::node::{Node, NodeValue, Origin};
use crate::{Secret, duration};

/// What was learned while reading: for `explain`, for warnings, for errors.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) settings: RefCell<Vec<Setting>>,
    pub(crate) warnings: RefCell<Vec<Problem>>,
    pub(crate) errors: RefCell<Vec<Problem>>,
}

/// One effective value and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: String,
    /// `None` is a default.
    pub(crate) origin: Option<Origin>,
}

/// A view of one object (or list item) of the tree; absent objects read as empty.
pub(crate) struct Reader<'a> {
    node: Option<&'a Node>,
    key: String,
    log: &'a Log,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn root(node: Option<&'a Node>, log: &'a Log) -> Self {
        Self {
            node,
            key: String::new(),
            log,
            known: RefCell::default(),
        }
    }

    /// The key of this object, for example `catalog.locations[0]`.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The value itself, for places that accept several shapes.
    pub(crate) fn node(&self) -> Option<&'a Node> {
        self.node
    }

    /// The folder that relative paths written here start from.
    pub(crate) fn folder(&self) -> PathBuf {
        let folder = self.node.map(|node| node.origin.file.folder().to_owned());
        folder.unwrap_or_default()
    }

    /// Reads an object; its keys that `read` does not ask for are reported.
    pub(crate) fn object<T>(&self, key: &'static str, read: impl FnOnce(&Reader<'a>) -> T) -> T {
        self.value(key).read_object(read)
    }

    /// Reads this value as an object; its keys that `read` does not ask for are reported.
    pub(crate) fn read_object<T>(mut self, read: impl FnOnce(&Reader<'a>) -> T) -> T {
        match self.node.map(|node| &node.value) {
            None | Some(NodeValue::Object(_)) => {}
            Some(NodeValue::Null) => self.node = None,
            Some(_) => {
                self.wrong("an object");
                self.node = None;
            }
        }
        let result = read(&self);
        self.report_unknown();
        result
    }

    /// The items of a list; absent is empty.
    pub(crate) fn list(&self, key: &'static str) -> Vec<Reader<'a>> {
        let value = self.value(key);
        match value.node.map(|node| &node.value) {
            None | Some(NodeValue::Null) => Vec::new(),
            Some(NodeValue::List(items)) => items
                .iter()
                .enumerate()
                .map(|(at, item)| self.at(Some(item), format!("{}[{at}]", value.key)))
                .collect(),
            Some(_) => {
                value.wrong("a list");
                Vec::new()
            }
        }
    }

    /// One field, whatever it is.
    pub(crate) fn value(&self, key: &'static str) -> Reader<'a> {
        self.known.borrow_mut().push(key);
        let node = match self.node.map(|node| &node.value) {
            Some(NodeValue::Object(fields)) => fields.get(key),
            _ => None,
        };
        let node = node.filter(|node| !matches!(node.value, NodeValue::Null));
        let key = if self.key.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.key)
        };
        self.at(node, key)
    }

    /// The texts of an object whose keys are the operator's own, by key. Nothing of them is noted:
    /// they may be secrets.
    pub(crate) fn named_texts(&self, key: &'static str) -> Vec<(String, Reader<'a>, String)> {
        let object = self.value(key);
        let fields = match object.node.map(|node| &node.value) {
            None => return Vec::new(),
            Some(NodeValue::Object(fields)) => fields,
            Some(_) => {
                object.wrong("an object of texts");
                return Vec::new();
            }
        };
        let texts = fields.iter().filter_map(|(name, node)| {
            let value = object.at(Some(node), format!("{}.{name}", object.key));
            let text = value.scalar("a text")?;
            Some((name.clone(), value, text))
        });
        texts.collect()
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        self.value(key)
            .parse("a text", |text| Some(text.to_owned()))
    }

    /// A text that means something else where it is written, such as a relative path.
    pub(crate) fn text_as(
        &self,
        key: &'static str,
        meaning: impl FnOnce(&str) -> String,
    ) -> Option<String> {
        let value = self.value(key);
        let text = meaning(&value.scalar("a text")?);
        value.note(&text);
        Some(text)
    }

    pub(crate) fn text_or(&self, key: &'static str, default: &str) -> String {
        self.text(key)
            .unwrap_or_else(|| self.default(key, default.to_owned()))
    }

    pub(crate) fn required_text(&self, key: &'static str) -> Option<String> {
        self.require(key);
        self.text(key)
    }

    /// Reports a missing key.
    pub(crate) fn require(&self, key: &'static str) {
        if !self.value(key).is_present() {
            self.problem(format!("needs the key \"{key}\""));
        }
    }

    /// A list of texts; a single text counts as a list of one.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<String> {
        let value = self.value(key);
        if matches!(
            value.node.map(|node| &node.value),
            Some(NodeValue::String(_))
        ) {
            return value
                .parse("a text", |text| Some(text.to_owned()))
                .into_iter()
                .collect();
        }
        self.list(key)
            .into_iter()
            .filter_map(|item| item.parse("a text", |text| Some(text.to_owned())))
            .collect()
    }

    pub(crate) fn secret(&self, key: &'static str) -> Option<Secret> {
        let value = self.value(key);
        let text = value.scalar("a text")?;
        value.note("****");
        Some(Secret::new(text))
    }

    pub(crate) fn boolean(&self, key: &'static str, default: bool) -> bool {
        let parsed = self.value(key).parse("true or false", |text| match text {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        });
        parsed.unwrap_or_else(|| self.default(key, default))
    }

    /// One of a few words, compared case-insensitively.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        self.value(key)
            .parse(&format!("one of {}", names.join(", ")), |text| {
                choices
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(text))
                    .map(|it| it.1)
            })
    }

    /// [`Self::choice`] whose first word is the default.
    pub(crate) fn choice_or_first<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
        first: (&'static str, T),
    ) -> T {
        let mut all = vec![first];
        all.extend_from_slice(choices);
        self.choice(key, &all).unwrap_or_else(|| {
            self.default(key, first.0);
            first.1
        })
    }

    pub(crate) fn duration(&self, key: &'static str) -> Option<Duration> {
        self.value(key).as_duration()
    }

    /// This value as a duration, in any of its forms.
    pub(crate) fn as_duration(&self) -> Option<Duration> {
        let node = self.node?;
        let parsed = match &node.value {
            NodeValue::Number(number) => number.as_f64().and_then(duration::from_seconds),
            NodeValue::String(text) => text
                .parse()
                .ok()
                .and_then(duration::from_seconds)
                .or_else(|| duration::parse_text(text)),
            NodeValue::Object(fields) => {
                let units: Option<Vec<_>> = fields
                    .iter()
                    .map(|(unit, amount)| match &amount.value {
                        NodeValue::Number(number) => Some((unit.clone(), number.as_i64()?)),
                        NodeValue::String(text) => Some((unit.clone(), text.parse().ok()?)),
                        _ => None,
                    })
                    .collect();
                units.and_then(|units| duration::from_units(&units))
            }
            _ => None,
        };
        match parsed {
            Some(parsed) => self.note(duration::display(parsed)),
            None => self.wrong(duration::DURATION_HELP),
        }
        parsed
    }

    /// Parses this value from its text form (numbers and booleans have one too).
    pub(crate) fn parse<T>(
        &self,
        wanted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.scalar(wanted)?;
        let parsed = parse(&text);
        match parsed {
            Some(_) => self.note(&text),
            None => self.wrong(wanted),
        }
        parsed
    }

    /// Whether anything is written here.
    pub(crate) fn is_present(&self) -> bool {
        self.node.is_some()
    }

    /// Notes a default, so that the explanation shows it, and hands it back.
    pub(crate) fn default<T: fmt::Display>(&self, key: &str, value: T) -> T {
        let key = if self.key.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.key)
        };
        self.log.settings.borrow_mut().push(Setting {
            key,
            value: value.to_string(),
            origin: None,
        });
        value
    }

    /// Notes this value as effective.
    pub(crate) fn note(&self, value: impl fmt::Display) {
        let Some(node) = self.node else { return };
        self.log.settings.borrow_mut().push(Setting {
            key: self.key.clone(),
            value: value.to_string(),
            origin: Some(node.origin.clone()),
        });
    }

    /// Reports a mistake at this value.
    pub(crate) fn problem(&self, message: impl Into<String>) {
        self.log
            .errors
            .borrow_mut()
            .push(self.problem_here(message.into()));
    }

    /// Reports something at this value that the operator should know.
    pub(crate) fn warn(&self, message: impl Into<String>) {
        self.log
            .warnings
            .borrow_mut()
            .push(self.problem_here(message.into()));
    }

    fn wrong(&self, wanted: &str) {
        let found = self.node.map(Node::describe).unwrap_or_default();
        self.problem(format!("must be {wanted}, but is {found}"));
    }

    fn scalar(&self, wanted: &str) -> Option<String> {
        match &self.node?.value {
            NodeValue::String(text) => Some(text.clone()),
            NodeValue::Number(number) => Some(number.to_string()),
            NodeValue::Bool(it) => Some(it.to_string()),
            NodeValue::Null => None,
            NodeValue::List(_) | NodeValue::Object(_) => {
                self.wrong(wanted);
                None
            }
        }
    }

    fn report_unknown(&self) {
        let Some(NodeValue::Object(fields)) = self.node.map(|node| &node.value) else {
            return;
        };
        let known = self.known.borrow();
        for (name, field) in fields {
            if known.contains(&name.as_str()) {
                continue;
            }
            let key = if self.key.is_empty() {
                name.clone()
            } else {
                format!("{}.{name}", self.key)
            };
            let message = match nearest(name, &known) {
                Some(nearest) => format!("is not a key Portico knows; did you mean \"{nearest}\"?"),
                None => "is not a key Portico uses; it is ignored".to_owned(),
            };
            self.at(Some(field), key).warn(message);
        }
    }

    fn problem_here(&self, message: String) -> Problem {
        let place = self
            .node
            .map(|node| node.origin.place())
            .unwrap_or_default();
        Problem {
            key: self.key.clone(),
            place,
            message,
        }
    }

    fn at(&self, node: Option<&'a Node>, key: String) -> Self {
        Self {
            node,
            key,
            log: self.log,
            known: RefCell::default(),
        }
    }
}

/// The known key that a typing mistake is closest to, when it is close.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    known
        .iter()
        .map(|key| {
            (
                strsim::damerau_levenshtein(&name, &key.to_lowercase()),
                *key,
            )
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, key)| *distance <= key.len().div_ceil(4).min(3))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_close_keys_are_suggested() {
        let known = ["locations", "rules", "readonly", "token"];
        assert_eq!(nearest("location", &known), Some("locations"));
        assert_eq!(nearest("readOnly", &known), Some("readonly"));
        assert_eq!(nearest("tokne", &known), Some("token"));
        assert_eq!(nearest("techdocs", &known), None);
    }
}
