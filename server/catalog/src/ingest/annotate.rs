//! The annotations that say where an entity comes from.

use portico_model::{Entity, annotations};
use serde_json::{Map, Value};

use super::SourceContext;

/// What stands in for a link that could run code in the reader's browser.
const REJECTED: &str = "https://backstage.io/annotation-rejected-for-security-reasons";

/// Adds the location annotations; what the author wrote wins for the links.
pub(super) fn annotate(entity: &mut Entity, context: &SourceContext) {
    let Some(metadata) = entity
        .as_object_mut()
        .get_mut("metadata")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let Some(map) = metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
    else {
        return;
    };
    map.insert(
        annotations::MANAGED_BY_LOCATION.to_owned(),
        context.label().into(),
    );
    map.insert(
        annotations::MANAGED_BY_ORIGIN_LOCATION.to_owned(),
        context.origin.clone().into(),
    );
    if context.key.kind == "url" {
        let links = portico_sources::links(&context.key.target);
        let mut add = |key: &str, value: Option<String>| {
            if let Some(value) = value
                && !map.contains_key(key)
            {
                map.insert(key.to_owned(), value.into());
            }
        };
        add(annotations::VIEW_URL, Some(context.key.target.clone()));
        add(annotations::EDIT_URL, links.edit);
        add(
            annotations::SOURCE_LOCATION,
            links.folder.map(|folder| format!("url:{folder}")),
        );
    }
    for key in [annotations::VIEW_URL, annotations::EDIT_URL] {
        if let Some(Value::String(link)) = map.get_mut(key)
            && runs_code(link)
        {
            REJECTED.clone_into(link);
        }
    }
}

/// Whether a browser would run this link as code: it drops control characters and
/// leading space before it looks at the scheme, so we do too.
fn runs_code(link: &str) -> bool {
    let scheme: String = link
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .take("javascript:".len())
        .collect();
    scheme.eq_ignore_ascii_case("javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_through_disguised_schemes() {
        assert!(runs_code("javascript:alert(1)"));
        assert!(runs_code(" \u{1}Java\tScript:alert(1)"));
        assert!(!runs_code("https://example.com/javascript:"));
    }
}
