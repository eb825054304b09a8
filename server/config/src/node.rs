//! A configuration value that remembers where it was written.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use portico_model::yaml::locate;
use serde_json::Value;

/// A value of the merged configuration.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: NodeValue,
    pub(crate) origin: Origin,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeValue {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    List(Vec<Node>),
    Object(IndexMap<String, Node>),
}

/// Where a value was written.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) file: Arc<SourceFile>,
    /// JSON pointer into the file's document.
    pub(crate) pointer: String,
    /// The environment variable or file the value came through.
    pub(crate) via: Option<String>,
}

/// One configuration file, kept for its line numbers.
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// The YAML document, without what is above its `---` line.
    pub(crate) text: String,
    /// Line of the file on which `text` begins, from 1.
    pub(crate) first_line: usize,
}

// The text may hold passwords: it stays out of debug output.
impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

impl SourceFile {
    /// The folder that relative paths in this file start from.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }
}

impl Origin {
    /// `file:line:column`, as compilers write it.
    pub(crate) fn place(&self) -> String {
        let path = self.file.path.display();
        match locate(&self.file.text, &self.pointer) {
            Some(at) => {
                let at = at.below(self.file.first_line);
                format!("{path}:{}:{}", at.line, at.column)
            }
            None => path.to_string(),
        }
    }

    /// The origin of a value inside this one.
    pub(crate) fn child(&self, key: &str) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self {
            pointer: format!("{}/{key}", self.pointer),
            ..self.clone()
        }
    }
}

impl Node {
    /// Gives every value of a parsed document its origin.
    pub(crate) fn from_json(value: Value, origin: Origin) -> Self {
        let value = match value {
            Value::Null => NodeValue::Null,
            Value::Bool(it) => NodeValue::Bool(it),
            Value::Number(it) => NodeValue::Number(it),
            Value::String(it) => NodeValue::String(it),
            Value::Array(items) => NodeValue::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(at, item)| Self::from_json(item, origin.child(&at.to_string())))
                    .collect(),
            ),
            Value::Object(fields) => NodeValue::Object(
                fields
                    .into_iter()
                    .map(|(key, field)| {
                        let field = Self::from_json(field, origin.child(&key));
                        (key, field)
                    })
                    .collect(),
            ),
        };
        Self { value, origin }
    }

    /// Lays a later file's value over this one: objects merge, all else replaces,
    /// and `null` takes an earlier value away.
    pub(crate) fn merge(&mut self, later: Self) {
        match (&mut self.value, later) {
            (
                NodeValue::Object(fields),
                Self {
                    value: NodeValue::Object(others),
                    ..
                },
            ) => {
                for (key, other) in others {
                    match fields.get_mut(&key) {
                        Some(field) => field.merge(other),
                        None => {
                            fields.insert(key, other);
                        }
                    }
                }
            }
            (_, later) => *self = later,
        }
    }

    /// What kind of value this is, in an operator's words.
    pub(crate) fn describe(&self) -> String {
        match &self.value {
            NodeValue::Null => "empty".to_owned(),
            NodeValue::Bool(it) => it.to_string(),
            NodeValue::Number(it) => it.to_string(),
            NodeValue::String(it) => format!("\"{it}\""),
            NodeValue::List(_) => "a list".to_owned(),
            NodeValue::Object(_) => "an object".to_owned(),
        }
    }
}
