//! Changing a YAML text in place: only what has to change is written; comments, order, quotes
//! and blank lines of all else stay.

use portico_model::yaml::{Limits, parse_single};
use serde_json::Value;

use super::super::yaml;
use super::yaml_spans::{self, Entry, Node, Shape};

/// The text, changed so that it means `wanted`. `None` when that cannot be done in place.
pub(super) fn edit(text: &str, wanted: &Value) -> Option<String> {
    let means = |text: &str| parse_single(text, &Limits::default()).ok();
    if means(text)? == *wanted {
        return Some(text.to_owned());
    }
    let root = yaml_spans::read(text)?;
    let mut edits = Edits {
        text,
        patches: Vec::new(),
    };
    edits.node(&root, &means(text)?, wanted, None);
    let changed = edits.apply();
    // The proof of the change: whatever YAML the text was, it means what was wanted.
    (means(&changed)? == *wanted).then_some(changed)
}

/// What replaces some bytes.
struct Patch {
    start: usize,
    end: usize,
    with: String,
}

struct Edits<'a> {
    text: &'a str,
    patches: Vec<Patch>,
}

impl Edits<'_> {
    /// Patches a value; `key` is the column of its key and where that ends, when it has one.
    fn node(&mut self, node: &Node, old: &Value, wanted: &Value, key: Option<(usize, usize)>) {
        if old == wanted {
            return;
        }
        match (&node.shape, old, wanted) {
            (
                Shape::Map {
                    entries,
                    is_flow: false,
                },
                Value::Object(old),
                Value::Object(wanted),
            ) if !entries.is_empty() && old.keys().all(|name| wanted.contains_key(name)) => {
                for Entry {
                    key,
                    key_end,
                    value,
                } in entries
                {
                    if let (Some(old), Some(wanted)) = (old.get(key), wanted.get(key)) {
                        self.node(value, old, wanted, Some((node.column, *key_end)));
                    }
                }
                let added = wanted.iter().filter(|(name, _)| !old.contains_key(*name));
                let added: serde_json::Map<String, Value> = added
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                if !added.is_empty() {
                    let lines = yaml::block_at(&Value::Object(added), node.column);
                    self.add_behind(node, &lines);
                }
            }
            (
                Shape::List {
                    items,
                    is_flow: false,
                },
                Value::Array(old),
                Value::Array(wanted),
            ) if !items.is_empty() && old.len() <= wanted.len() && items.len() == old.len() => {
                for ((item, old), wanted) in items.iter().zip(old).zip(wanted) {
                    self.node(item, old, wanted, None);
                }
                if let Some(added) = wanted.get(old.len()..).filter(|it| !it.is_empty()) {
                    let lines = yaml::block_at(&Value::Array(added.to_vec()), node.column);
                    self.add_behind(node, &lines);
                }
            }
            _ => self.replace(node, wanted, key),
        }
    }

    fn replace(&mut self, node: &Node, wanted: &Value, key: Option<(usize, usize)>) {
        let is_long = match wanted {
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        let colon = |key_end: usize| {
            let colon = self.text[key_end..].find(':');
            colon.map_or(key_end, |at| key_end + at + 1)
        };
        if let (true, Some((column, key_end))) = (is_long, key) {
            // Behind the colon and a comment there; the block begins on the next line.
            let start = colon(key_end);
            let end = node.end.max(start);
            let comment = self.comment_behind(end);
            let lines = yaml::block_at(wanted, column + 2);
            self.patches.push(Patch {
                start,
                end: end + comment.len(),
                with: format!("{}\n{}", comment.trim_end(), lines.trim_end()),
            });
            return;
        }
        // JSON is YAML, and fits into a line.
        let inline = if is_long {
            wanted.to_string()
        } else {
            yaml::document(wanted).trim_end().to_owned()
        };
        let is_block = matches!(node.shape, Shape::Scalar { is_block: true });
        let patch = match key {
            // Nothing is written there, or what is has a header of its own.
            Some((_, key_end)) if node.start == node.end || is_block => Patch {
                start: colon(key_end),
                end: if is_block { node.end } else { colon(key_end) },
                with: format!(" {inline}"),
            },
            _ => Patch {
                start: node.start,
                end: node.end,
                with: inline,
            },
        };
        self.patches.push(patch);
    }

    /// A comment that follows on the same line, with the blanks before it.
    fn comment_behind(&self, at: usize) -> &str {
        let line = self.text[at..].split('\n').next().unwrap_or_default();
        match line.trim_start().starts_with('#') {
            true => line,
            false => "",
        }
    }

    /// Adds lines behind the last line of a collection.
    fn add_behind(&mut self, node: &Node, lines: &str) {
        let rest = self.text[node.end..].find('\n');
        let at = rest.map_or(self.text.len(), |rest| node.end + rest);
        let with = format!("\n{}", lines.trim_end());
        self.patches.push(Patch {
            start: at,
            end: at,
            with,
        });
    }

    fn apply(mut self) -> String {
        // Patches of the same place were pushed from the inside out.
        self.patches.sort_by_key(|patch| (patch.start, patch.end));
        let (mut out, mut from) = (String::new(), 0);
        for patch in self.patches {
            if patch.start < from {
                // Overlapping changes: the proof at the end refuses what this makes.
                continue;
            }
            out.push_str(&self.text[from..patch.start]);
            out.push_str(&patch.with);
            from = patch.end;
        }
        out.push_str(&self.text[from..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = "\
# The catalog file of Orders.
apiVersion: backstage.io/v1alpha1
kind: Component # not an API

metadata:
  name: 'orders'   # the short name
  tags:
    # languages first
    - java

    - \"api\"
  annotations: {a/b: x}
  links: []
spec:
  owner:
  text: |
    one
    two

  lifecycle: production
";

    fn merged(change: Value) -> Value {
        let mut value = parse_single(TEXT, &Limits::default()).unwrap_or_default();
        super::super::merging::merge(&mut value, change, true);
        value
    }

    fn changed(change: Value) -> String {
        let told = change.to_string();
        edit(TEXT, &merged(change)).unwrap_or(told)
    }

    fn differing(change: Value) -> Vec<String> {
        let changed = changed(change);
        assert!(
            changed.starts_with('#'),
            "{changed} cannot be done in place"
        );
        let old: Vec<&str> = TEXT.lines().collect();
        let lines = changed.lines().filter(|line| !old.contains(line));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn only_what_changes_is_written() {
        assert_eq!(
            differing(json!({"metadata": {"tags": ["redis"]}})),
            ["    - redis"]
        );
        assert_eq!(
            differing(json!({"metadata": {"name": "orders-api"}})),
            ["  name: orders-api   # the short name"]
        );
        assert_eq!(
            differing(json!({"metadata": {"annotations": {"c": "d"}}})),
            ["  annotations:", "    a/b: x", "    c: d"]
        );
        assert_eq!(
            differing(json!({"spec": {"owner": "shop", "system": "sales"}})),
            ["  owner: shop", "  system: sales"]
        );
        assert_eq!(
            differing(json!({"spec": {"text": "short"}})),
            ["  text: short"]
        );
        assert_eq!(
            differing(json!({"kind": {"a": 1}, "more": [1]})),
            ["kind: # not an API", "  a: 1", "more:", "  - 1"]
        );
    }

    #[test]
    fn comments_and_blank_lines_stay_where_they_are() {
        let text = changed(json!({
            "metadata": {"tags": ["redis"], "title": "Orders"}, "spec": {"text": {"a": "b"}},
        }));
        for line in TEXT.lines().filter(|line| line.contains('#')) {
            assert!(text.contains(line), "{line} is gone from:\n{text}");
        }
        assert!(
            text.contains("    - java\n\n    - \"api\"\n    - redis\n"),
            "{text}"
        );
        assert_eq!(edit(TEXT, &merged(json!({}))).as_deref(), Some(TEXT));
    }

    #[test]
    fn what_cannot_be_changed_in_place_is_told() {
        let text = "a: &x {b: 1}\nc: *x\n";
        assert_eq!(edit(text, &json!({"a": {"b": 2}, "c": {"b": 1}})), None);
    }
}
