//! The fields every entity has.

use serde_json::{Map, Value};

use super::{
    Violation, near,
    shape::{Fields, Shape, check_fields},
};
use crate::pointer;

/// The only fields a document may have. `relations` and `status` are the
/// catalog's to write.
const ROOT_FIELDS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

const ENVELOPE: Fields = Fields {
    required: &["apiVersion", "kind", "metadata"],
    known: &[
        ("apiVersion", Shape::Text),
        ("kind", Shape::Text),
        ("metadata", Shape::Object(&METADATA)),
        ("spec", Shape::Object(&Fields::ANY)),
    ],
    others: None,
};

const METADATA: Fields = Fields {
    required: &["name"],
    known: &[
        ("uid", Shape::Text),
        ("etag", Shape::Text),
        ("name", Shape::Text),
        ("namespace", Shape::Text),
        ("title", Shape::Text),
        ("description", Shape::AnyText),
        ("labels", TEXT_MAP),
        ("annotations", TEXT_MAP),
        ("tags", Shape::TEXTS),
        (
            "links",
            Shape::List {
                of: &LINK,
                at_least: 0,
            },
        ),
    ],
    others: None,
};

const TEXT_MAP: Shape = Shape::Object(&Fields {
    required: &[],
    known: &[],
    others: Some(&Shape::AnyText),
});

const LINK: Shape = Shape::Object(&Fields {
    required: &["url"],
    known: &[
        ("url", Shape::Text),
        ("title", Shape::Text),
        ("icon", Shape::Text),
        ("type", Shape::Text),
    ],
    others: None,
});

/// Checks the types of the common fields, and that there are no others.
pub(super) fn check(object: &Map<String, Value>, violations: &mut Vec<Violation>) {
    check_fields(&ENVELOPE, object, "", violations);
    for field in object.keys() {
        let at = pointer::join("", field);
        let said = violations.iter().any(|violation| violation.pointer == at);
        if !said && !ROOT_FIELDS.contains(&field.as_str()) {
            violations.push(foreign(field, &at));
        }
    }
}

fn foreign(field: &str, at: &str) -> Violation {
    let message = format!("unknown field `{field}` at the top level");
    let hint = if matches!(field, "relations" | "status") {
        format!("the catalog writes `{field}` itself; remove it")
    } else if let Some(meant) = near::closest(field, ROOT_FIELDS) {
        format!("did you mean `{meant}`?")
    } else {
        format!(
            "only {} belong here; move it into `spec` or `metadata`",
            near::list(&ROOT_FIELDS)
        )
    };
    Violation::key(at, message, Some(hint))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(document: &Value) -> Vec<String> {
        let mut violations = Vec::new();
        check(document.as_object().unwrap(), &mut violations);
        violations
            .into_iter()
            .map(|violation| violation.pointer)
            .collect()
    }

    #[test]
    fn the_least_entity_passes() {
        assert!(
            wrong(&json!({"apiVersion": "a/b", "kind": "K", "metadata": {"name": "n"}})).is_empty()
        );
    }

    #[test]
    fn types_are_checked() {
        let metadata = json!({
            "name": 5, "namespace": null, "labels": {"a": 1}, "annotations": [],
            "tags": ["", "x"], "links": [{"title": "t"}, {"url": ""}], "other": [1]
        });
        assert_eq!(
            wrong(&json!({"kind": "", "metadata": metadata, "spec": "x"})),
            [
                "/apiVersion",
                "/kind",
                "/metadata/name",
                "/metadata/namespace",
                "/metadata/labels/a",
                "/metadata/annotations",
                "/metadata/tags/0",
                "/metadata/links/0/url",
                "/metadata/links/1/url",
                "/spec",
            ]
        );
    }

    #[test]
    fn foreign_fields_are_refused_once() {
        let mut document =
            json!({"apiVersion": "a/b", "kind": "K", "metadata": {"name": "n"}, "relations": []});
        assert_eq!(wrong(&document), ["/relations"]);
        document.as_object_mut().unwrap().remove("relations");
        document["Metadata"] = document
            .as_object_mut()
            .unwrap()
            .remove("metadata")
            .unwrap();
        assert_eq!(wrong(&document), ["/Metadata"]);
    }
}
