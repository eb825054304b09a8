//! YAML as people write it, from JSON.

use serde_json::Value;

/// A document in block style. What is not a plain word is quoted as JSON quotes it, which YAML
/// reads as well.
pub(super) fn document(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => block(value, 0, &mut out),
        Value::Array(items) if !items.is_empty() => block(value, 0, &mut out),
        scalar => out.push_str(&inline(scalar)),
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The lines of an object or a list that is not empty, each indented by so many blanks at least.
pub(super) fn block_at(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    block(value, indent, &mut out);
    out
}

fn block(value: &Value, indent: usize, out: &mut String) {
    let blanks = " ".repeat(indent);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                out.push_str(&blanks);
                out.push_str(&text(name));
                out.push(':');
                if is_block(field) {
                    out.push('\n');
                    block(field, indent + 2, out);
                } else {
                    out.push(' ');
                    out.push_str(&inline(field));
                    out.push('\n');
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                out.push_str(&blanks);
                out.push_str("- ");
                if is_block(item) {
                    // The first line of the item goes behind its dash.
                    let mut inner = String::new();
                    block(item, indent + 2, &mut inner);
                    out.push_str(inner.trim_start());
                } else {
                    out.push_str(&inline(item));
                    out.push('\n');
                }
            }
        }
        scalar => out.push_str(&inline(scalar)),
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(content) => text(content),
        other => other.to_string(),
    }
}

fn text(content: &str) -> String {
    // Words that one version of YAML or another takes for something else.
    const TAKEN: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "y"];
    let mut chars = content.chars().peekable();
    let begins = chars.next_if(char::is_ascii_alphabetic).is_some();
    let plain = |char: char| char.is_ascii_alphanumeric() || " _./@-".contains(char);
    let mut fine = begins && !content.ends_with(' ') && content != "n" && content != "N";
    while let Some(char) = chars.next() {
        // A colon is part of a word, unless a blank or nothing follows.
        let colon = char == ':'
            && chars
                .peek()
                .is_some_and(|next| *next != ' ' && *next != ':');
        fine &= plain(char) || colon;
    }
    let taken = TAKEN.iter().any(|word| word.eq_ignore_ascii_case(content));
    if fine && !taken {
        content.to_owned()
    } else {
        Value::String(content.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use portico_model::yaml::{Limits, parse_single};
    use serde_json::json;

    use super::*;

    #[test]
    fn it_looks_as_if_written_by_hand() {
        let entity = json!({
            "kind": "Component",
            "metadata": {"name": "orders", "tags": ["java", "api"], "links": [
                {"url": "https://example.com/a", "title": "A b"},
            ]},
            "spec": {"owner": "group:default/shop", "none": []},
        });
        let yaml = "\
kind: Component
metadata:
  name: orders
  tags:
    - java
    - api
  links:
    - url: https://example.com/a
      title: A b
spec:
  owner: group:default/shop
  none: []
";
        assert_eq!(document(&entity), yaml);
    }

    #[test]
    fn it_is_read_as_it_was() {
        let value = json!({
            "texts": ["", " a", "a ", "yes", "N", "1", "a: b", "a:", "#x", "a #b", "- a", "é", "a\nb",
                "\"q\"", "{a}", "*a", "~", "0x1", "2001-01-01", "a\tb", "\u{1}", "::"],
            "others": [null, true, 1, 1.5, -2, {}, [], [[1, [2]], {"a": [{"b": 1}]}]],
            "odd key: x": {"": 1, "true": 2},
        });
        let read = parse_single(&document(&value), &Limits::default());
        assert_eq!(read.unwrap_or_default(), value);
    }
}
