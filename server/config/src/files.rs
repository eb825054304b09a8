//! From files to one tree: parsing, variables, includes, merging.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use portico_model::yaml::{Limits, parse_documents};
use serde_json::Value;

use crate::error::{ConfigError, Problem};
use crate::node::{Node, NodeValue, Origin, SourceFile};
use crate::substitute::{Env, substitute};

/// Files that include each other deeper than this include themselves.
const MAX_INCLUDE_DEPTH: usize = 16;

/// Reads configuration files and lays each over the ones before it.
pub(crate) struct Files<'a> {
    env: Env<'a>,
    /// Unset variables.
    pub(crate) warnings: Vec<Problem>,
    /// Includes that cannot be followed.
    pub(crate) errors: Vec<Problem>,
}

impl<'a> Files<'a> {
    pub(crate) fn new(env: Env<'a>) -> Self {
        Self {
            env,
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The merged tree; `None` when there are no files or all are empty.
    pub(crate) fn load(&mut self, paths: &[PathBuf]) -> Result<Option<Node>, ConfigError> {
        let mut merged: Option<Node> = None;
        for path in paths {
            let tree = parse(path)?;
            let Some(tree) = self.expand(tree, "", 0)? else {
                continue;
            };
            match &mut merged {
                Some(earlier) => earlier.merge(tree),
                None => merged = Some(tree),
            }
        }
        Ok(merged)
    }

    /// Replaces variables and includes; `None` is an absent value.
    fn expand(&mut self, node: Node, key: &str, depth: usize) -> Result<Option<Node>, ConfigError> {
        let Node { value, origin } = node;
        let value = match value {
            NodeValue::String(text) => return Ok(self.expand_text(&text, origin, key)),
            NodeValue::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (at, item) in items.into_iter().enumerate() {
                    list.extend(self.expand(item, &format!("{key}[{at}]"), depth)?);
                }
                NodeValue::List(list)
            }
            NodeValue::Object(fields) => {
                if let Some(include) = include_of(&fields) {
                    return self.include(include, &fields, &origin, key, depth);
                }
                let mut object = IndexMap::with_capacity(fields.len());
                for (name, field) in fields {
                    let inner = if key.is_empty() {
                        name.clone()
                    } else {
                        format!("{key}.{name}")
                    };
                    if let Some(field) = self.expand(field, &inner, depth)? {
                        object.insert(name, field);
                    }
                }
                NodeValue::Object(object)
            }
            plain => plain,
        };
        Ok(Some(Node { value, origin }))
    }

    fn expand_text(&mut self, text: &str, origin: Origin, key: &str) -> Option<Node> {
        let result = substitute(text, self.env);
        let via =
            (!result.variables.is_empty()).then(|| format!("env {}", result.variables.join(", ")));
        if let Some(text) = result.text {
            let via = via.or_else(|| origin.via.clone());
            return Some(Node {
                value: NodeValue::String(text),
                origin: Origin { via, ..origin },
            });
        }
        let unset: Vec<_> = result
            .variables
            .into_iter()
            .filter(|name| (self.env)(name).is_none())
            .collect();
        self.warn_unset(&unset.join(", "), &origin, key);
        None
    }

    fn include(
        &mut self,
        include: Include,
        fields: &IndexMap<String, Node>,
        origin: &Origin,
        key: &str,
        depth: usize,
    ) -> Result<Option<Node>, ConfigError> {
        let argument = fields.values().next().and_then(|node| match &node.value {
            NodeValue::String(text) => substitute(text, self.env).text,
            _ => None,
        });
        let (Some(argument), 1) = (argument, fields.len()) else {
            let message = format!("{} takes one text, and no keys beside it", include.name());
            self.error(message, origin, key);
            return Ok(None);
        };
        let file = origin.file.folder().join(&argument);
        match include {
            Include::Env => {
                let Some(text) = (self.env)(&argument).filter(|text| !text.is_empty()) else {
                    self.warn_unset(&argument, origin, key);
                    return Ok(None);
                };
                Ok(Some(text_node(text, origin, format!("env {argument}"))))
            }
            Include::File => match std::fs::read_to_string(&file) {
                Ok(text) => Ok(Some(text_node(
                    text.trim().to_owned(),
                    origin,
                    file.display().to_string(),
                ))),
                Err(error) => {
                    self.error(
                        format!("cannot read {}: {error}", file.display()),
                        origin,
                        key,
                    );
                    Ok(None)
                }
            },
            Include::Document if depth >= MAX_INCLUDE_DEPTH => {
                self.error(
                    "files include each other in a circle".to_owned(),
                    origin,
                    key,
                );
                Ok(None)
            }
            Include::Document => {
                let (path, fragment) = argument.split_once('#').unwrap_or((&argument, ""));
                let mut node = parse(&origin.file.folder().join(path))?;
                for part in fragment.split('.').filter(|part| !part.is_empty()) {
                    let inner = match node.value {
                        NodeValue::Object(mut fields) => fields.swap_remove(part),
                        _ => None,
                    };
                    let Some(inner) = inner else {
                        self.error(
                            format!("{path} has no value at \"{fragment}\""),
                            origin,
                            key,
                        );
                        return Ok(None);
                    };
                    node = inner;
                }
                self.expand(node, key, depth + 1)
            }
        }
    }

    fn warn_unset(&mut self, variable: &str, origin: &Origin, key: &str) {
        self.warnings.push(Problem {
            key: key.to_owned(),
            place: origin.place(),
            message: format!(
                "the environment variable {variable} is not set, so this value is left out; \
                 set it, or write a default: ${{{variable}:-value}}"
            ),
        });
    }

    fn error(&mut self, message: String, origin: &Origin, key: &str) {
        self.errors.push(Problem {
            key: key.to_owned(),
            place: origin.place(),
            message,
        });
    }
}

#[derive(Clone, Copy)]
enum Include {
    Env,
    File,
    Document,
}

impl Include {
    fn name(self) -> &'static str {
        match self {
            Self::Env => "$env",
            Self::File => "$file",
            Self::Document => "$include",
        }
    }
}

fn include_of(fields: &IndexMap<String, Node>) -> Option<Include> {
    [Include::Env, Include::File, Include::Document]
        .into_iter()
        .find(|include| fields.contains_key(include.name()))
}

fn text_node(text: String, origin: &Origin, via: String) -> Node {
    Node {
        value: NodeValue::String(text),
        origin: Origin {
            via: Some(via),
            ..origin.clone()
        },
    }
}

/// Parses one YAML or JSON file (JSON is YAML).
fn parse(path: &Path) -> Result<Node, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    let syntax = |line, column, message: String| ConfigError::Syntax {
        path: path.to_owned(),
        line,
        column,
        message,
    };
    let mut documents = parse_documents(&text, &Limits::default()).into_iter();
    let (value, text, first_line) = match documents.next() {
        None => (Value::Null, String::new(), 1),
        Some(document) => {
            let value = document.outcome.map_err(|error| {
                let hint = error
                    .hint
                    .map(|hint| format!("; {hint}"))
                    .unwrap_or_default();
                syntax(error.line, error.column, error.message + &hint)
            })?;
            (value, document.text.to_owned(), document.first_line)
        }
    };
    if let Some(second) = documents.next() {
        let message = "a configuration file holds one document; remove this `---`".to_owned();
        return Err(syntax(second.first_line, 1, message));
    }
    let file = Arc::new(SourceFile {
        path: path.to_owned(),
        text,
        first_line,
    });
    Ok(Node::from_json(
        value,
        Origin {
            file,
            pointer: String::new(),
            via: None,
        },
    ))
}
