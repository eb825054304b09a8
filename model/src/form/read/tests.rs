use serde_json::json;

use super::*;

fn read(schema: &Value) -> Field {
    Field::read(schema)
}

fn properties(field: &Field) -> &[Property] {
    match &field.kind {
        FieldKind::Object(properties) => properties,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_type_has_a_field() {
    let form = read(&json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "minLength": 2, "pattern": "^a", "title": "Its name"},
            "port": {"type": "integer", "minimum": 1, "exclusiveMaximum": 65536, "default": 80},
            "public": {"type": "boolean"},
            "size": {"enum": ["s", "l"], "enumNames": ["Small", "Large"]},
            "version": {"const": 1},
            "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "owner": {"type": "object", "properties": {"team": {"type": "string"}}}
        }
    }));
    let properties = properties(&form);
    assert!(form.required && properties[0].field.required && !properties[1].field.required);
    assert_eq!(properties[0].field.label("name"), "Its name");
    assert_eq!(properties[1].field.default, Some(json!(80)));
    let kinds: Vec<_> = properties.iter().map(|it| &it.field.kind).collect();
    assert!(matches!(kinds[0], FieldKind::Text(rules) if rules.min_length == Some(2)));
    assert!(matches!(kinds[1], FieldKind::Number(rules) if rules.below == Some(65536.0)));
    assert!(matches!(kinds[2], FieldKind::Flag));
    assert!(matches!(kinds[3], FieldKind::Choice(choices) if choices[1].label == "Large"));
    assert!(matches!(kinds[4], FieldKind::Constant(value) if *value == 1));
    assert!(matches!(kinds[5], FieldKind::List(rules) if rules.unique));
    assert!(matches!(kinds[6], FieldKind::Map(_)));
    assert!(matches!(kinds[7], FieldKind::Object(_)));
}

#[test]
fn references_null_and_constants_are_seen_through() {
    let form = read(&json!({
        "properties": {
            "sku": {"$ref": "#/$defs/Sku", "description": "How it is run."},
            "file": {"anyOf": [{"$ref": "#/$defs/File"}, {"type": "null"}]},
            "since": {"type": ["string", "null"]},
            "one": {"allOf": [{"$ref": "#/$defs/Sku"}]}
        },
        "$defs": {
            "Sku": {"description": "Families.", "oneOf": [
                {"const": "Basic", "description": "One node."},
                {"const": "Standard", "title": "Replicated"}
            ]},
            "File": {"type": "object", "properties": {"path": {"type": "string"}}}
        }
    }));
    let properties = properties(&form);
    let sku = &properties[0].field;
    assert_eq!(sku.help(), Some("How it is run."));
    let FieldKind::Choice(choices) = &sku.kind else {
        panic!("{sku:?}")
    };
    let labels: Vec<_> = choices.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["Basic — One node", "Replicated"]);
    assert!(properties[1].field.nullable);
    assert!(matches!(properties[1].field.kind, FieldKind::Object(_)));
    assert!(matches!(properties[2].field.kind, FieldKind::Text(_)));
    assert!(matches!(properties[3].field.kind, FieldKind::Choice(_)));
}

#[test]
fn what_no_field_can_show_is_json() {
    for schema in [
        json!(true),
        json!({}),
        json!({"type": "object"}),
        json!({"type": ["string", "integer"]}),
        json!({"type": "array"}),
        json!({"type": "string", "not": {"const": "x"}}),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"properties": {"a": {}}, "if": {}, "then": {}}),
        json!({"$ref": "#/$defs/missing"}),
        json!({"$ref": "#"}),
    ] {
        let kind = read(&schema).kind;
        assert!(matches!(kind, FieldKind::Json(_)), "{schema}: {kind:?}");
    }
}

#[test]
fn a_tree_ends_where_it_contains_itself() {
    let form = read(&json!({
        "$ref": "#/$defs/Node",
        "$defs": {"Node": {"type": "object", "properties": {
            "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}}
        }}}
    }));
    let FieldKind::List(rules) = &properties(&form)[0].field.kind else {
        panic!("{form:?}")
    };
    assert!(matches!(rules.item.kind, FieldKind::Json(_)));
}

#[test]
fn few_lines_do_not_become_many_fields() {
    let mut defs = Map::new();
    for at in 0..30 {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        let both = json!({"properties": {"a": next, "b": next}});
        defs.insert(format!("d{at}"), both);
    }
    defs.insert("d30".to_owned(), json!({"type": "string"}));
    let form = read(&json!({"$ref": "#/$defs/d0", "$defs": defs}));
    assert!(count(&form) < 2 * MAX_FIELDS);
}

fn count(field: &Field) -> usize {
    match &field.kind {
        FieldKind::Object(all) => 1 + all.iter().map(|it| count(&it.field)).sum::<usize>(),
        _ => 1,
    }
}

#[test]
fn hints_follow_react_jsonschema_form() {
    let form = read(&json!({
        "ui:order": ["b", "*", "c"],
        "properties": {
            "a": {"type": "string", "ui:widget": "textarea", "ui:options": {"rows": 8}},
            "c": {"type": "string", "ui:field": "OwnerPicker", "ui:options": {"catalogFilter": {}}},
            "b": {"type": "string", "ui:autofocus": true, "ui:placeholder": "x", "ui:help": "y"}
        }
    }));
    let properties = properties(&form);
    let names: Vec<_> = properties.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["b", "a", "c"]);
    let hints: Vec<_> = properties.iter().map(|it| &it.field.hints).collect();
    assert!(hints[0].autofocus && hints[0].placeholder.as_deref() == Some("x"));
    assert_eq!(properties[0].field.help(), Some("y"));
    assert!(hints[1].is("textarea") && hints[1].rows == Some(8));
    assert_eq!(hints[2].field.as_deref(), Some("OwnerPicker"));
    assert!(hints[2].options.contains_key("catalogFilter"));
}
