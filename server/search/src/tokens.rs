//! Cutting text into words, and folding them to the form that is compared.

use std::{borrow::Cow, ops::Range};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The form in which texts are compared: lower case, without diacritics.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        let plain = text.nfd().filter(|&letter| !is_combining_mark(letter));
        return Cow::Owned(plain.flat_map(char::to_lowercase).collect());
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Borrowed(text)
}

/// Where the words of a text are: runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(in_word)?;
        let len = text[start..].find(|letter| !in_word(letter));
        from = len.map_or(text.len(), |len| start + len);
        Some(start..from)
    })
}

/// Where the parts of a `CamelCase` word are; one part for any other word.
pub(crate) fn parts(word: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from;
        let rest = &word[start..];
        let mut letters = rest.char_indices().peekable();
        let (_, mut before) = letters.next()?;
        while let Some((at, letter)) = letters.next() {
            let lower_follows = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
            if letter.is_uppercase() && (!before.is_uppercase() || lower_follows) {
                from = start + at;
                return Some(start..from);
            }
            before = letter;
        }
        from = word.len();
        Some(start..from)
    })
}

fn in_word(letter: char) -> bool {
    letter.is_alphanumeric() || (!letter.is_ascii() && is_combining_mark(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<&str> {
        ranges.map(|range| &text[range]).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        let text = "Handles ordérs — (v2), c++/net_core";
        assert_eq!(
            cut(text, words(text)),
            ["Handles", "ordérs", "v2", "c", "net", "core"]
        );
        assert_eq!(cut("--", words("--")), [] as [&str; 0]);
    }

    #[test]
    fn camel_case_falls_into_parts() {
        for (word, expected) in [
            ("OrdersService", &["Orders", "Service"][..]),
            ("HTTPServer2", &["HTTP", "Server2"]),
            ("orders", &["orders"]),
            ("API", &["API"]),
            ("ÅrsRapport", &["Års", "Rapport"]),
        ] {
            assert_eq!(cut(word, parts(word)), expected);
        }
    }

    #[test]
    fn folding_drops_case_and_diacritics() {
        assert_eq!(fold("Ångström"), "angstrom");
        assert_eq!(fold("ORDERS"), "orders");
        assert_eq!(fold("cafe\u{301}"), "cafe");
    }
}
