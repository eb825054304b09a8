//! What fields of the portal's own (`ui:field`) ask for beyond their schema.

use serde_json::Value;

use super::{
    Hints,
    walk::{each_value, inside},
};
use crate::validate::format::{is_object_name, is_tag};

/// What `ui:field` can name; anything else is shown as the plain field of its type.
pub const NAMED_FIELDS: [&str; 12] = [
    "EntityNamePicker",
    "EntityPicker",
    "EntityTagsPicker",
    "MultiEntityPicker",
    "MyGroupsPicker",
    "OptionsPicker",
    "OwnedEntityPicker",
    "OwnerPicker",
    "RepoBranchPicker",
    "RepoOwnerPicker",
    "RepoUrlPicker",
    "Secret",
];

const NAME: &str = "A name has 1 to 63 letters and digits, with - _ . between them";
const TAG: &str = "A tag has 1 to 63 of a-z, 0-9, +, # and :, with single hyphens between them";

/// Why a text is none that its field takes.
pub(super) fn problem(hints: &Hints, text: &str) -> Option<&'static str> {
    wrong(hints.field.as_deref()?, text)
}

fn wrong(field: &str, text: &str) -> Option<&'static str> {
    match field {
        "EntityNamePicker" => (!is_object_name(text)).then_some(NAME),
        "EntityTagsPicker" => (!is_tag(text)).then_some(TAG),
        _ => None,
    }
}

/// What is wrong with values that came without a form, by field: `name`, `labels.tags.1`.
/// The schema itself is for a whole validator to check.
pub fn check_named(schema: &Value, values: &Value) -> Vec<(String, &'static str)> {
    let mut problems = Vec::new();
    each_value(schema, values, &mut |path, schema, value| {
        let Some(field) = schema.get("ui:field").and_then(Value::as_str) else {
            return;
        };
        let mut told = |path: String, text: &str| {
            problems.extend(wrong(field, text).map(|problem| (path, problem)));
        };
        match value {
            Value::String(text) => told(path.to_owned(), text),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    told(
                        inside(path, &at.to_string()),
                        item.as_str().unwrap_or_default(),
                    );
                }
            }
            _ => {}
        }
    });
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_tags_are_what_entities_can_have() {
        let schema = json!({"properties": {
            "name": {"type": "string", "ui:field": "EntityNamePicker"},
            "more": {"type": "object", "properties": {
                "tags": {"type": "array", "items": {"type": "string"}, "ui:field": "EntityTagsPicker"},
            }},
            "plain": {"type": "string"},
        }});
        let good =
            json!({"name": "Payments_api.v2", "more": {"tags": ["c++", "a-b"]}, "plain": "-"});
        assert_eq!(check_named(&schema, &good), []);
        let wrong = json!({"name": "-payments", "more": {"tags": ["ok", "Not ok"]}});
        assert_eq!(
            check_named(&schema, &wrong),
            [("name".to_owned(), NAME), ("more.tags.1".to_owned(), TAG)]
        );
    }

    #[test]
    fn the_documentation_has_every_field() {
        let page = include_str!("../../../docs/innersource/templates-forms.md");
        for field in NAMED_FIELDS {
            assert!(page.contains(&format!("| `{field}` |")), "{field}");
        }
    }
}
