//! Placeholders: `{$text: ./openapi.yaml}` stands for the content of a file.

use serde_json::{Map, Value};

use crate::{
    Violation, pointer,
    yaml::{self, Limits},
};

/// How the content of a file becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceholderKind {
    /// `$text`: the content as it is.
    Text,
    /// `$json`: parsed as JSON.
    Json,
    /// `$yaml`: parsed as one YAML document.
    Yaml,
}

/// A value that is to be replaced by the content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// JSON pointer of the object that the content replaces.
    pub pointer: String,
    /// How to read the content.
    pub kind: PlaceholderKind,
    /// A relative path or an absolute URL, as written.
    pub target: String,
}

impl PlaceholderKind {
    /// The key that asks for it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "$text",
            Self::Json => "$json",
            Self::Yaml => "$yaml",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Text, Self::Json, Self::Yaml]
            .into_iter()
            .find(|kind| kind.key() == key)
    }
}

impl Placeholder {
    /// The value that a file's content gives.
    pub fn read(&self, content: &str, limits: &Limits) -> Result<Value, Violation> {
        let key = self.kind.key();
        let wrong = |message: String| self.violation(message);
        match self.kind {
            PlaceholderKind::Text => Ok(Value::String(content.to_owned())),
            PlaceholderKind::Json => serde_json::from_str(content)
                .map_err(|error| wrong(format!("`{key}`: {} is not JSON: {error}", self.target))),
            PlaceholderKind::Yaml => yaml::parse_single(content, limits)
                .map_err(|error| wrong(format!("`{key}`: {} is not YAML: {error}", self.target))),
        }
    }

    /// A problem with this placeholder, such as a file that cannot be read.
    pub fn violation(&self, message: String) -> Violation {
        Violation::at(format!("{}/{}", self.pointer, self.kind.key()), message)
    }
}

/// The placeholders of a document, in its order.
///
/// A placeholder is an object with exactly one key, known and starting with
/// `$`. Inside any other object that has such a key nothing is looked for.
///
/// # Errors
/// A placeholder whose value is not text.
pub fn find(document: &Value) -> Result<Vec<Placeholder>, Violation> {
    let mut found = Vec::new();
    visit(document, &mut String::new(), &mut found)?;
    Ok(found)
}

/// Puts contents in the place of their placeholders.
pub fn substitute(document: &mut Value, contents: impl IntoIterator<Item = (Placeholder, Value)>) {
    for (placeholder, content) in contents {
        if let Some(place) = document.pointer_mut(&placeholder.pointer) {
            *place = content;
        }
    }
}

fn visit(value: &Value, at: &mut String, found: &mut Vec<Placeholder>) -> Result<(), Violation> {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(&index.to_string(), item, at, found)?;
            }
        }
        Value::Object(object) if object.keys().any(|key| key.starts_with('$')) => {
            found.extend(placeholder(object, at)?);
        }
        Value::Object(object) => {
            for (key, value) in object {
                below(key, value, at, found)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

fn below(
    key: &str,
    value: &Value,
    at: &mut String,
    found: &mut Vec<Placeholder>,
) -> Result<(), Violation> {
    if !matches!(value, Value::Array(_) | Value::Object(_)) {
        return Ok(());
    }
    let end = at.len();
    at.push('/');
    at.push_str(&pointer::escape(key));
    let result = visit(value, at, found);
    at.truncate(end);
    result
}

fn placeholder(object: &Map<String, Value>, at: &str) -> Result<Option<Placeholder>, Violation> {
    let (Some((key, value)), 1) = (object.iter().next(), object.len()) else {
        return Ok(None);
    };
    let Some(kind) = PlaceholderKind::from_key(key) else {
        return Ok(None);
    };
    match value {
        Value::String(target) => Ok(Some(Placeholder {
            pointer: at.to_owned(),
            kind,
            target: target.clone(),
        })),
        _ => Err(Violation::at(
            format!("{at}/{key}"),
            format!("`{key}` expects a relative path or an absolute URL"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_are_found_and_replaced() {
        let mut document = json!({
            "spec": {
                "definition": {"$text": "./api.yaml"},
                "list": [1, {"$json": "a.json"}, {"$yaml": "https://example.com/b.yaml"}],
                "a/b": {"$text": "c"},
            }
        });
        let found = find(&document).unwrap();
        let listed: Vec<_> = found
            .iter()
            .map(|one| (one.pointer.as_str(), one.kind, one.target.as_str()))
            .collect();
        assert_eq!(
            listed,
            [
                ("/spec/definition", PlaceholderKind::Text, "./api.yaml"),
                ("/spec/list/1", PlaceholderKind::Json, "a.json"),
                (
                    "/spec/list/2",
                    PlaceholderKind::Yaml,
                    "https://example.com/b.yaml"
                ),
                ("/spec/a~1b", PlaceholderKind::Text, "c"),
            ]
        );
        let contents = found.into_iter().map(|one| {
            let content = one.read("[1, 2]", &Limits::default()).unwrap();
            (one, content)
        });
        substitute(&mut document, contents.collect::<Vec<_>>());
        assert_eq!(
            document,
            json!({"spec": {"definition": "[1, 2]", "list": [1, [1, 2], [1, 2]], "a/b": "[1, 2]"}})
        );
    }

    #[test]
    fn other_dollar_keys_pass_through() {
        let document = json!({
            "unknown": {"$env": "X"},
            "two": {"$text": "a", "b": {"$text": "hidden"}},
            "schema": {"properties": {"x": {"$ref": "#/y"}}},
        });
        assert_eq!(find(&document), Ok(Vec::new()));
    }

    #[test]
    fn a_placeholder_needs_a_path() {
        assert_eq!(
            find(&json!({"a": {"$text": 5}})).unwrap_err().pointer,
            "/a/$text"
        );
    }

    #[test]
    fn content_must_parse() {
        let read = |kind, content: &str| {
            let target = "./x".to_owned();
            Placeholder {
                pointer: "/a".to_owned(),
                kind,
                target,
            }
            .read(content, &Limits::default())
        };
        assert_eq!(
            read(PlaceholderKind::Json, "{").unwrap_err().pointer,
            "/a/$json"
        );
        assert!(
            read(PlaceholderKind::Yaml, "a: 1\n---\nb: 1")
                .unwrap_err()
                .message
                .contains("./x")
        );
        assert_eq!(read(PlaceholderKind::Yaml, ""), Ok(Value::Null));
    }
}
