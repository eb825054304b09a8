//! Suggestions: the word that was probably meant, and lists of words.

/// For a value that holds template syntax.
pub(super) const NOT_RENDERED: &str =
    "this looks like a template that was not rendered; a skeleton is not a catalog file";

/// The candidate that is a slip of the finger away, if there is one.
pub(super) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = if word.chars().count() < 5 { 1 } else { 2 };
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``
pub(super) fn list(words: &[&str]) -> String {
    join(words, "and")
}

/// `` `a`, `b` or `c` ``
pub(super) fn choice(words: &[&str]) -> String {
    join(words, "or")
}

/// A text short enough for a message.
pub(super) fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(MOST).collect();
    if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    }
}

fn join(words: &[&str], last: &str) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, start)) => format!("{} {last} {end}", start.join(", ")),
        None => String::new(),
    }
}

/// Changes between two words, ignoring case. Two swapped letters are one change.
fn distance(left: &str, right: &str) -> usize {
    if left.len().abs_diff(right.len()) > 8 {
        return usize::MAX;
    }
    strsim::osa_distance(&left.to_lowercase(), &right.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized_and_other_words_are_not() {
        let fields = ["owner", "lifecycle", "type"];
        assert_eq!(closest("onwer", fields), Some("owner"));
        assert_eq!(closest("Lifecycle", fields), Some("lifecycle"));
        assert_eq!(closest("typ", fields), Some("type"));
        assert_eq!(closest("system", fields), None);
        assert_eq!(closest("tap", fields), None);
    }

    #[test]
    fn words_are_listed_as_in_a_sentence() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(choice(&["a", "b", "c"]), "`a`, `b` or `c`");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shorten("short"), "short");
        assert_eq!(shorten("first\nsecond"), "first…");
        assert_eq!(shorten(&"ö".repeat(200)).chars().count(), 81);
    }
}
