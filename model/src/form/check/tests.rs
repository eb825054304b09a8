use serde_json::json;

use super::*;

/// Enters a value, and makes a value of that again.
fn round(schema: &Value, value: &Value) -> Outcome {
    let field = Field::read(schema);
    let draft = Draft::of(&field, Some(value));
    check(&field, &draft, &|_, _| true)
}

/// What is wrong with a text in a field of this schema.
fn entered(schema: &Value, text: &str) -> (Option<Value>, String) {
    let field = Field::read(schema);
    let outcome = check(&field, &Draft::Text(text.to_owned()), &|_, text| {
        text == "good"
    });
    let problems = outcome.problems.into_iter().map(|it| it.text);
    (outcome.value, problems.collect::<Vec<_>>().join("; "))
}

#[test]
fn a_value_survives_its_form() {
    let schema = json!({
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "port": {"type": "integer"},
            "ratio": {"type": "number"},
            "size": {"enum": ["s", "l"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "labels": {"type": "object", "additionalProperties": {"type": "integer"}},
            "owner": {"type": "object", "properties": {"team": {"type": "string"}}},
            "any": {}
        }
    });
    for value in [
        json!({"name": "a"}),
        json!({"name": "a", "tags": [], "owner": {}}),
        json!({
            "name": "a", "port": 9_007_199_254_740_993_i64, "ratio": 0.5, "size": "l",
            "tags": ["x", "y"], "labels": {"a": 1, "b": 2}, "owner": {"team": "t"},
            "any": {"deep": [1, null]}, "unknown": true
        }),
    ] {
        let outcome = round(&schema, &value);
        assert_eq!(outcome.problems, []);
        assert_eq!(outcome.value, Some(value));
    }
}

#[test]
fn defaults_are_filled_in_and_what_is_needed_is_said() {
    let schema = json!({
        "required": ["name", "end"],
        "properties": {
            "name": {"type": "string"},
            "port": {"type": "integer", "default": 80},
            "on": {"type": "boolean", "default": true},
            "off": {"type": "boolean"},
            "end": {"type": ["string", "null"]},
            "owner": {"type": "object", "required": ["team"],
                "properties": {"team": {"type": "string"}}}
        }
    });
    let outcome = round(&schema, &json!({}));
    assert_eq!(
        outcome.value,
        Some(json!({"port": 80, "on": true, "end": null}))
    );
    let [problem] = outcome.problems.as_slice() else {
        panic!("{outcome:?}")
    };
    assert!(problem.missing && problem.path == [0]);
    let owner = round(&schema, &json!({"name": "a", "owner": {}}));
    assert_eq!(owner.problems[0].path, [5, 0]);
}

#[test]
fn texts_are_checked() {
    for (schema, text, problem) in [
        (
            json!({"type": "string", "minLength": 3}),
            "ab",
            "At least 3 characters",
        ),
        (
            json!({"type": "string", "maxLength": 1}),
            "ü2",
            "At most 1 character, not 2",
        ),
        (
            json!({"type": "string", "pattern": "^good$"}),
            "bad",
            "This does not match ^good$",
        ),
        (json!({"type": "string", "pattern": "^good$"}), "good", ""),
        (
            json!({"type": "string", "format": "uri"}),
            "https://a.example/b?c#d",
            "",
        ),
        (
            json!({"type": "string", "format": "uri"}),
            "a.example",
            "This is not a URL: it begins with https://",
        ),
        (
            json!({"type": "string", "format": "email"}),
            "a@b.example",
            "",
        ),
        (
            json!({"type": "string", "format": "email"}),
            "a b@c",
            "This is not an e-mail address",
        ),
        (
            json!({"type": "string", "format": "date"}),
            "2026-02-01",
            "",
        ),
        (
            json!({"type": "string", "format": "date"}),
            "1.2.2026",
            "This is not a date such as 2026-01-31",
        ),
    ] {
        let (value, found) = entered(&schema, text);
        assert_eq!(found, problem, "{schema} {text}");
        assert_eq!(value, Some(json!(text)), "what was typed is kept");
    }
}

#[test]
fn numbers_are_checked_in_the_unit_they_are_shown_in() {
    let integer = json!({"type": "integer", "minimum": 1, "maximum": 10, "multipleOf": 2});
    for (text, value, problem) in [
        ("4", Some(json!(4)), ""),
        (" 4.0 ", Some(json!(4)), ""),
        ("0", Some(json!(0)), "At least 1"),
        ("12", Some(json!(12)), "At most 10"),
        ("3", Some(json!(3)), "A multiple of 2"),
        ("1.5", None, "This is not a whole number"),
        ("four", None, "This is not a number"),
        ("NaN", None, "This is not a whole number"),
    ] {
        assert_eq!(
            entered(&integer, text),
            (value, problem.to_owned()),
            "{text}"
        );
    }
    let bytes =
        json!({"type": "integer", "minimum": 1024, "ui:options": {"unit": "KiB", "scale": 1024}});
    assert_eq!(entered(&bytes, "1.5"), (Some(json!(1536)), String::new()));
    assert_eq!(entered(&bytes, "0.5").1, "At least 1");
    assert_eq!(round(&bytes, &json!(2048)).value, Some(json!(2048)));
    let open = json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1});
    assert_eq!(entered(&open, "0").1, "More than 0");
    assert_eq!(entered(&open, "1").1, "Less than 1");
    assert_eq!(entered(&open, "0.1"), (Some(json!(0.1)), String::new()));
}

#[test]
fn lists_and_maps_are_checked() {
    let list = json!({
        "type": "array", "items": {"type": "string"},
        "minItems": 2, "maxItems": 3, "uniqueItems": true
    });
    let problem = |schema: &Value, value: Value| {
        let problems = round(schema, &value).problems.into_iter();
        problems.map(|it| it.text).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(problem(&list, json!(["a"])), "At least 2 values are needed");
    assert_eq!(
        problem(&list, json!(["a", "b", "c", "d"])),
        "At most 3 values are allowed"
    );
    assert_eq!(problem(&list, json!(["a", "a"])), "A value comes twice");
    assert_eq!(problem(&list, json!(["a", "b"])), "");

    let field = Field::read(&json!({"type": "object", "additionalProperties": {"type": "string"}}));
    let mut draft = Draft::of(&field, Some(&json!({"a": "1"})));
    draft.add(Draft::Text("2".to_owned()));
    let outcome = check(&field, &draft, &|_, _| true);
    assert!(outcome.problems[0].missing, "{outcome:?}");
    if let Draft::Map { names, .. } = &mut draft {
        names[1] = "a".to_owned();
    }
    let outcome = check(&field, &draft, &|_, _| true);
    assert_eq!(outcome.problems[0].text, "The name \"a\" comes twice");
    draft.remove(0);
    assert_eq!(
        check(&field, &draft, &|_, _| true).value,
        Some(json!({"a": "2"}))
    );
}

#[test]
fn a_draft_is_changed_at_its_path() {
    let field = Field::read(&json!({"properties": {
        "list": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}}
    }}));
    let mut draft = Draft::of(
        &field,
        Some(&json!({"list": [{"name": "a"}, {"name": "b"}]})),
    );
    assert_eq!(draft.at(&[0, 1, 0]).unwrap().text(), "b");
    *draft.at_mut(&[0, 1, 0]).unwrap() = Draft::Text("c".to_owned());
    draft.at_mut(&[0]).unwrap().remove(0);
    assert_eq!(draft.at(&[0]).unwrap().len(), 1);
    assert!(draft.at(&[0, 1]).is_none() && draft.at(&[0, 0, 0, 0]).is_none());
    let value = check(&field, &draft, &|_, _| true).value;
    assert_eq!(value, Some(json!({"list": [{"name": "c"}]})));
    draft.at_mut(&[0]).unwrap().switch(false);
    assert_eq!(check(&field, &draft, &|_, _| true).value, Some(json!({})));
}
