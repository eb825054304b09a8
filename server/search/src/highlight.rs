//! Marking in a text why it was found.

use std::ops::Range;

use crate::{
    query::TermQuery,
    tokens::{fold, parts, words},
};

/// Puts `pre` and `post` around each part of `text` that a word of `term`
/// matches; `None` when there is none. Escaping is the caller's.
pub fn highlight(text: &str, term: &str, pre: &str, post: &str) -> Option<String> {
    let query = TermQuery::parse(term);
    let mut marked = String::new();
    let mut done = 0;
    for word in words(text) {
        let whole = std::iter::once(0..word.len());
        for part in whole.chain(parts(&text[word.clone()])) {
            let part = word.start + part.start..word.start + part.end;
            if part.start < done && done > 0 {
                continue;
            }
            let Some(hit) = longest_match(text, part, &query) else {
                continue;
            };
            marked.push_str(&text[done..hit.start]);
            marked.push_str(pre);
            marked.push_str(&text[hit.clone()]);
            marked.push_str(post);
            done = hit.end;
        }
    }
    (done > 0).then(|| marked + &text[done..])
}

/// The part of a word that the longest matching prefix covers.
fn longest_match(text: &str, word: Range<usize>, query: &TermQuery) -> Option<Range<usize>> {
    let folded = fold(&text[word.clone()]);
    let matching = query.prefixes().filter(|prefix| folded.starts_with(prefix));
    let longest = matching.map(str::len).max()?;
    let mut covered = 0;
    let mut letters = text[word.clone()].char_indices();
    // Letters that fold to nothing belong to the letter before them.
    let end = letters.find_map(|(at, letter)| {
        let len = fold(letter.encode_utf8(&mut [0; 4])).len();
        let past = covered >= longest && len > 0;
        covered += len;
        past.then_some(word.start + at)
    });
    Some(word.start..end.unwrap_or(word.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, term: &str) -> Option<String> {
        highlight(text, term, "[", "]")
    }

    #[test]
    fn marks_what_each_word_of_the_term_matches() {
        assert_eq!(
            marked("Orders API for orders", "ord").as_deref(),
            Some("[Ord]ers API for [ord]ers")
        );
        assert_eq!(
            marked("team-orders", "Team-Or").as_deref(),
            Some("[team]-[or]ders")
        );
        assert_eq!(
            marked("OrdersService", "serv orders").as_deref(),
            Some("[Orders][Serv]ice")
        );
        assert_eq!(marked("preorders", "orders"), None);
        assert_eq!(marked("orders", "-"), None);
    }

    #[test]
    fn marks_letters_with_diacritics_whole() {
        assert_eq!(marked("Ångström", "angst").as_deref(), Some("[Ångst]röm"));
        assert_eq!(
            marked("cafe\u{301}s", "cafe").as_deref(),
            Some("[cafe\u{301}]s")
        );
        assert_eq!(marked("☕ naïve", "NAIVE").as_deref(), Some("☕ [naïve]"));
    }
}
