//! The scanner's errors in words that help.

use saphyr_parser::{Marker, ScanError};

use super::{YamlError, build::error_at};

const NO_COLON: &str = "simple key expect";

/// Parts of the scanner's messages, what to say instead, and how to put it right.
const SAID: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed",
        "`: ` is not allowed here",
        "quote a value that contains `: `, and check the indentation",
    ),
    (
        NO_COLON,
        "expected `:` after this key",
        "write `key: value`; text over several lines needs `|` and indentation",
    ),
    ("tab", "a tab is not allowed here", "indent with spaces"),
    (
        "unknown anchor",
        "this alias has no anchor before it",
        "write `&name` before `*name`; quote a value that starts with `*`",
    ),
    (
        "quoted scalar, found unexpected",
        "this quoted text is not closed",
        "add the closing quote",
    ),
    (
        "indentation in quoted scalar",
        "this quoted text is not closed",
        "add the closing quote",
    ),
    (
        "unknown escape character",
        "unknown escape in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "trailing content after double-quoted",
        "unexpected text after the closing quote",
        "quote the whole value; write `\\\"` for a quote inside double quotes",
    ),
    (
        "expected ',' or ']'",
        "expected `,` or `]`",
        "close the list that `[` opened, or quote a value that starts with `[`",
    ),
    (
        "expected ',' or '}'",
        "expected `,` or `}`",
        "close the mapping that `{` opened, or quote a value that starts with `{`",
    ),
    (
        "invalid indentation",
        "wrong indentation",
        "fields of one mapping start in the same column, and inside `[` or `{` lines are indented",
    ),
    (
        "did not find expected key",
        "wrong indentation, or a missing `:`",
        "fields of one mapping start in the same column",
    ),
    (
        "did not find expected '-'",
        "wrong indentation in a list",
        "items of one list start with `-` in the same column",
    ),
    (
        "block sequence entries are not allowed",
        "a list item is not allowed here",
        "start the list on the line below its key",
    ),
    (
        "wrongly indented line in block scalar",
        "wrong indentation in a text block",
        "the first line of the text sets the indentation of all",
    ),
    (
        "recursion limit",
        "nested too deep",
        "write fewer levels of `[` and `{`",
    ),
    (
        "unprintable",
        "a control character is not allowed",
        "remove it, or escape it in double quotes",
    ),
];

/// A scanner error as the user should see it.
pub fn scan_error(text: &str, error: &ScanError) -> YamlError {
    let at = *error.marker();
    let (message, hint) = words(error.info(), line_before(text, at.line(), at.col()));
    let mut said = error_at(at, message, hint);
    if error.info().contains(NO_COLON)
        && let Some((line, column)) = last_text_before(text, at)
    {
        (said.line, said.column) = (line, column);
    }
    said
}

/// Where a key without `:` stands. The scanner notices only at what follows it.
fn last_text_before(text: &str, at: Marker) -> Option<(usize, usize)> {
    let (index, line) = text
        .lines()
        .take(at.line().saturating_sub(1))
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .last()?;
    Some((
        index + 1,
        1 + line
            .chars()
            .take_while(|space| space.is_whitespace())
            .count(),
    ))
}

fn words(info: &str, before: &str) -> (String, Option<String>) {
    if let Some(character) = info.strip_prefix("unexpected character: `") {
        let character = character.trim_end_matches('\'');
        let message = format!("a value cannot start with `{character}`");
        let hint = if before.ends_with('{') {
            "`{%` looks like a template that was not rendered; a skeleton is not a catalog file"
        } else {
            "quote the value"
        };
        return (message, Some(hint.to_owned()));
    }
    match SAID.iter().find(|(part, ..)| info.contains(part)) {
        Some((_, message, hint)) => ((*message).to_owned(), Some((*hint).to_owned())),
        None => (info.to_owned(), None),
    }
}

/// The part of a line before a column.
fn line_before(text: &str, line: usize, column: usize) -> &str {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let end = line
        .char_indices()
        .nth(column)
        .map_or(line.len(), |(at, _)| at);
    &line[..end]
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse_documents};

    fn error(text: &str) -> (String, String) {
        let error = parse_documents(text, &Limits::default())
            .remove(0)
            .outcome
            .unwrap_err();
        (error.message, error.hint.unwrap_or_default())
    }

    #[test]
    fn common_mistakes_are_explained() {
        for (text, message) in [
            ("a: b: c\n", "`: ` is not allowed here"),
            ("a: %x\n", "a value cannot start with `%`"),
            ("a: @x\n", "a value cannot start with `@`"),
            ("a: `x`\n", "a value cannot start with ``"),
            ("a:\n\tb: 1\n", "a tab is not allowed here"),
            ("a: \"x\nb: 1\n", "this quoted text is not closed"),
            ("a: \"\\q\"\n", "unknown escape in double quotes"),
            ("a: \"b\" c\n", "unexpected text after the closing quote"),
            ("a: [1, 2\n", "expected `,` or `]`"),
            ("a: *nope\n", "this alias has no anchor before it"),
            ("a: - b\n", "a list item is not allowed here"),
            ("a:\n  b: 1\n c: 2\n", "wrong indentation"),
            ("a: 1\nb\nc: 2\n", "expected `:` after this key"),
        ] {
            let (said, hint) = error(text);
            assert!(said.starts_with(message), "{text:?}: {said}");
            assert!(!hint.is_empty(), "{text:?}: {said}");
        }
    }

    #[test]
    fn a_missing_colon_is_shown_where_it_is_missing() {
        let text = "a:\n  b: 1\n  forgotten\n\n# note\n  c: 2\n";
        let error = parse_documents(text, &Limits::default())
            .remove(0)
            .outcome
            .unwrap_err();
        assert_eq!((error.line, error.column), (3, 3));
    }

    #[test]
    fn unrendered_templates_are_recognized() {
        assert!(error("{% if x %}\na: 1\n").1.contains("template"));
    }
}
