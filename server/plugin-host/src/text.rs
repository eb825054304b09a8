//! Text from a guest, made fit to be shown: in a terminal, a log or a page.

/// One line without control, escape and direction characters, at most `max` bytes.
pub(crate) fn line(text: &str, max: usize) -> String {
    clean(
        text,
        max,
        |it| if it == '\n' || it == '\t' { ' ' } else { it },
    )
}

/// Several lines without control, escape and direction characters, at most `max` bytes.
pub(crate) fn paragraph(text: &str, max: usize) -> String {
    clean(text, max, |it| it)
}

fn clean(text: &str, max: usize, space: impl Fn(char) -> char) -> String {
    // Whatever is cut off later need not be read: removing makes nothing longer.
    let scanned = &text[..text.floor_char_boundary(max.saturating_mul(4))];
    let mut clean: String = anstream::adapter::strip_str(scanned)
        .to_string()
        .chars()
        .map(space)
        .filter(|it| !is_deceptive(*it))
        .collect();
    if clean.len() > max || scanned.len() < text.len() {
        clean.truncate(clean.floor_char_boundary(max.saturating_sub('…'.len_utf8())));
        clean.push('…');
    }
    clean
}

/// Controls of terminals, and characters that reorder or hide what is around them.
fn is_deceptive(it: char) -> bool {
    (it.is_control() && it != '\n' && it != '\t')
        || matches!(it,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_and_plain() {
        assert_eq!(
            line("\u{1b}[31mred\u{1b}[0m\r\nINFO fake", 100),
            "red INFO fake"
        );
        assert_eq!(
            line("a\u{202e}b\u{2066}c\u{200b}d\u{0}e\u{9b}f", 100),
            "abcdef"
        );
        assert_eq!(line("Grüße, 世界", 100), "Grüße, 世界");
        assert_eq!(paragraph("one\n\ttwo\u{7}", 100), "one\n\ttwo");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let cut = line(&"ü".repeat(1000), 100);
        assert!(cut.len() <= 100 && cut.ends_with('…'), "{cut}");
        assert_eq!(line(&"\u{1b}[0m".repeat(1_000_000), 10), "…");
    }
}
