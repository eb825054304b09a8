//! `$text`, `$json` and `$yaml`: text that a document takes from another file.

use std::{collections::HashMap, fmt::Write as _};

use portico_model::{
    Violation,
    placeholder::{self, Placeholder},
    yaml::{self, Limits},
};
use portico_sources::{Location, Sources};
use portico_store::SourceKey;
use serde_json::Value;

/// The value that stands in for a placeholder, or why there is none.
type Content = Result<Value, Violation>;

/// What the placeholders of one file resolve to.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// By document index.
    documents: HashMap<usize, Vec<(Placeholder, Content)>>,
    /// Where the texts were read: their change makes this file due.
    pub(crate) keys: Vec<String>,
}

/// Reads everything the placeholders in `text` refer to.
pub(crate) async fn resolve(sources: &Sources, key: &SourceKey, text: &str) -> Resolved {
    let mut resolved = Resolved::default();
    if !["$text", "$json", "$yaml"]
        .iter()
        .any(|word| text.contains(word))
    {
        return resolved;
    }
    let base = Location {
        kind: key.kind.clone(),
        target: key.target.clone(),
    };
    let found: Vec<(usize, Vec<Placeholder>)> = yaml::parse_documents(text, &Limits::default())
        .iter()
        // What cannot be parsed, or has malformed placeholders, is told by `substitute`.
        .filter_map(|document| {
            let value = document.outcome.as_ref().ok()?;
            Some((document.index, placeholder::find(value).ok()?))
        })
        .collect();
    for (index, placeholders) in found {
        let mut values = Vec::with_capacity(placeholders.len());
        for placeholder in placeholders {
            let value = match sources.read_text(&base, &placeholder.target).await {
                Ok(read) => {
                    let Location { kind, target } = read.location;
                    resolved.keys.push(format!("{kind}:{target}"));
                    placeholder.read(&read.text, &Limits::default())
                }
                Err(error) => Err(placeholder.violation(error.to_string())),
            };
            values.push((placeholder, value));
        }
        resolved.documents.insert(index, values);
    }
    resolved.keys.sort_unstable();
    resolved.keys.dedup();
    resolved
}

impl Resolved {
    /// Puts the resolved values into one document.
    pub(crate) fn substitute(
        &self,
        index: usize,
        document: &mut Value,
    ) -> Result<(), Vec<Violation>> {
        let Some(values) = self.documents.get(&index) else {
            // Nothing was looked for, or what was found is malformed.
            return placeholder::find(document)
                .map(drop)
                .map_err(|violation| vec![violation]);
        };
        let mut contents = Vec::with_capacity(values.len());
        let mut violations = Vec::new();
        for (placeholder, value) in values {
            match value {
                Ok(value) => contents.push((placeholder.clone(), value.clone())),
                Err(violation) => violations.push(violation.clone()),
            }
        }
        placeholder::substitute(document, contents);
        if violations.is_empty() {
            Ok(())
        } else {
            Err(violations)
        }
    }

    /// Adds everything that was resolved to `text`, in a fixed order.
    pub(crate) fn digest_into(&self, text: &mut String) {
        let mut documents: Vec<_> = self.documents.iter().collect();
        documents.sort_by_key(|(index, _)| **index);
        for (index, values) in documents {
            for (placeholder, value) in values {
                let _ = match value {
                    Ok(value) => write!(text, "\n{index}{}={value}", placeholder.pointer),
                    Err(violation) => write!(text, "\n{index}{}!{violation}", placeholder.pointer),
                };
            }
        }
    }
}
