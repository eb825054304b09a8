//! Texts that people read, from authors nobody knows.

/// What is wrong with a text of at most `limit` bytes, if anything.
///
/// Characters that move the cursor, colour a terminal or turn the reading direction around would
/// let a text look like something else; `multiline` texts may have line ends and tabs.
pub(crate) fn problem(text: &str, limit: usize, multiline: bool) -> Option<String> {
    if text.trim().is_empty() {
        return Some("is empty".to_owned());
    }
    if text.len() > limit {
        return Some(format!(
            "has {} bytes; at most {limit} are allowed",
            text.len()
        ));
    }
    let odd = text.chars().find(|&char| {
        let layout = multiline && matches!(char, '\n' | '\r' | '\t');
        (char.is_control() && !layout) || is_invisible(char)
    })?;
    Some(format!(
        "has the character {}, which people cannot see",
        odd.escape_unicode()
    ))
}

/// Characters without a shape of their own that change how others are read.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_for_people_only() {
        assert_eq!(problem("Adds a cache — für alle", 100, false), None);
        assert_eq!(problem("# Title\n\n\ttext", 100, true), None);
        for text in [
            "",
            "  ",
            "a\nb",
            "\u{1b}[31mred",
            "\u{202e}gnp.exe",
            "a\u{200b}b",
        ] {
            assert!(problem(text, 100, false).is_some(), "{text:?}");
        }
        assert!(problem("four", 3, false).unwrap().contains("at most 3"));
    }
}
