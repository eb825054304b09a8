//! The rules for the text of one file: from YAML to entity documents and problems.
//!
//! One broken document never takes the others of its file with it.

use std::collections::{HashMap, HashSet};

use portico_config::Config;
use portico_model::{
    Entity, EntityRef,
    location_ref::{self, LocationRef},
    validate::{KnownKinds, Violation, validate_entity},
    yaml::{self, Limits, ParsedDocument},
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
        let mut processed = Processed::default();
        let children: Vec<(SourceKey, bool)> = targets
            .iter()
            .map(|target| {
                (SourceKey { kind: self.key.kind.clone(), target: target.clone() }, false)
            })
            .collect();
        processed.documents.push(self.generated_location(children));
        processed
    }

    /// The Location entity that stands for this source.
    fn generated_location(&self, children: Vec<(SourceKey, bool)>) -> EntityDocument {
        let location = LocationRef {
            kind: self.key.kind.clone(),
            target: self.key.target.clone(),
        };
        let mut entity = location_ref::generated_location(&location);
        annotate(&mut entity, self);
        document(&entity, GENERATED, 0, children)
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
    let mut processed = Processed { refresh_keys: resolved.keys.clone(), ..Processed::default() };
    if context.root {
        processed.documents.push(context.generated_location(Vec::new()));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for parsed in yaml::parse_documents(text, &Limits::default()) {
        let report = Report { parsed: &parsed };
        match read_document(config, context, &known, &parsed, resolved) {
            Ok(found) => {
                if let Some(first) = seen.get(&found.entity_ref) {
                    processed.problems.push(report.duplicate(&found.entity_ref, *first));
                    continue;
                }
                seen.insert(found.entity_ref.clone(), parsed.first_line);
                processed.documents.push(found);
            }
            Err(Broken { entity_ref, problems, keep }) => {
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
            return Err(Broken { entity_ref: None, problems: vec![problem], keep: true });
        }
    };
    let entity_ref = declared_ref(&value);
    let broken = |problems: Vec<Problem>, keep: bool| Broken {
        entity_ref: entity_ref.clone(),
        problems: problems
            .into_iter()
            .map(|problem| Problem { entity_ref: entity_ref.clone(), ..problem })
            .collect(),
        keep,
    };
    if let Err(failures) = resolved.substitute(parsed.index, &mut value) {
        let problems = failures
            .into_iter()
            .map(|failure| report.at("placeholder", &failure.pointer, failure.message, failure.hint))
            .collect();
        return Err(broken(problems, true));
    }
    let mut entity = validate_entity(value, known).map_err(|violations| {
        broken(violations.into_iter().map(|violation| report.violation(violation)).collect(), true)
    })?;
    if let Some(message) = forbidden(config, context, &entity) {
        return Err(broken(vec![report.at("rule", "/kind", message, Some(RULE_HINT.to_owned()))], false));
    }
    let children = location_targets(context, &entity)
        .map_err(|violation| broken(vec![report.violation(violation)], true))?;
    annotate(&mut entity, context);
    Ok(document(&entity, parsed.index as i32, parsed.first_line as i32, children))
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
        .any(|location| location.kind == origin.kind && location.target == origin.target);
    let allowed = config.catalog.rules.allows(
        entity.kind(),
        entity.spec_text("type"),
        &origin.kind,
        &origin.target,
        is_static,
    );
    (!allowed).then(|| {
        format!("entity {} of kind {} is not allowed from location {}", entity.entity_ref(), entity.kind(), context.origin)
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
    let Some(spec) = entity.spec() else { return Ok(Vec::new()) };
    let optional = spec.get("presence").and_then(Value::as_str) == Some("optional");
    let kind = spec.get("type").and_then(Value::as_str).unwrap_or(&context.key.kind);
    if kind == "file" && context.key.kind != "file" {
        return Err(Violation {
            pointer: "/spec/type".to_owned(),
            message: format!("a location read from {} may not name local files", context.label()),
            hint: Some("use type url with a relative target".to_owned()),
        });
    }
    let single = spec.get("target").map(|target| ("/spec/target".to_owned(), target));
    let many = spec.get("targets").and_then(Value::as_array).into_iter().flatten();
    let many = many.enumerate().map(|(at, target)| (format!("/spec/targets/{at}"), target));
    let mut seen = HashSet::new();
    let mut children = Vec::new();
    for (pointer, target) in single.into_iter().chain(many) {
        let Some(target) = target.as_str() else { continue };
        let target = location_ref::resolve_target(&context.key.kind, &context.key.target, kind, target)
            .map_err(|error| Violation { pointer, message: error.to_string(), hint: None })?;
        if seen.insert(target.clone()) {
            children.push((SourceKey { kind: kind.to_owned(), target }, optional));
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
    let namespace =
        metadata.get("namespace").and_then(Value::as_str).unwrap_or(EntityRef::DEFAULT_NAMESPACE);
    (!kind.is_empty() && !name.is_empty()).then(|| EntityRef::new(kind, namespace, name).to_string())
}

/// Makes problems that point into the file.
struct Report<'a> {
    parsed: &'a ParsedDocument<'a>,
}

impl Report<'_> {
    fn violation(&self, violation: Violation) -> Problem {
        self.at("validation", &violation.pointer, violation.message, violation.hint)
    }

    fn at(&self, code: &str, pointer: &str, message: String, hint: Option<String>) -> Problem {
        let position = yaml::locate(self.parsed.text, pointer);
        Problem {
            line: position
                .map(|position| (self.parsed.first_line + position.line - 1) as i32)
                .or(Some(self.parsed.first_line as i32)),
            column: position.map(|position| position.column as i32),
            hint,
            ..self.problem(code, Some(pointer.to_owned()), message)
        }
    }

    fn duplicate(&self, entity_ref: &str, first_line: usize) -> Problem {
        Problem {
            entity_ref: Some(entity_ref.to_owned()),
            severity: Severity::Warning,
            ..self.at(
                "conflict",
                "/metadata/name",
                format!("{entity_ref} stands in this file already, at line {first_line}"),
                Some("rename one of the two; the first one is used".to_owned()),
            )
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
