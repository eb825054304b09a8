//! The characters and lengths of names, labels, annotations, tags and links.

use serde_json::{Map, Value};

use super::{Violation, near};
use crate::pointer;

const NAME: &str = "letters, digits, `-`, `_` and `.` between a letter or digit at both ends, at most 63 characters";
const PREFIXED: &str = "a name of at most 63 characters, after an optional DNS name and `/`";

/// Checks the fields whose text has a format. What has the wrong type is left
/// to the envelope check.
pub(super) fn check(object: &Map<String, Value>, violations: &mut Vec<Violation>) {
    let mut report = Report { violations };
    if let Some(Value::String(text)) = object.get("apiVersion") {
        report.require(is_api_version(text), "/apiVersion", text, API_VERSION);
    }
    if let Some(Value::String(text)) = object.get("kind") {
        report.require(is_kind(text), "/kind", text, KIND);
    }
    let Some(Value::Object(metadata)) = object.get("metadata") else {
        return;
    };
    if let Some(Value::String(text)) = metadata.get("name") {
        report.name("/metadata/name", text);
    }
    if let Some(Value::String(text)) = metadata.get("namespace") {
        report.require(is_dns_label(text), "/metadata/namespace", text, NAMESPACE);
    }
    for (key, value) in entries(metadata, "labels") {
        let at = pointer::join("/metadata/labels", key);
        report.key(is_prefixed_name(key), &at, key);
        if let Value::String(text) = value {
            report.require(text.is_empty() || is_object_name(text), &at, text, NAME);
        }
    }
    for (key, _) in entries(metadata, "annotations") {
        let at = pointer::join("/metadata/annotations", key);
        report.key(is_prefixed_name(key), &at, key);
    }
    for (index, tag) in items(metadata, "tags") {
        if let Value::String(text) = tag {
            report.tag(&format!("/metadata/tags/{index}"), text);
        }
    }
    for (index, link) in items(metadata, "links") {
        let text = |field: &str| link.get(field).and_then(Value::as_str);
        let at = format!("/metadata/links/{index}");
        if let Some(url) = text("url") {
            report.require(
                url::Url::parse(url).is_ok(),
                &pointer::join(&at, "url"),
                url,
                URL,
            );
        }
        for field in ["title", "icon"] {
            if let Some(text) = text(field) {
                report.require(
                    !text.trim().is_empty(),
                    &pointer::join(&at, field),
                    text,
                    "text that is not only spaces",
                );
            }
        }
    }
}

const API_VERSION: &str = "a version of letters and digits, after an optional DNS name and `/`";
const KIND: &str = "a letter and then letters and digits, at most 63 characters";
const NAMESPACE: &str = "lower-case letters and digits, separated by `-`, at most 63 characters";
const TAG: &str =
    "lower-case letters, digits, `:`, `+` and `#`, separated by single `-`, at most 63 characters";
const URL: &str = "an absolute URL, such as https://example.com/page";

struct Report<'a> {
    violations: &'a mut Vec<Violation>,
}

impl Report<'_> {
    fn require(&mut self, holds: bool, at: &str, found: &str, expected: &str) {
        if !holds {
            self.wrong(at, found, expected, None);
        }
    }

    fn name(&mut self, at: &str, text: &str) {
        if !is_object_name(text) {
            let example = slug(text, |character| matches!(character, '_' | '.'), false);
            self.wrong(at, text, NAME, example);
        }
    }

    fn tag(&mut self, at: &str, text: &str) {
        if !is_tag(text) {
            let example = slug(text, |character| matches!(character, ':' | '+' | '#'), true);
            self.wrong(at, text, TAG, example);
        }
    }

    fn key(&mut self, holds: bool, at: &str, key: &str) {
        if !holds {
            let message = format!("the key \"{}\" must be {PREFIXED}", near::shorten(key));
            let hint =
                "for example `example.com/some-key`; the name may have `-`, `_` and `.` inside";
            self.violations
                .push(Violation::key(at, message, Some(hint.to_owned())));
        }
    }

    fn wrong(&mut self, at: &str, found: &str, expected: &str, example: Option<String>) {
        if found.is_empty()
            || self
                .violations
                .iter()
                .any(|violation| violation.pointer == at)
        {
            return;
        }
        let field = pointer::dotted(at);
        let message = format!(
            "`{field}` must be {expected}; found \"{}\"",
            near::shorten(found)
        );
        let hint = if found.contains("{{") || found.contains("{%") {
            Some(near::NOT_RENDERED.to_owned())
        } else {
            example.map(|example| format!("for example `{example}`"))
        };
        self.violations.push(Violation::value(at, message, hint));
    }
}

/// The text with every character that is not allowed made a `-`.
fn slug(text: &str, keep: fn(char) -> bool, lower: bool) -> Option<String> {
    let text = if lower {
        text.to_lowercase()
    } else {
        text.to_owned()
    };
    let mut slug = String::new();
    for character in text.chars().take(63) {
        if character.is_ascii_alphanumeric() || keep(character) {
            slug.push(character);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    (!slug.is_empty()).then(|| slug.to_owned())
}

fn entries<'a>(
    metadata: &'a Map<String, Value>,
    field: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    metadata
        .get(field)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn items<'a>(
    metadata: &'a Map<String, Value>,
    field: &str,
) -> impl Iterator<Item = (usize, &'a Value)> {
    metadata
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
}

fn is_api_version(text: &str) -> bool {
    has_optional_prefix(text, |suffix| {
        fits(suffix, 63) && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_kind(text: &str) -> bool {
    fits(text, 63)
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub(crate) fn is_object_name(text: &str) -> bool {
    fits(text, 63)
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.ends_with(|last: char| last.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn is_prefixed_name(text: &str) -> bool {
    has_optional_prefix(text, is_object_name)
}

fn is_dns_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    fits(text, 63)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| is_inner(byte) || byte == b'-')
}

fn is_dns_name(text: &str) -> bool {
    fits(text, 253) && text.split('.').all(is_dns_label)
}

pub(crate) fn is_tag(text: &str) -> bool {
    let is_inner =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":+#".contains(&byte);
    fits(text, 63)
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(is_inner))
}

fn has_optional_prefix(text: &str, is_suffix: impl Fn(&str) -> bool) -> bool {
    match text.split_once('/') {
        None => is_suffix(text),
        Some((prefix, suffix)) => is_dns_name(prefix) && is_suffix(suffix),
    }
}

fn fits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn all(rule: fn(&str) -> bool, texts: &[&str]) -> Vec<bool> {
        texts.iter().map(|text| rule(text)).collect()
    }

    #[test]
    fn names() {
        let longest = "a".repeat(63);
        let too_long = "a".repeat(64);
        assert!(!all(is_object_name, &["a", "A.b_c-D", "0", "a..b", &longest]).contains(&false));
        assert!(!all(is_object_name, &["", "-a", "a-", "a b", "é", &too_long]).contains(&true));
        assert!(!all(is_prefixed_name, &["a", "x.y/B_c", "a-b/c"]).contains(&false));
        assert!(!all(is_prefixed_name, &["/a", "a/", "a/b/c", "X/a", "a..b/c"]).contains(&true));
    }

    #[test]
    fn kinds_and_versions() {
        assert!(!all(is_kind, &["A", "Component2"]).contains(&false));
        assert!(!all(is_kind, &["", "2A", "My-Kind"]).contains(&true));
        assert!(!all(is_api_version, &["v1", "backstage.io/v1alpha1"]).contains(&false));
        assert!(!all(is_api_version, &["a/b/c", "a/v1-beta", "a_b/v1"]).contains(&true));
    }

    #[test]
    fn namespaces_and_tags() {
        assert!(!all(is_dns_label, &["a", "a-b", "a--b", "0"]).contains(&false));
        assert!(!all(is_dns_label, &["", "A", "a_b", "-a", "a-"]).contains(&true));
        assert!(!all(is_tag, &["c++", "c#", "lang:go", "a-b"]).contains(&false));
        assert!(!all(is_tag, &["", "Java", "a b", "a--b", "-a", "a_b"]).contains(&true));
    }

    #[test]
    fn every_wrong_field_is_reported_once() {
        let document = json!({
            "apiVersion": "a/b/c",
            "kind": "1",
            "metadata": {
                "name": "my service!",
                "namespace": "Default",
                "labels": {"bad key": "also bad!", "ok": ""},
                "annotations": {"a/b/c": "anything at all"},
                "tags": ["Spring Boot", "ok"],
                "links": [{"url": "/relative", "title": " "}],
            },
        });
        let mut violations = Vec::new();
        check(document.as_object().unwrap(), &mut violations);
        let found: Vec<_> = violations
            .iter()
            .map(|violation| violation.pointer.as_str())
            .collect();
        assert_eq!(
            found,
            [
                "/apiVersion",
                "/kind",
                "/metadata/name",
                "/metadata/namespace",
                "/metadata/labels/bad key",
                "/metadata/annotations/a~1b~1c",
                "/metadata/tags/0",
                "/metadata/links/0/url",
                "/metadata/links/0/title",
            ]
        );
        assert_eq!(
            violations[2].hint.as_deref(),
            Some("for example `my-service`")
        );
        assert_eq!(
            violations[6].hint.as_deref(),
            Some("for example `spring-boot`")
        );
    }

    #[test]
    fn template_syntax_is_recognized() {
        let document = json!({"metadata": {"name": "${{ values.name }}"}});
        let mut violations = Vec::new();
        check(document.as_object().unwrap(), &mut violations);
        assert_eq!(violations[0].hint.as_deref(), Some(near::NOT_RENDERED));
    }
}
