//! Regular expressions: JavaScript's notation on an engine that takes linear time, so that no
//! template can keep a server busy with one.

use std::fmt;

use regex::{Captures, Regex, RegexBuilder};

use crate::error::Problem;

/// How large a compiled expression may be, in bytes.
const MAX_COMPILED: usize = 1 << 20;

/// `r/source/flags`
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    flags: String,
    regex: Regex,
}

impl Pattern {
    pub(crate) fn new(source: &str, flags: &str) -> Result<Self, Problem> {
        let regex = RegexBuilder::new(&translate(source))
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|error| {
                let error = error.to_string();
                let reason = error.lines().last().unwrap_or_default();
                Problem::syntax(format!(
                    "r/{source}/ is not understood: {}; look-around and references to groups \
                     are not available",
                    reason.trim_start_matches("error: ")
                ))
            })?;
        Ok(Self {
            source: source.to_owned(),
            flags: flags.to_owned(),
            regex,
        })
    }

    /// `text.replace(pattern, replacement)`: the first match, or all with the flag `g`.
    pub(crate) fn replace(&self, text: &str, replacement: &str) -> String {
        let most = usize::from(!self.flags.contains('g'));
        let by = |found: &Captures<'_>| expand(replacement, found, text);
        self.regex.replacen(text, most, by).into_owned()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, self.flags)
    }
}

/// The notation that the engine reads: `\/` is no escape there, and classes are of ASCII.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut in_class = false;
    let mut chars = source.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => match (chars.next(), in_class) {
                (Some('/'), _) => out.push('/'),
                (Some('d'), _) => out.push_str("[0-9]"),
                (Some('D'), _) => out.push_str("[^0-9]"),
                (Some('w'), _) => out.push_str("[0-9A-Za-z_]"),
                (Some('W'), _) => out.push_str("[^0-9A-Za-z_]"),
                (Some('b'), false) => out.push_str(r"(?-u:\b)"),
                (Some(other), _) => out.extend(['\\', other]),
                (None, _) => out.push('\\'),
            },
            '[' if in_class => out.push_str(r"\["),
            '[' => {
                in_class = true;
                out.push('[');
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            // Set operations of the engine; in JavaScript these are plain characters.
            '&' | '~' if in_class => out.extend(['\\', char]),
            other => out.push(other),
        }
    }
    out
}

/// A replacement with `$1`, `$&`, `` $` ``, `$'`, `$<name>` and `$$` filled in.
fn expand(replacement: &str, found: &Captures<'_>, text: &str) -> String {
    let whole = found.get(0).map_or(0..0, |it| it.range());
    let mut out = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let group = (1..=digits).rev().find_map(|length| {
            let number: usize = after[..length].parse().ok()?;
            (1..found.len())
                .contains(&number)
                .then_some((number, length))
        });
        let name = after.strip_prefix('<').and_then(|it| it.split_once('>'));
        let (value, used) = match (after.chars().next(), group, name) {
            (_, Some((number, length)), _) => {
                (found.get(number).map_or("", |it| it.as_str()), length)
            }
            (Some('$'), ..) => ("$", 1),
            (Some('&'), ..) => (&text[whole.clone()], 1),
            (Some('`'), ..) => (&text[..whole.start], 1),
            (Some('\''), ..) => (&text[whole.end..], 1),
            (Some('<'), _, Some((name, _))) => (
                found.name(name).map_or("", |it| it.as_str()),
                name.len() + 2,
            ),
            _ => ("$", 0),
        };
        out.push_str(value);
        rest = &after[used..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(source: &str, flags: &str, text: &str, by: &str) -> String {
        Pattern::new(source, flags).unwrap().replace(text, by)
    }

    #[test]
    fn replacing_is_as_in_javascript() {
        assert_eq!(replace("a", "", "banana", "o"), "bonana");
        assert_eq!(replace("a", "g", "banana", "[$&]"), "b[a]n[a]n[a]");
        assert_eq!(
            replace(r"(\w+)-(\w+)", "", "a-b", "$2.$1.$3.$$"),
            "b.a.$3.$"
        );
        assert_eq!(replace(r"[^\w\/]+", "g", "a b/c d", "-"), "a-b/c-d");
        assert_eq!(replace("A", "gi", "aA", ""), "");
        assert_eq!(replace("(?<x>b)", "", "abc", "$<x>$`$'"), "abacc");
    }

    #[test]
    fn what_cannot_be_had_is_said() {
        let error = Pattern::new("(?=a)", "").unwrap_err().to_string();
        assert!(error.contains("look-around"), "{error}");
    }
}
