//! An entity as rows of key and value, which filters, facets and ordering read.

use std::borrow::Cow;

use serde_json::Value;

use crate::{Entity, yaml::number_text};

/// Top-level fields without rows: relations and status are not the document's.
const SKIPPED: [&str; 3] = ["attachments", "relations", "status"];

/// Fields of `metadata` that have rows of their own, or none.
const NAMES: [&str; 4] = ["name", "namespace", "uid", "etag"];

/// Longer keys have no row, and longer values no text.
const MOST: usize = 200;

/// Calls `row` with each search row of an entity, relations excepted.
///
/// A key is the path to the value, in lower case: `metadata.tags`,
/// `metadata.annotations.example.com/key`. The value is its original text, or
/// `None` when it is null or longer than 200 characters; compare it in lower
/// case. A text in a list gives a second row, `metadata.tags.java` with the
/// value `true`. A row may come more than once: equal ones count as one.
pub fn flatten(entity: &Entity, row: impl FnMut(&str, Option<&str>)) {
    let mut walk = Walk {
        key: String::new(),
        row,
    };
    for (field, value) in entity.as_object() {
        match value {
            _ if SKIPPED.contains(&field.as_str()) => {}
            Value::Object(metadata) if field == "metadata" => {
                walk.key.push_str(field);
                for (field, value) in metadata {
                    if !NAMES.contains(&field.as_str()) {
                        walk.enter(field, value);
                    }
                }
                walk.key.clear();
            }
            value => walk.enter(field, value),
        }
    }
    (walk.row)("metadata.name", Some(entity.name()));
    (walk.row)("metadata.namespace", Some(entity.namespace()));
    if let Some(uid) = entity
        .metadata()
        .and_then(|metadata| metadata.get("uid")?.as_str())
    {
        (walk.row)("metadata.uid", Some(uid));
    }
}

struct Walk<F> {
    /// The path in lower case; one buffer for the whole walk.
    key: String,
    row: F,
}

impl<F: FnMut(&str, Option<&str>)> Walk<F> {
    fn enter(&mut self, field: &str, value: &Value) {
        let end = self.key.len();
        if end > 0 {
            self.key.push('.');
        }
        push_lower(&mut self.key, field);
        self.visit(value);
        self.key.truncate(end);
    }

    fn visit(&mut self, value: &Value) {
        match value {
            Value::Null => self.emit(None),
            Value::Bool(flag) => self.emit(Some(if *flag { "true" } else { "false" })),
            Value::Number(number) => self.emit(Some(&number_text(number))),
            Value::String(text) => self.emit(Some(text)),
            Value::Array(items) => {
                for item in items {
                    self.visit(item);
                    if let Value::String(text) = item {
                        self.emit_member(text);
                    }
                }
            }
            Value::Object(fields) => {
                for (field, value) in fields {
                    self.enter(field, value);
                }
            }
        }
    }

    fn emit(&mut self, value: Option<&str>) {
        if fits(&self.key) {
            (self.row)(&self.key, value.filter(|text| fits(text)));
        }
    }

    fn emit_member(&mut self, text: &str) {
        // Checked first, so that a long text is not copied for nothing.
        if self.key.len() + 1 + text.len() > MOST * 4 {
            return;
        }
        let end = self.key.len();
        self.key.push('.');
        push_lower(&mut self.key, text);
        if fits(&self.key) {
            (self.row)(&self.key, Some("true"));
        }
        self.key.truncate(end);
    }
}

/// A text in lower case, without a copy when it is that already.
pub fn lower(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

fn push_lower(key: &mut String, text: &str) {
    let start = key.len();
    if text.is_ascii() {
        key.push_str(text);
        key[start..].make_ascii_lowercase();
    } else {
        key.push_str(&text.to_lowercase());
    }
}

/// Whether a text has at most 200 UTF-16 units in lower case, the way lengths
/// count in JavaScript. In UTF-8 it is never shorter than that.
fn fits(text: &str) -> bool {
    text.len() <= MOST
        || (!text.is_ascii()
            && text.len() <= MOST * 4
            && text
                .chars()
                .flat_map(char::to_lowercase)
                .map(char::len_utf16)
                .sum::<usize>()
                <= MOST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(document: Value) -> Vec<(String, Option<String>)> {
        let entity: Entity = serde_json::from_value(document).unwrap();
        let mut rows = Vec::new();
        flatten(&entity, |key, value| {
            rows.push((key.to_owned(), value.map(str::to_owned)));
        });
        rows
    }

    fn row(key: &str, value: &str) -> (String, Option<String>) {
        (key.to_owned(), Some(value.to_owned()))
    }

    #[test]
    fn a_document_becomes_rows() {
        let rows = rows(json!({
            "kind": "Component",
            "metadata": {
                "name": "Web", "uid": "u", "etag": "e",
                "tags": ["Java"],
                "annotations": {"Example.com/Key": "Mixed Case"},
                "custom": {"Deep": [1, "Two", {"Three": 3.5}], "flag": true, "nothing": null},
            },
            "spec": {"name": "kept"},
            "relations": [{"type": "ownedBy"}],
            "status": {"items": []},
        }));
        assert_eq!(
            rows,
            [
                row("kind", "Component"),
                row("metadata.tags", "Java"),
                row("metadata.tags.java", "true"),
                row("metadata.annotations.example.com/key", "Mixed Case"),
                row("metadata.custom.deep", "1"),
                row("metadata.custom.deep", "Two"),
                row("metadata.custom.deep.two", "true"),
                row("metadata.custom.deep.three", "3.5"),
                row("metadata.custom.flag", "true"),
                ("metadata.custom.nothing".to_owned(), None),
                row("spec.name", "kept"),
                row("metadata.name", "Web"),
                row("metadata.namespace", "default"),
                row("metadata.uid", "u"),
            ]
        );
    }

    #[test]
    fn long_values_have_no_text_and_long_keys_no_row() {
        let fits = "x".repeat(200);
        let long = "x".repeat(201);
        let rows = rows(json!({"spec": {"a": fits, "b": long, "c": [long], long: "v"}}));
        assert_eq!(
            rows[..3],
            [
                row("spec.a", &fits),
                ("spec.b".to_owned(), None),
                ("spec.c".to_owned(), None)
            ]
        );
        assert_eq!(rows.len(), 5, "{rows:?}");
    }

    #[test]
    fn lengths_count_utf16_units() {
        let rows = rows(json!({"a": "é".repeat(200), "b": "é".repeat(201), "c": "😀".repeat(101)}));
        assert!(rows[0].1.is_some());
        assert_eq!((&rows[1].1, &rows[2].1), (&None, &None));
    }
}
