//! Filters for HTML. Nothing is escaped unless a filter does it.

use std::sync::Arc;

use regex::Regex;

use super::{Filter, arg, text_of};
use crate::{
    error::Problem,
    machine::Machine,
    value::{Value, text_length, text_slice},
};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("e", escape),
    ("escape", escape),
    ("forceescape", |_, it| Ok(escaped(arg(it, 0)))),
    ("nl2br", nl2br),
    ("safe", |_, it| {
        Ok(match arg(it, 0) {
            safe @ Value::Safe(_) => safe.clone(),
            Value::Undefined | Value::Null => Value::safe(""),
            other => Value::safe(other.to_text()),
        })
    }),
    ("striptags", striptags),
    ("urlize", urlize),
];

fn escape(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    Ok(match arg(it, 0) {
        safe @ Value::Safe(_) => safe.clone(),
        other => escaped(other),
    })
}

fn escaped(value: &Value) -> Value {
    if value.is_nothing() {
        return Value::safe("");
    }
    let mut out = String::new();
    for char in value.as_text().chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' => out.push_str("&#92;"),
            other => out.push(other),
        }
    }
    Value::safe(out)
}

fn nl2br(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    if arg(it, 0).is_nothing() {
        return Ok(Value::text(""));
    }
    let value = text_of(arg(it, 0))?;
    let text = value
        .as_text()
        .replace("\r\n", "\n")
        .replace('\n', "<br />\n");
    Ok(value.as_safe_as(text))
}

fn regex(source: &str) -> Result<Regex, Problem> {
    Regex::new(source).map_err(|error| Problem::value(error.to_string()))
}

fn striptags(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = text_of(arg(it, 0))?;
    let tags = regex(r"(?i)</?[a-z][a-z0-9]*\b[^>]*>|<!--(?s:.*?)-->")?;
    let text = value.as_text();
    let bare = tags.replace_all(&text, "");
    let bare = bare.trim();
    let text = if arg(it, 1).is_true() {
        let lines: Vec<_> = bare
            .split('\n')
            .map(|line| line.trim_matches(' '))
            .collect();
        let text = regex(" +")?
            .replace_all(&lines.join("\n"), " ")
            .replace("\r\n", "\n");
        regex("\n\n\n+")?.replace_all(&text, "\n\n").into_owned()
    } else {
        regex(r"\s+")?.replace_all(bare, " ").into_owned()
    };
    Ok(value.as_safe_as(text))
}

/// Words that are addresses become links, shown with so many letters at most.
fn urlize(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = text_of(arg(it, 0))?;
    let most = match arg(it, 1) {
        Value::Undefined => usize::MAX,
        Value::Number(number) if number.is_nan() => usize::MAX,
        given => given.number().max(0.0) as usize,
    };
    let rel = match arg(it, 2) {
        Value::Bool(true) => " rel=\"nofollow\"",
        _ => "",
    };
    let mut out = String::new();
    let shared: Arc<str> = value.shared_text();
    let mut rest = &*shared;
    while !rest.is_empty() {
        let blank = rest.starts_with(char::is_whitespace);
        let end = rest
            .find(|it: char| it.is_whitespace() != blank)
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(&link(word, most, rel).unwrap_or_else(|| word.to_owned()));
        rest = after;
    }
    Ok(Value::text(out))
}

fn link(word: &str, most: usize, rel: &str) -> Option<String> {
    let start = ["(", "<", "&lt;"]
        .iter()
        .find_map(|it| word.strip_prefix(it));
    let inner = start.unwrap_or(word);
    let end = ["&gt;", ".", ",", ")", "\n"]
        .iter()
        .find_map(|it| inner.strip_suffix(it));
    let url = end.unwrap_or(inner);
    let shown = text_slice(url, 0, most.min(text_length(url)));
    if url.starts_with("http://") || url.starts_with("https://") {
        Some(format!("<a href=\"{url}\"{rel}>{shown}</a>"))
    } else if url.starts_with("www.") {
        Some(format!("<a href=\"http://{url}\"{rel}>{shown}</a>"))
    } else if is_mail(url) {
        Some(format!("<a href=\"mailto:{url}\">{url}</a>"))
    } else if has_known_end(url) {
        Some(format!("<a href=\"http://{url}\"{rel}>{shown}</a>"))
    } else {
        None
    }
}

fn is_mail(word: &str) -> bool {
    let in_name = |it: char| it.is_ascii_alphanumeric() || "_.!#$%&'*+-/=?^`{|}~".contains(it);
    let in_host = |it: char| it.is_ascii_alphanumeric() || it == '-';
    word.split_once('@').is_some_and(|(name, host)| {
        let parts: Vec<_> = host.split('.').collect();
        !name.is_empty()
            && name.chars().all(in_name)
            && parts.len() > 1
            && parts
                .iter()
                .all(|part| !part.is_empty() && part.chars().all(in_host))
    })
}

fn has_known_end(word: &str) -> bool {
    [".org", ".net", ".com"].iter().any(|end| {
        let mut found = word.match_indices(end);
        found.any(|(at, _)| {
            matches!(
                word.as_bytes().get(at + end.len()),
                None | Some(b':' | b'/')
            )
        })
    })
}
