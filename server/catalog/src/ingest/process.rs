//! The rules for the text of one file: from YAML to entity documents and problems.
//!
//! One broken document never takes the others of its file with it.

use std::collections::{HashMap, HashSet};

use portico_config::{CatalogConfig, Config};
use portico_model::{
    Entity, EntityRef, KnownKinds, LocationRef, Violation, validate_entity,
    yaml::{self, Limits, ParsedDocument, Position},
};
use portico_store::{EntityDocument, Problem, Severity, SourceKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{annotate::annotate, placeholders::Resolved};
use crate::body;

/// The document index of the Location entity that stands for a root source itself.
pub(crate) const GENERATED: i32 = -1;

/// The source whose text is processed.
#[derive(Clone, Debug)]
pub(crate) struct SourceContext {
    /// The file.
    pub(crate) key: SourceKey,
    /// The root location it descends from, `type:target`.
    pub(crate) origin: String,
    /// Whether the source is itself a root.
    pub(crate) root: bool,
}

/// What one source holds.
#[derive(Debug, Default)]
pub(crate) struct Processed {
    /// Good documents.
    pub(crate) documents: Vec<EntityDocument>,
    /// What is wrong with the others.
    pub(crate) problems: Vec<Problem>,
    /// Refs whose document is broken now: their last good version stays.
    pub(crate) keep_refs: Vec<String>,
    /// A broken document does not even tell its ref: every missing entity stays.
    pub(crate) keep_missing: bool,
    /// Other files the documents took text from.
    pub(crate) refresh_keys: Vec<String>,
}

impl SourceContext {
    /// `type:target`.
    pub(crate) fn label(&self) -> String {
        self.key.to_string()
    }

    /// The processed form of a source that holds only other sources (a folder or a glob).
    pub(crate) fn expanded(&self, targets: &[String]) -> Processed {
        let children = targets
            .iter()
            .map(|target| {
                (
                    SourceKey {
                        kind: self.key.kind.clone(),
                        target: target.clone(),
                    },
                    false,
                )
            })
            .collect();
        Processed {
            documents: self.generated_location(children).into_iter().collect(),
            ..Processed::default()
        }
    }

    /// The Location entity that stands for this source.
    fn generated_location(&self, children: Vec<(SourceKey, bool)>) -> Option<EntityDocument> {
        let mut entity = LocationRef::new(&self.key.kind, &self.key.target)
            .ok()?
            .to_entity();
        annotate(&mut entity, self);
        Some(document(&entity, GENERATED, 0, children))
    }
}

/// Processes the text of one file. `resolved` holds what its placeholders resolve to.
pub(crate) fn process(
    config: &Config,
    context: &SourceContext,
    text: &str,
    resolved: &Resolved,
) -> Processed {
    let known = KnownKinds::with_extra(&config.catalog.extra_kinds);
    let mut processed = Processed {
        refresh_keys: resolved.keys.clone(),
        ..Processed::default()
    };
    if context.root {
        processed
            .documents
            .extend(context.generated_location(Vec::new()));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for parsed in yaml::parse_documents(text, &Limits::default()) {
        let report = Report { parsed: &parsed };
        match read_document(config, context, &known, &parsed, resolved) {
            Ok(found) => {
                if let Some(first) = seen.get(&found.entity_ref) {
                    processed
                        .problems
                        .push(report.duplicate(&found.entity_ref, *first));
                    continue;
                }
                seen.insert(found.entity_ref.clone(), parsed.first_line);
                processed.documents.push(found);
            }
            Err(Broken {
                entity_ref,
                problems,
                keep,
            }) => {
                processed.problems.extend(problems);
                match entity_ref {
                    Some(entity_ref) if keep => processed.keep_refs.push(entity_ref),
                    None if keep => processed.keep_missing = true,
                    _ => {}
                }
            }
        }
    }
    processed
}

/// Why a document gives no entity.
struct Broken {
    entity_ref: Option<String>,
    problems: Vec<Problem>,
    /// Whether the last good version stays. Not so for what the rules forbid.
    keep: bool,
}

fn read_document(
    config: &Config,
    context: &SourceContext,
    known: &KnownKinds,
    parsed: &ParsedDocument<'_>,
    resolved: &Resolved,
) -> Result<EntityDocument, Broken> {
    let report = Report { parsed };
    let mut value = match &parsed.outcome {
        Ok(value) => value.clone(),
        Err(error) => {
            let problem = Problem {
                line: Some(error.line as i32),
                column: Some(error.column as i32),
                hint: error.hint.clone(),
                ..report.problem("yaml", None, error.message.clone())
            };
            return Err(Broken {
                entity_ref: None,
                problems: vec![problem],
                keep: true,
            });
        }
    };
    let entity_ref = declared_ref(&value);
    let broken = |problems: Vec<Problem>, keep: bool| Broken {
        entity_ref: entity_ref.clone(),
        problems: problems
            .into_iter()
            .map(|problem| Problem {
                entity_ref: entity_ref.clone(),
                ..problem
            })
            .collect(),
        keep,
    };
    if let Err(failures) = resolved.substitute(parsed.index, &mut value) {
        let problems = failures
            .into_iter()
            .map(|failure| report.of("placeholder", failure))
            .collect();
        return Err(broken(problems, true));
    }
    let mut entity = validate_entity(value, known).map_err(|violations| {
        let problems = violations
            .into_iter()
            .map(|it| report.of("validation", it))
            .collect();
        broken(problems, true)
    })?;
    if let Some(message) = forbidden(config, context, &entity) {
        let mut violation = Violation::at("/kind".to_owned(), message);
        violation.hint = Some(RULE_HINT.to_owned());
        return Err(broken(vec![report.of("rule", violation)], false));
    }
    let children = location_targets(context, &entity)
        .map_err(|violation| broken(vec![report.of("location", violation)], true))?;
    annotate(&mut entity, context);
    Ok(document(
        &entity,
        parsed.index as i32,
        parsed.first_line as i32,
        children,
    ))
}

const RULE_HINT: &str =
    "allow the kind in catalog.rules, or in the rules of this location, or remove the document";

/// Why `catalog.rules` forbid the entity, if they do.
fn forbidden(config: &Config, context: &SourceContext, entity: &Entity) -> Option<String> {
    let origin = LocationRef::parse(&context.origin).ok()?;
    let is_static = config
        .catalog
        .locations
        .iter()
        .any(|location| location.kind == origin.kind() && location.target == origin.target());
    let allowed = config.catalog.rules.allows(
        entity.kind(),
        entity.spec_text("type"),
        origin.kind(),
        origin.target(),
        is_static,
    );
    (!allowed).then(|| {
        format!(
            "entity {} of kind {} is not allowed from location {}",
            entity.entity_ref(),
            entity.kind(),
            context.origin
        )
    })
}

/// The sources a Location entity names, each with whether it may be absent.
fn location_targets(
    context: &SourceContext,
    entity: &Entity,
) -> Result<Vec<(SourceKey, bool)>, Violation> {
    if !entity.kind().eq_ignore_ascii_case("Location") {
        return Ok(Vec::new());
    }
    let Some(spec) = entity.spec() else {
        return Ok(Vec::new());
    };
    let optional = spec.get("presence").and_then(Value::as_str) == Some("optional");
    let kind = spec.get("type").and_then(Value::as_str);
    if kind == Some("file") && context.key.kind != "file" {
        let message = format!(
            "a location read from {} may not name local files",
            context.label()
        );
        let mut violation = Violation::at("/spec/type".to_owned(), message);
        violation.hint = Some("use type url with a relative target".to_owned());
        return Err(violation);
    }
    let base = LocationRef::new(&context.key.kind, &context.key.target)
        .map_err(|error| Violation::at("/spec".to_owned(), error.to_string()))?;
    let single = spec
        .get("target")
        .map(|target| ("/spec/target".to_owned(), target));
    let many = spec
        .get("targets")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let many = many
        .enumerate()
        .map(|(at, target)| (format!("/spec/targets/{at}"), target));
    let mut seen = HashSet::new();
    let mut children = Vec::new();
    for (pointer, target) in single.into_iter().chain(many) {
        let Some(target) = target.as_str() else {
            continue;
        };
        let location = base
            .resolve(kind, target)
            .map_err(|error| Violation::at(pointer, error.to_string()))?;
        if seen.insert(location.clone()) {
            let key = SourceKey {
                kind: location.kind().to_owned(),
                target: location.target().to_owned(),
            };
            children.push((key, optional));
        }
    }
    Ok(children)
}

fn document(
    entity: &Entity,
    doc_index: i32,
    line: i32,
    children: Vec<(SourceKey, bool)>,
) -> EntityDocument {
    let document = body::document_text(entity);
    EntityDocument {
        entity_ref: entity.entity_ref().to_string(),
        doc_index,
        line,
        hash: sha256(document.as_bytes()),
        document,
        children,
    }
}

/// A short name for what [`process`] goes by: the configured rules and this program.
pub(crate) fn processing_digest(catalog: &CatalogConfig) -> String {
    let (version, rules) = (env!("CARGO_PKG_VERSION"), &catalog.rules);
    let rules = format!("{version} {rules:?} {:?}", catalog.extra_kinds);
    sha256(rules.as_bytes()).split_off(48)
}

/// Sha-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(bytes);
    let mut text = String::with_capacity(64);
    for byte in digest {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The ref a document claims, as far as it can be told before validation.
fn declared_ref(value: &Value) -> Option<String> {
    let kind = value.get("kind")?.as_str()?;
    let metadata = value.get("metadata")?;
    let name = metadata.get("name")?.as_str()?;
    let namespace = metadata
        .get("namespace")
        .and_then(Value::as_str)
        .unwrap_or(EntityRef::DEFAULT_NAMESPACE);
    (!kind.is_empty() && !name.is_empty())
        .then(|| EntityRef::new(kind, namespace, name).to_string())
}

/// Makes problems that point into the file.
struct Report<'a> {
    parsed: &'a ParsedDocument<'a>,
}

impl Report<'_> {
    fn of(&self, code: &str, violation: Violation) -> Problem {
        let position = violation.locate(self.parsed.text);
        let Violation {
            pointer,
            message,
            hint,
            ..
        } = violation;
        Problem {
            hint,
            ..self.at(position, self.problem(code, Some(pointer), message))
        }
    }

    fn duplicate(&self, entity_ref: &str, first_line: usize) -> Problem {
        let pointer = "/metadata/name";
        let message = format!("{entity_ref} stands in this file already, at line {first_line}");
        let problem = Problem {
            entity_ref: Some(entity_ref.to_owned()),
            severity: Severity::Warning,
            hint: Some("rename one of the two; the first one is used".to_owned()),
            ..self.problem("conflict", Some(pointer.to_owned()), message)
        };
        self.at(yaml::locate(self.parsed.text, pointer), problem)
    }

    /// The problem at a place of the document, told as a place of the file.
    fn at(&self, position: Option<Position>, problem: Problem) -> Problem {
        let first = self.parsed.first_line;
        Problem {
            line: Some(position.map_or(first, |position| first + position.line - 1) as i32),
            column: position.map(|position| position.column as i32),
            ..problem
        }
    }

    fn problem(&self, code: &str, pointer: Option<String>, message: String) -> Problem {
        Problem {
            code: code.to_owned(),
            severity: Severity::Error,
            entity_ref: None,
            doc_index: Some(self.parsed.index as i32),
            pointer,
            line: None,
            column: None,
            message,
            hint: None,
        }
    }
}
