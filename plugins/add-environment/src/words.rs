//! Replacing whole words.

/// A text in which one word stands for another; `dev` is no word of `develop`.
pub(crate) fn replace_word(text: &str, word: &str, with: &str) -> String {
    let inside = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let after = found.get(word.len()..).unwrap_or_default();
        result.push_str(before);
        let whole = !inside(result.chars().next_back()) && !inside(after.chars().next());
        result.push_str(if whole { with } else { word });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::replace_word;

    #[test]
    fn only_whole_words() {
        let text = "dev rg-orders-dev develop dev_x predev 'dev'.";
        let found = replace_word(text, "dev", "test");
        assert_eq!(found, "test rg-orders-test develop dev_x predev 'test'.");
    }
}
