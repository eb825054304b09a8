//! Properties that hold for every input: no panic, no unbounded work, and
//! texts that mean what they were written to mean.

use portico_model::{
    Entity, EntityRef, KnownKinds, LocationRef, Predicate, flatten, parse_filter_params,
    parse_query, pointer, validate_entity,
    yaml::{Limits, locate, parse_documents, parse_single},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const LIMITS: Limits = Limits {
    bytes: 64 * 1024,
    depth: 16,
    nodes: 2_000,
};

/// Text that is likely to mean something to a YAML parser.
fn yaml_like() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        prop::sample::select(vec![
            "a",
            "b: ",
            ": ",
            "- ",
            "? ",
            "\n",
            "\n  ",
            "\n    ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "&x ",
            "*x",
            "!!int ",
            "!t ",
            "|\n",
            ">-\n",
            "'",
            "\"",
            "\\",
            "#",
            "%",
            "@",
            "---\n",
            "...\n",
            "<<: ",
            "~",
            "null",
            "1.5",
            "0x1F",
            "\t",
            "\r\n",
            "\u{feff}",
            "é",
            "{{ x }}",
            "kind: API\n",
        ])
        .prop_map(str::to_owned),
        "[ -~é漢😀]{0,4}",
    ];
    prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1_000_000_i64..1_000_000).prop_map(Value::from),
        "[ -~\né漢😀]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[ -~é漢]{0,6}", inner), 0..5)
                .prop_map(|fields| { Value::Object(fields.into_iter().collect::<Map<_, _>>()) }),
        ]
    })
}

/// A document that has the outline of an entity, with surprises in it.
fn entity_like() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "Component",
        "API",
        "Group",
        "Template",
        "AiResource",
        "X",
    ]);
    let text = prop::sample::select(vec![
        "a",
        "component:b",
        "x/y",
        ":",
        "a b",
        "mcp-server",
        "",
    ]);
    (kind, text, json_value(), json_value(), json_value()).prop_map(|(kind, text, a, b, c)| {
        json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": "n", "tags": [text], "labels": a, "custom": b},
            "spec": {
                "type": text, "lifecycle": "x", "owner": text, "dependsOn": [text, b], "children": c,
                "members": a, "definition": text, "memberOf": [],
            },
        })
    })
}

fn rows(document: &Value) -> Vec<(String, Option<String>)> {
    let Ok(entity) = serde_json::from_value::<Entity>(document.clone()) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    flatten(&entity, |key, value| {
        rows.push((key.to_owned(), value.map(str::to_owned)));
    });
    rows
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics_and_stays_within_limits(text in yaml_like()) {
        let documents = parse_documents(&text, &LIMITS);
        let mut last = None;
        for document in documents {
            prop_assert!(last < Some(document.index));
            last = Some(document.index);
            prop_assert!(text.contains(document.text));
            let _ = locate(document.text, "/a/b/0");
            match document.outcome {
                Ok(value) => prop_assert!(size(&value) <= LIMITS.nodes * 2),
                Err(error) => {
                    prop_assert!(error.line >= 1 && error.line <= text.lines().count() + 1, "{error}");
                    prop_assert!(error.column >= 1);
                }
            }
        }
    }

    #[test]
    fn json_is_yaml(value in json_value()) {
        prop_assert_eq!(parse_single(&value.to_string(), &LIMITS).unwrap(), value);
    }

    #[test]
    fn every_pointer_of_a_document_is_found(value in entity_like()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let mut todo = vec![(String::new(), &value)];
        while let Some((at, value)) = todo.pop() {
            prop_assert!(locate(&text, &at).is_some(), "{} in {}", at, text);
            match value {
                Value::Array(items) => {
                    todo.extend(items.iter().enumerate().map(|(i, item)| (format!("{at}/{i}"), item)));
                }
                Value::Object(fields) => {
                    todo.extend(fields.iter().map(|(key, value)| (pointer::join(&at, key), value)));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn validation_never_panics_and_accepts_its_own_output(document in entity_like()) {
        let known = KnownKinds::default();
        match validate_entity(document, &known) {
            Ok(entity) => {
                let again = Value::Object(entity.clone().into_object());
                prop_assert_eq!(validate_entity(again, &known), Ok(entity));
            }
            Err(violations) => prop_assert!(!violations.is_empty()),
        }
    }

    #[test]
    fn rows_are_within_limits(document in entity_like()) {
        for (key, value) in rows(&document) {
            prop_assert!(key.encode_utf16().count() <= 200);
            prop_assert_eq!(&key.to_lowercase(), &key);
            prop_assert!(value.is_none_or(|value| value.encode_utf16().count() <= 200));
        }
    }

    #[test]
    fn references_survive_their_text(
        kind in "[A-Za-z]{1,8}", namespace in "[a-z0-9-]{1,8}", name in "[A-Za-z0-9._-]{1,12}",
    ) {
        let entity_ref = EntityRef::new(&kind, &namespace, &name);
        prop_assert_eq!(EntityRef::parse(&entity_ref.to_string(), None, "x").unwrap(), entity_ref);
    }

    #[test]
    fn any_text_is_a_reference_or_an_error(text in "[ -~é漢]{0,24}") {
        if let Ok(entity_ref) = EntityRef::parse(&text, Some("component"), "default") {
            prop_assert!(!entity_ref.name().is_empty() && !entity_ref.kind().is_empty());
        }
        if let Ok(location) = LocationRef::parse(&text) {
            let parsed = LocationRef::parse(&location.to_string());
            prop_assert_eq!(parsed.as_ref(), Ok(&location));
            let _ = location.resolve(None, &text);
        }
    }

    #[test]
    fn filters_mean_what_they_say(
        document in entity_like(), key in "[a-zA-Z.]{1,10}", value in "[a-zA-Z]{0,5}",
    ) {
        let rows = rows(&document);
        let filter = parse_filter_params(&[format!("{key}={value}"), key.clone()]).unwrap();
        let exists = rows.iter().any(|(row, _)| *row == key.to_lowercase());
        prop_assert_eq!(filter.matches(&rows), exists);
        let query = parse_query(&json!({key: {"$exists": true}})).unwrap();
        prop_assert_eq!(query.matches(&rows), exists);
    }

    #[test]
    fn any_query_is_a_predicate_or_an_error(query in json_value(), filter in "[ -~é漢]{0,24}") {
        let rows = vec![("kind".to_owned(), Some("API".to_owned()))];
        for predicate in [parse_query(&query).ok(), parse_filter_params(&[filter]).ok()].into_iter().flatten() {
            let holds = predicate.matches(&rows);
            prop_assert_eq!(Predicate::Not(Box::new(predicate.clone())).matches(&rows), !holds);
            let text = serde_json::to_string(&predicate).unwrap();
            prop_assert_eq!(serde_json::from_str::<Predicate>(&text).unwrap(), predicate);
        }
    }
}
