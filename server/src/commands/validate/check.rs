//! The verdict on each document of a file.

use portico_model::{
    KnownKinds, Violation, validate_entity,
    yaml::{Limits, ParsedDocument, Position, parse_documents},
};
use serde::Serialize;
use serde_json::Value;

use super::{files::Source, placeholders};

/// A document and what was found.
#[derive(Debug)]
pub(super) struct Checked {
    pub index: usize,
    pub verdict: Verdict,
    /// The reference of a valid entity.
    pub entity_ref: Option<String>,
    /// The kind as written.
    pub kind: Option<String>,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Valid,
    Invalid,
    YamlError,
}

/// One thing that is wrong.
#[derive(Debug)]
pub(super) struct Finding {
    pub message: String,
    pub hint: Option<String>,
    pub pointer: Option<String>,
    pub position: Option<Position>,
}

/// Checks every document of a file. A file that cannot be read counts as one document.
pub(super) fn check(source: &Source, resolve: bool) -> Vec<Checked> {
    let text = match &source.text {
        Ok(text) => text,
        Err(error) => {
            let message = format!("{} cannot be read: {error}", source.path.display());
            return vec![broken(
                0,
                Finding {
                    message,
                    hint: None,
                    pointer: None,
                    position: None,
                },
            )];
        }
    };
    parse_documents(text, &Limits::default())
        .into_iter()
        .filter_map(|document| check_document(source, document, resolve))
        .collect()
}

/// `None` for a document of a folder that is no entity at all.
fn check_document(
    source: &Source,
    mut parsed: ParsedDocument<'_>,
    resolve: bool,
) -> Option<Checked> {
    let value = std::mem::replace(&mut parsed.outcome, Ok(Value::Null));
    let mut value = match value {
        Ok(value) if !source.named && !is_entity_like(&value) => return None,
        Ok(value) => value,
        Err(error) => {
            let position = Position {
                line: error.line,
                column: error.column,
                width: 1,
            };
            let (message, hint) = (error.message, error.hint);
            let position = Some(position);
            return Some(broken(
                parsed.index,
                Finding {
                    message,
                    hint,
                    pointer: None,
                    position,
                },
            ));
        }
    };
    let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
    let resolved = if resolve {
        placeholders::resolve(&mut value, &source.path)
    } else {
        Ok(())
    };
    let entity = resolved.and_then(|()| validate_entity(value, &KnownKinds::default()));
    let (verdict, entity_ref, findings) = match entity {
        Ok(entity) => (
            Verdict::Valid,
            Some(entity.entity_ref().to_string()),
            Vec::new(),
        ),
        Err(violations) => {
            let findings = violations
                .into_iter()
                .map(|violation| finding(&parsed, violation));
            (Verdict::Invalid, None, findings.collect())
        }
    };
    Some(Checked {
        index: parsed.index,
        verdict,
        entity_ref,
        kind,
        findings,
    })
}

fn is_entity_like(value: &Value) -> bool {
    ["apiVersion", "kind", "metadata"]
        .iter()
        .any(|field| value.get(field).is_some())
}

fn finding(parsed: &ParsedDocument<'_>, violation: Violation) -> Finding {
    let position = violation
        .locate(parsed.text)
        .map(|position| position.below(parsed.first_line));
    let Violation {
        pointer,
        message,
        hint,
        ..
    } = violation;
    Finding {
        message,
        hint,
        pointer: Some(pointer),
        position,
    }
}

fn broken(index: usize, finding: Finding) -> Checked {
    Checked {
        index,
        verdict: Verdict::YamlError,
        entity_ref: None,
        kind: None,
        findings: vec![finding],
    }
}
