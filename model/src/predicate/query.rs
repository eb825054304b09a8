//! The `query` of a request body: predicates as JSON.

use serde_json::{Map, Value};

use super::{Predicate, PredicateError, Targets};
use crate::yaml::number_text;

/// Nesting that no honest query reaches.
const DEEPEST: usize = 50;

/// Reads a query such as `{"kind": "component", "metadata.tags": {"$contains": "java"}}`.
///
/// An object of fields means that all hold. `$all`, `$any` and `$not` combine
/// queries; a field takes a value, `$exists`, `$in`, `$hasPrefix` or `$contains`.
pub fn parse_query(query: &Value) -> Result<Predicate, PredicateError> {
    parse(query, "$", 0)
}

fn parse(query: &Value, at: &str, depth: usize) -> Result<Predicate, PredicateError> {
    let Value::Object(object) = query else {
        return error(
            at,
            format!("expected an object such as {{\"kind\": {query}}}, found {query}"),
        );
    };
    if depth > DEEPEST {
        return error(at, format!("nested deeper than {DEEPEST} levels"));
    }
    let Some(operator) = object.keys().find(|key| key.starts_with('$')) else {
        let fields = object
            .iter()
            .map(|(key, value)| field(key, value, &format!("{at}.{key}")));
        return Ok(Predicate::all(fields.collect::<Result<_, _>>()?));
    };
    if object.len() > 1 {
        return error(
            at,
            format!("`{operator}` must be the only key of its object"),
        );
    }
    let operand = &object[operator];
    let below = format!("{at}.{operator}");
    let parts = || match operand {
        Value::Array(parts) => parts
            .iter()
            .enumerate()
            .map(|(index, part)| parse(part, &format!("{below}[{index}]"), depth + 1))
            .collect::<Result<Vec<_>, _>>(),
        _ => error(&below, "expected a list of queries".to_owned()),
    };
    match operator.as_str() {
        "$all" => Ok(Predicate::all(parts()?)),
        "$any" => Ok(Predicate::any(parts()?)),
        "$not" => Ok(Predicate::Not(Box::new(parse(operand, &below, depth + 1)?))),
        _ => error(
            at,
            format!("unknown operator `{operator}`; known are `$all`, `$any`, `$not`"),
        ),
    }
}

fn field(key: &str, value: &Value, at: &str) -> Result<Predicate, PredicateError> {
    if let Some(text) = primitive(value) {
        return Ok(Predicate::one_of(key, [text]));
    }
    let operators = "expected a text, number, true, false, or an object with one of `$exists`, \
                     `$in`, `$hasPrefix`, `$contains`";
    let Some((operator, operand)) = value.as_object().and_then(single_entry) else {
        return error(at, operators.to_owned());
    };
    let below = format!("{at}.{operator}");
    match (operator.as_str(), operand) {
        ("$exists", Value::Bool(true)) => Ok(Predicate::exists(key)),
        ("$exists", Value::Bool(false)) => Ok(Predicate::Not(Box::new(Predicate::exists(key)))),
        ("$exists", _) => error(&below, "expected true or false".to_owned()),
        ("$in", Value::Array(items)) => {
            let values: Option<Vec<_>> = items.iter().map(primitive).collect();
            match values {
                Some(values) => Ok(Predicate::one_of(key, values)),
                None => error(&below, "expected texts, numbers, true or false".to_owned()),
            }
        }
        ("$in", _) => error(&below, "expected a list of values".to_owned()),
        ("$hasPrefix", Value::String(prefix)) => Ok(Predicate::has_prefix(key, prefix)),
        ("$hasPrefix", _) => error(&below, "expected a text".to_owned()),
        ("$contains", Value::Object(target)) if key.eq_ignore_ascii_case("relations") => {
            relation(target, &below)
        }
        ("$contains", operand) => match primitive(operand) {
            Some(text) => Ok(Predicate::one_of(key, [text])),
            None => error(
                &below,
                "expected a text, number, true or false; an object only for `relations`".to_owned(),
            ),
        },
        _ => error(at, operators.to_owned()),
    }
}

/// `{"type": "ownedBy", "targetRef": "group:default/team"}`
fn relation(target: &Map<String, Value>, at: &str) -> Result<Predicate, PredicateError> {
    let mut name = None;
    let mut targets = None;
    for (key, value) in target {
        let below = format!("{at}.{key}");
        let twice = match key.to_lowercase().as_str() {
            "type" => match value {
                Value::String(text) => name.replace(text).is_some(),
                _ => return error(&below, "expected a text".to_owned()),
            },
            "targetref" => targets.replace(target_refs(value, &below)?).is_some(),
            _ => return error(&below, "only `type` and `targetRef` are known".to_owned()),
        };
        if twice {
            return error(&below, "the key is there twice".to_owned());
        }
    }
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return error(at, "expected a `type`, such as \"ownedBy\"".to_owned());
    };
    Ok(Predicate::relation(
        name,
        targets.map_or(Targets::Any, Targets::In),
    ))
}

fn target_refs(value: &Value, at: &str) -> Result<Vec<String>, PredicateError> {
    let texts = match value {
        Value::String(text) => Some(vec![text.to_lowercase()]),
        Value::Object(object) => match single_entry(object) {
            Some((operator, Value::Array(items))) if operator == "$in" && !items.is_empty() => {
                items
                    .iter()
                    .map(|item| item.as_str().map(str::to_lowercase))
                    .collect()
            }
            _ => None,
        },
        _ => None,
    };
    match texts {
        Some(texts) => Ok(texts),
        None => error(
            at,
            "expected a text, or {\"$in\": [texts]} with at least one".to_owned(),
        ),
    }
}

fn primitive(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number_text(number)),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn single_entry(object: &Map<String, Value>) -> Option<(&String, &Value)> {
    if object.len() == 1 {
        object.iter().next()
    } else {
        None
    }
}

fn error<T>(at: &str, expected: String) -> Result<T, PredicateError> {
    Err(PredicateError::Query {
        at: at.to_owned(),
        expected,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::RelationType;

    fn is(key: &str, values: &[&str]) -> Predicate {
        Predicate::In(
            key.to_owned(),
            values.iter().map(|&value| value.to_owned()).collect(),
        )
    }

    #[test]
    fn queries() {
        for (query, predicate) in [
            (json!({}), Predicate::Always),
            (json!({"$all": []}), Predicate::Always),
            (json!({"$any": []}), Predicate::Never),
            (json!({"Kind": "Component"}), is("kind", &["component"])),
            (json!({"a": 1.5}), is("a", &["1.5"])),
            (json!({"a": true}), is("a", &["true"])),
            (json!({"a": {"$in": ["X", 2]}}), is("a", &["x", "2"])),
            (json!({"a": {"$in": []}}), is("a", &[])),
            (json!({"a": {"$contains": "X"}}), is("a", &["x"])),
            (
                json!({"a": {"$hasPrefix": "X"}}),
                Predicate::HasPrefix("a".into(), "x".into()),
            ),
            (
                json!({"a": {"$exists": true}}),
                Predicate::Exists("a".into()),
            ),
            (
                json!({"a": {"$exists": false}}),
                Predicate::Not(Box::new(Predicate::Exists("a".into()))),
            ),
            (
                json!({"a": "x", "b": "y"}),
                Predicate::All(vec![is("a", &["x"]), is("b", &["y"])]),
            ),
            (
                json!({"$any": [{"a": "x"}, {"$not": {"b": "y"}}]}),
                Predicate::Any(vec![
                    is("a", &["x"]),
                    Predicate::Not(Box::new(is("b", &["y"]))),
                ]),
            ),
            (
                json!({"relations": {"$contains": {"type": "OwnedBy", "targetRef": {"$in": ["A"]}}}}),
                Predicate::HasRelation {
                    kind: RelationType::OwnedBy,
                    targets: Targets::In(vec!["a".into()]),
                },
            ),
            (
                json!({"relations": {"$contains": {"type": "partOf"}}}),
                Predicate::HasRelation {
                    kind: RelationType::PartOf,
                    targets: Targets::Any,
                },
            ),
        ] {
            assert_eq!(parse_query(&query).unwrap(), predicate, "{query}");
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        for (query, message) in [
            (json!("x"), "at $: expected an object"),
            (
                json!({"$all": [{"$nope": []}]}),
                "at $.$all[0]: unknown operator `$nope`",
            ),
            (json!({"$all": {}}), "at $.$all: expected a list"),
            (json!({"$not": []}), "at $.$not: expected an object"),
            (
                json!({"$not": {}, "kind": "x"}),
                "at $: `$not` must be the only key",
            ),
            (json!({"a": null}), "at $.a: expected a text"),
            (json!({"a": {"$like": "x"}}), "at $.a: expected a text"),
            (
                json!({"a": {"$exists": 1}}),
                "at $.a.$exists: expected true or false",
            ),
            (json!({"a": {"$in": [[]]}}), "at $.a.$in: expected texts"),
            (
                json!({"a": {"$hasPrefix": 1}}),
                "at $.a.$hasPrefix: expected a text",
            ),
            (
                json!({"a": {"$contains": {"type": "x"}}}),
                "at $.a.$contains: expected a text",
            ),
            (
                json!({"relations": {"$contains": {}}}),
                "at $.relations.$contains: expected a `type`",
            ),
            (
                json!({"relations": {"$contains": {"type": "x", "to": "y"}}}),
                "at $.relations.$contains.to: only",
            ),
            (
                json!({"relations": {"$contains": {"type": "x", "targetRef": {"$in": []}}}}),
                "at $.relations.$contains.targetRef: expected a text",
            ),
        ] {
            let said = parse_query(&query).unwrap_err().to_string();
            assert!(said.contains(message), "{query}: {said}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let mut query = json!({"a": "x"});
        for _ in 0..100 {
            query = json!({"$not": query});
        }
        assert!(
            parse_query(&query)
                .unwrap_err()
                .to_string()
                .contains("nested")
        );
    }
}
