//! JSON pointers (RFC 6901): the path to a value inside a document.

use std::borrow::Cow;

/// A field name as it is written inside a pointer.
pub fn escape(field: &str) -> Cow<'_, str> {
    if field.contains(['~', '/']) {
        Cow::Owned(field.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(field)
    }
}

/// The pointer of a field of the value that `parent` points to.
pub fn join(parent: &str, field: &str) -> String {
    format!("{parent}/{}", escape(field))
}

/// The field names of a pointer; none for the whole document (`""`).
pub fn tokens(pointer: &str) -> Vec<Cow<'_, str>> {
    pointer
        .split('/')
        .skip(1)
        .map(|token| {
            if token.contains('~') {
                Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(token)
            }
        })
        .collect()
}

/// The path as people write it: `/spec/steps/0/action` is `spec.steps[0].action`.
pub fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for token in tokens(pointer) {
        if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push('[');
            path.push_str(&token);
            path.push(']');
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&token);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_survive() {
        let pointer = join(&join("", "annotations"), "a/b~1c");
        assert_eq!(pointer, "/annotations/a~1b~01c");
        assert_eq!(tokens(&pointer), ["annotations", "a/b~1c"]);
        assert!(tokens("").is_empty());
    }

    #[test]
    fn paths_are_readable() {
        assert_eq!(dotted("/spec/steps/0/action"), "spec.steps[0].action");
        assert_eq!(dotted("/metadata/labels/a.b~1c"), "metadata.labels.a.b/c");
    }
}
