//! The word that was probably meant.

/// The nearest of some words, when it is near enough to be a slip.
pub(crate) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let most = match word.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    among
        .into_iter()
        .map(|it| {
            (
                strsim::osa_distance(&word.to_lowercase(), &it.to_lowercase()),
                it,
            )
        })
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, it)| it.to_owned())
}

/// `; did you mean "…"?`, or nothing.
pub(crate) fn did_you_mean(suggestion: Option<&str>) -> String {
    match suggestion {
        Some(word) => format!("; did you mean \"{word}\"?"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slips_are_suggested() {
        let filters = ["upper", "lower", "parseRepoUrl", "d", "e"];
        assert_eq!(nearest("uper", filters).as_deref(), Some("upper"));
        assert_eq!(
            nearest("parseRepoURL", filters).as_deref(),
            Some("parseRepoUrl")
        );
        assert_eq!(nearest("parserepo", filters), None);
        assert_eq!(nearest("x", filters), None);
    }
}
