//! YAML files as the catalog reads them.
//!
//! A file is split into documents first, so that a broken document does not
//! take the others down. Each is read under the YAML 1.2 core schema, the way
//! the reference implementation does: merge keys (`<<`) are plain keys, numbers
//! print as JavaScript prints them, a duplicate key is an error. Reading builds
//! only the value; positions are found by a second pass when they are needed.

mod build;
mod describe;
mod guard;
mod locate;
mod scalar;
mod split;

use serde_json::Value;

pub use locate::{Position, locate, locate_key};
pub use scalar::number_text;

use build::Budget;

/// What one file may cost at most. Nothing else bounds a hostile file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file, and of all text copied by aliases, in bytes.
    pub bytes: usize,
    /// How deep collections may nest.
    pub depth: usize,
    /// Values in the whole file, counting each expansion of an alias.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            depth: 64,
            nodes: 2_000_000,
        }
    }
}

/// One document of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedDocument<'a> {
    /// Place among the documents of the file, from 0. Empty documents count.
    pub index: usize,
    /// Line of the file on which `text` begins, from 1.
    pub first_line: usize,
    /// The document's source, without its `---` line.
    pub text: &'a str,
    /// The value, or why it could not be read.
    pub outcome: Result<Value, YamlError>,
}

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct YamlError {
    /// What is wrong.
    pub message: String,
    /// Line of the file, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How to put it right, when there is something useful to say.
    pub hint: Option<String>,
}

impl ParsedDocument<'_> {
    /// Where a JSON pointer of this document is in the file; the nearest
    /// parent's place when the pointer itself does not exist.
    pub fn locate(&self, pointer: &str) -> Option<Position> {
        locate(self.text, pointer).map(|position| position.below(self.first_line))
    }

    /// Where the key that a JSON pointer ends with is in the file.
    pub fn locate_key(&self, pointer: &str) -> Option<Position> {
        locate_key(self.text, pointer).map(|position| position.below(self.first_line))
    }
}

/// Reads every document of a file; empty (null) documents are left out.
///
/// A file over a limit ends with one document that says so.
pub fn parse_documents<'a>(text: &'a str, limits: &Limits) -> Vec<ParsedDocument<'a>> {
    if text.len() > limits.bytes {
        let outcome = Err(too_large(text.len(), limits.bytes));
        return vec![ParsedDocument {
            index: 0,
            first_line: 1,
            text: "",
            outcome,
        }];
    }
    let mut budget = Budget::new(limits);
    let mut documents = Vec::new();
    for (index, chunk) in split::split(text).enumerate() {
        let outcome = build::build(chunk.text, &mut budget).map_err(|mut error| {
            error.line += chunk.first_line - 1;
            error
        });
        if outcome != Ok(Value::Null) {
            let split::Chunk { first_line, text } = chunk;
            documents.push(ParsedDocument {
                index,
                first_line,
                text,
                outcome,
            });
        }
        if budget.is_spent() {
            break;
        }
    }
    documents
}

/// Reads a text that must hold exactly one document, such as the target of `$yaml`.
pub fn parse_single(text: &str, limits: &Limits) -> Result<Value, YamlError> {
    let mut documents = parse_documents(text, limits).into_iter();
    let Some(first) = documents.next() else {
        return Ok(Value::Null);
    };
    match documents.next() {
        None => first.outcome,
        Some(second) => Err(YamlError {
            message: "expected one document, found more".to_owned(),
            line: second.first_line,
            column: 1,
            hint: Some("keep one document in the file, without a `---` line".to_owned()),
        }),
    }
}

fn too_large(bytes: usize, limit: usize) -> YamlError {
    const MIB: usize = 1024 * 1024;
    YamlError {
        message: format!("the file is too large: {bytes} bytes, at most {limit} are read"),
        line: 1,
        column: 1,
        hint: Some(format!(
            "split it into files of less than {} MiB",
            (limit / MIB).max(1)
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values(text: &str) -> Vec<(usize, Value)> {
        parse_documents(text, &Limits::default())
            .into_iter()
            .map(|document| (document.index, document.outcome.unwrap()))
            .collect()
    }

    fn error(text: &str) -> YamlError {
        parse_documents(text, &Limits::default())
            .remove(0)
            .outcome
            .unwrap_err()
    }

    #[test]
    fn empty_documents_are_skipped_but_counted() {
        let text = "---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n";
        assert_eq!(values(text), [(1, json!({"a": 1})), (3, json!({"b": 2}))]);
    }

    #[test]
    fn a_broken_document_leaves_the_others() {
        let text = "a: 1\n---\nb: \"open\n---\nc: 3\n";
        let documents = parse_documents(text, &Limits::default());
        assert_eq!(documents[0].outcome, Ok(json!({"a": 1})));
        assert!(documents[1].outcome.is_err());
        assert_eq!(documents[2].outcome, Ok(json!({"c": 3})));
    }

    #[test]
    fn errors_name_the_line_of_the_file() {
        let broken = parse_documents("a: 1\n---\nb: 2\nc: %x\n", &Limits::default()).remove(1);
        let error = broken.outcome.unwrap_err();
        assert_eq!((error.line, error.column), (4, 4));
    }

    #[test]
    fn merge_keys_are_plain_keys() {
        assert_eq!(
            values("base: &b {x: 1}\nuse:\n  <<: *b\n"),
            [(0, json!({"base": {"x": 1}, "use": {"<<": {"x": 1}}}))]
        );
    }

    #[test]
    fn duplicate_keys_are_errors() {
        let error = error("a: 1\nb: 2\na: 3\n");
        assert_eq!((error.line, error.column), (3, 1));
        assert!(error.hint.unwrap().contains("line 1"));
    }

    #[test]
    fn directives_belong_to_the_document_below_them() {
        assert_eq!(
            values("%YAML 1.2\n---\na: yes\n"),
            [(0, json!({"a": "yes"}))]
        );
        assert_eq!(
            values("a: 1\n...\n%TAG ! tag:x,2024:\n---\nb: !y 2\n"),
            [(0, json!({"a": 1})), (1, json!({"b": "2"}))]
        );
    }

    #[test]
    fn a_document_may_begin_on_the_marker_line() {
        assert_eq!(
            values("--- {a: 1}\n--- text\n"),
            [(0, json!({"a": 1})), (1, json!("text"))]
        );
    }

    #[test]
    fn alias_bombs_end_in_an_error() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let below = format!("*a{}", level - 1);
            let items = vec![below; 10].join(", ");
            bomb = format!("{bomb}a{level}: &a{level} [{items}]\n");
        }
        assert!(
            error(&bomb).message.contains("too many values"),
            "{}",
            error(&bomb)
        );
    }

    #[test]
    fn text_copied_by_aliases_is_bounded() {
        let mut text = format!("a: &a {}\nb:\n", "x".repeat(1024 * 1024));
        text.push_str(&"- *a\n".repeat(100));
        assert!(
            error(&text).message.contains("too much text"),
            "{}",
            error(&text)
        );
    }

    #[test]
    fn nested_anchors_pay_for_their_copies() {
        let text = format!("{}1{}", "&a [".repeat(60), "]".repeat(60));
        assert!(values(&text)[0].1.is_array());
        let limits = Limits {
            nodes: 200,
            ..Limits::default()
        };
        assert!(parse_documents(&text, &limits)[0].outcome.is_err());
    }

    #[test]
    fn deep_nesting_ends_in_an_error() {
        for unit in ["- ", "[", "{a: ", "? "] {
            let error = error(&unit.repeat(100_000));
            assert!(error.message.contains("deep"), "{unit:?}: {error}");
        }
    }

    #[test]
    fn a_large_file_is_refused_unread() {
        let text = "a: 1\n".repeat(8 * 1024 * 1024);
        assert!(error(&text).message.contains("too large"));
    }

    #[test]
    fn recursive_aliases_are_errors() {
        assert!(error("a: &a [*a]\n").message.contains("contains itself"));
    }

    #[test]
    fn one_document_is_expected_where_one_is_asked_for() {
        let limits = Limits::default();
        assert_eq!(parse_single("---\na: 1\n", &limits), Ok(json!({"a": 1})));
        assert_eq!(parse_single("", &limits), Ok(Value::Null));
        assert_eq!(
            parse_single("a: 1\n---\nb: 1\n", &limits).unwrap_err().line,
            3
        );
    }
}
