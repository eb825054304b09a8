//! The range of texts that begin with a prefix.

use std::ops::Bound;

/// Bounds between which exactly the texts lie that begin with `prefix`.
pub(crate) fn range_of<K>(prefix: &str, key: impl Fn(&str) -> K) -> (Bound<K>, Bound<K>) {
    let end = successor(prefix).map_or(Bound::Unbounded, |next| Bound::Excluded(key(&next)));
    (Bound::Included(key(prefix)), end)
}

/// The first text after all that begin with `prefix`, if there is one.
fn successor(prefix: &str) -> Option<String> {
    let mut rest = prefix.to_owned();
    while let Some(last) = rest.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            rest.push(next);
            return Some(rest);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_is_the_next_text_that_does_not_begin_so() {
        assert_eq!(successor("ab").as_deref(), Some("ac"));
        assert_eq!(successor("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10ffff}"), None);
        assert_eq!(successor(""), None);
    }
}
