//! The JSON a client receives for one entity, made by splicing text.
//!
//! A stored document is already the served text but for `metadata.uid`,
//! `metadata.etag`, `relations` and `status`. Inserting those as text keeps
//! parsing and serialising off the read path.

use std::fmt::Write as _;

use bytes::Bytes;
use portico_model::{Entity, RelationType};
use portico_store::{Problem, Severity};
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};
use uuid::Uuid;

/// Where `uid` and `etag` are inserted. `apiVersion` and `kind`, the only
/// fields before it, are validated to contain no quotes.
const METADATA: &str = "\"metadata\":{";

/// What the relations of a body begin with.
const RELATIONS: &str = ",\"relations\":";

/// The document text for `entity`: `apiVersion`, `kind`, `metadata` first, then
/// the rest as written. Only such texts may be given to [`assemble`].
pub(crate) fn document_text(entity: &Entity) -> String {
    let object = entity.as_object();
    let mut ordered = Map::with_capacity(object.len());
    for key in ["apiVersion", "kind", "metadata"] {
        if let Some(value) = object.get(key) {
            ordered.insert(key.to_owned(), value.clone());
        }
    }
    for (key, value) in object {
        if !ordered.contains_key(key) {
            ordered.insert(key.clone(), value.clone());
        }
    }
    Value::Object(ordered).to_string()
}

/// The served body: `document` with uid, etag, relations and problems inserted.
/// `None` when `document` is not a text made by [`document_text`].
pub(crate) fn assemble<'a>(
    document: &str,
    document_hash: &str,
    id: Uuid,
    relations: impl Iterator<Item = (RelationType, &'a str)>,
    problems: &[Problem],
) -> Option<Bytes> {
    let relations = relations_json(relations);
    let status = status_json(problems);
    let at = document.find(METADATA)? + METADATA.len();
    let (head, rest) = document.split_at_checked(at)?;
    let rest = rest.strip_suffix('}')?;

    let mut etag = Sha1::new();
    etag.update(document_hash);
    etag.update(&relations);
    etag.update(&status);

    let mut body = String::with_capacity(document.len() + relations.len() + status.len() + 128);
    body.push_str(head);
    let _ = write!(body, "\"uid\":\"{id}\",\"etag\":\"");
    for byte in etag.finalize() {
        let _ = write!(body, "{byte:02x}");
    }
    body.push_str("\",");
    body.push_str(rest);
    body.push_str(RELATIONS);
    body.push_str(&relations);
    if !status.is_empty() {
        body.push_str(",\"status\":");
        body.push_str(&status);
    }
    body.push('}');
    Some(Bytes::from(body))
}

/// A served body with those of its relations whose target `is_shown`; `None` when it is no
/// entity. `relations` are those that the entity has now, in the order of bodies.
pub(crate) fn with_shown<'a>(
    body: &Bytes,
    relations: &[(RelationType, &'a str)],
    is_shown: impl Fn(&str) -> bool,
) -> Option<Bytes> {
    let all = format!("{RELATIONS}{}", relations_json(relations.iter().copied()));
    let text = std::str::from_utf8(body).ok()?;
    // Only problems come after them, and texts in those have their quotes escaped.
    let at = text.rfind(RELATIONS);
    let Some(at) = at.filter(|&at| text[at..].starts_with(&all)) else {
        return taken_apart(text, is_shown);
    };
    let shown: Vec<(RelationType, &'a str)> = relations
        .iter()
        .filter(|(_, target)| is_shown(target))
        .copied()
        .collect();
    if shown.len() == relations.len() {
        return Some(body.clone());
    }
    let (head, rest) = text.split_at(at);
    let shown = relations_json(shown.into_iter());
    Some(Bytes::from(
        [head, RELATIONS, &shown, &rest[all.len()..]].concat(),
    ))
}

/// The same for a body whose entity has other relations by now.
fn taken_apart(text: &str, is_shown: impl Fn(&str) -> bool) -> Option<Bytes> {
    let mut entity: Value = serde_json::from_str(text).ok()?;
    let shown = |relation: &Value| {
        let target = relation.get("targetRef").and_then(Value::as_str);
        target.is_none_or(&is_shown)
    };
    entity.get_mut("relations")?.as_array_mut()?.retain(shown);
    Some(Bytes::from(entity.to_string()))
}

fn relations_json<'a>(relations: impl Iterator<Item = (RelationType, &'a str)>) -> String {
    let mut text = String::from("[");
    for (kind, target) in relations {
        if text.len() > 1 {
            text.push(',');
        }
        // A dangling target is any text its author wrote, so it is escaped.
        let target = Value::from(target);
        let _ = write!(
            text,
            "{{\"type\":\"{}\",\"targetRef\":{target}}}",
            kind.as_str()
        );
    }
    text.push(']');
    text
}

fn status_json(problems: &[Problem]) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let items: Vec<Value> = problems
        .iter()
        .map(|problem| {
            serde_json::json!({
                "type": "backstage.io/catalog-processing",
                "level": match problem.severity {
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                },
                "message": problem.message,
                "error": { "name": error_name(&problem.code), "message": problem.message },
            })
        })
        .collect();
    serde_json::json!({ "items": items }).to_string()
}

fn error_name(code: &str) -> &'static str {
    match code {
        "conflict" => "ConflictError",
        "rule" => "NotAllowedError",
        "read" => "NotFoundError",
        _ => "InputError",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(json: Value) -> Entity {
        let Value::Object(object) = json else {
            panic!("an object")
        };
        Entity::from_object(object)
    }

    #[test]
    fn splices_what_the_document_lacks() {
        let text = document_text(&entity(serde_json::json!({
            "kind": "Component",
            "spec": { "text": "\"metadata\":{" },
            "apiVersion": "backstage.io/v1alpha1",
            "metadata": { "name": "a" },
        })));
        let relations = [(RelationType::OwnedBy, "group:default/team")];
        let body = assemble(&text, "h", Uuid::nil(), relations.into_iter(), &[]).unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["metadata"]["uid"], Uuid::nil().to_string());
        assert_eq!(body["metadata"]["etag"].as_str().unwrap().len(), 40);
        assert_eq!(body["relations"][0]["targetRef"], "group:default/team");
        assert_eq!(body["spec"]["text"], "\"metadata\":{");
        assert!(body.get("status").is_none());
    }

    #[test]
    fn relations_to_what_is_hidden_are_left_out() {
        let text = document_text(&entity(serde_json::json!({
            "apiVersion": "v", "kind": "K", "metadata": { "name": "a" },
            "spec": { "text": ",\"relations\":[]" },
        })));
        let all = [
            (RelationType::DependsOn, "component:default/hidden"),
            (RelationType::OwnedBy, "group:default/team"),
        ];
        let is_shown = |target: &str| !target.ends_with("hidden");
        let body = assemble(&text, "h", Uuid::nil(), all.into_iter(), &[]).unwrap();
        let before = [all[1], (RelationType::PartOf, "system:default/hidden")];
        for now in [&all, &before] {
            let shown = with_shown(&body, now, is_shown).unwrap();
            let shown: Value = serde_json::from_slice(&shown).unwrap();
            let targets =
                serde_json::json!([{"type": "ownedBy", "targetRef": "group:default/team"}]);
            assert_eq!(shown["relations"], targets);
            assert_eq!(shown["spec"]["text"], ",\"relations\":[]");
        }
        assert_eq!(with_shown(&body, &all, |_| true), Some(body));
    }

    #[test]
    fn the_etag_changes_with_relations_and_problems() {
        let text = document_text(&entity(serde_json::json!({
            "apiVersion": "v", "kind": "K", "metadata": { "name": "a" }
        })));
        let etag = |relations: &[(RelationType, &'static str)], problems: &[Problem]| {
            let body =
                assemble(&text, "h", Uuid::nil(), relations.iter().copied(), problems).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            body["metadata"]["etag"].as_str().unwrap().to_owned()
        };
        let problem = Problem {
            code: "validation".into(),
            severity: Severity::Error,
            entity_ref: None,
            doc_index: None,
            pointer: None,
            line: None,
            column: None,
            message: "bad".into(),
            hint: None,
        };
        let plain = etag(&[], &[]);
        assert_ne!(
            plain,
            etag(&[(RelationType::PartOf, "system:default/s")], &[])
        );
        assert_ne!(plain, etag(&[], &[problem]));
    }
}
