//! `$text`, `$json` and `$yaml`: text that a document takes from another file.

use std::collections::HashMap;

use portico_model::{
    placeholder::{self, Placeholder, PlaceholderKind},
    yaml::{self, Limits},
};
use portico_sources::{Location, Sources};
use portico_store::SourceKey;
use serde_json::Value;

/// What the placeholders of one file resolve to.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// By document index and JSON pointer.
    values: HashMap<(usize, String), Result<Value, Failure>>,
    /// Where the texts were read: their change makes this file due.
    pub(crate) keys: Vec<String>,
}

/// A placeholder that could not be resolved.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// Where the placeholder stands.
    pub(crate) pointer: String,
    /// What went wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: Option<String>,
}

/// Reads everything the placeholders in `text` refer to.
pub(crate) async fn resolve(sources: &Sources, key: &SourceKey, text: &str) -> Resolved {
    let mut resolved = Resolved::default();
    if !placeholder::may_contain(text) {
        return resolved;
    }
    let base = Location { kind: key.kind.clone(), target: key.target.clone() };
    let found: Vec<(usize, Placeholder)> = yaml::parse_documents(text, &Limits::default())
        .iter()
        .filter_map(|document| Some((document.index, document.outcome.as_ref().ok()?)))
        .flat_map(|(index, value)| {
            placeholder::find(value).into_iter().map(move |placeholder| (index, placeholder))
        })
        .collect();
    for (index, placeholder) in found {
        let value = match sources.read_text(&base, &placeholder.target).await {
            Ok(read) => {
                resolved.keys.push(format!("{}:{}", read.location.kind, read.location.target));
                parse(placeholder.kind, &placeholder.target, &read.text)
            }
            Err(error) => Err((error.to_string(), None)),
        };
        let pointer = placeholder.pointer;
        let value = value.map_err(|(message, hint)| Failure {
            pointer: pointer.clone(),
            message,
            hint,
        });
        resolved.values.insert((index, pointer), value);
    }
    resolved.keys.sort_unstable();
    resolved.keys.dedup();
    resolved
}

impl Resolved {
    /// Puts the resolved values into one document.
    pub(crate) fn substitute(&self, index: usize, document: &mut Value) -> Result<(), Vec<Failure>> {
        if self.values.is_empty() {
            return Ok(());
        }
        let mut failures = Vec::new();
        for placeholder in placeholder::find(document) {
            match self.values.get(&(index, placeholder.pointer.clone())) {
                Some(Ok(value)) => {
                    if let Some(place) = document.pointer_mut(&placeholder.pointer) {
                        place.clone_from(value);
                    }
                }
                Some(Err(failure)) => failures.push(failure.clone()),
                None => {}
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(failures) }
    }

    /// Adds everything that was resolved to `text`, in a fixed order.
    pub(crate) fn digest_into(&self, text: &mut String) {
        let mut values: Vec<_> = self.values.iter().collect();
        values.sort_by(|(left, _), (right, _)| left.cmp(right));
        for ((index, pointer), value) in values {
            let value = match value {
                Ok(value) => value.to_string(),
                Err(failure) => failure.message.clone(),
            };
            text.push_str(&format!("\n{index}{pointer}={value}"));
        }
    }
}

fn parse(
    kind: PlaceholderKind,
    target: &str,
    text: &str,
) -> Result<Value, (String, Option<String>)> {
    match kind {
        PlaceholderKind::Text => Ok(Value::from(text)),
        PlaceholderKind::Json => serde_json::from_str(text)
            .map_err(|error| (format!("{target} is not JSON: {error}"), None)),
        PlaceholderKind::Yaml => {
            let mut documents = yaml::parse_documents(text, &Limits::default());
            if documents.len() != 1 {
                let message = format!("{target} has {} YAML documents", documents.len());
                return Err((message, Some("$yaml takes exactly one document".to_owned())));
            }
            documents.remove(0).outcome.map_err(|error| {
                (format!("{target}:{}:{}: {}", error.line, error.column, error.message), error.hint)
            })
        }
    }
}
