//! One event is one line, whatever is in it.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

/// Passes events on without what would end a line, or steer a terminal: errors are written as
/// they are, and what somebody sent may be in them. It takes an event a write, as the formatter
/// gives them.
pub(crate) struct OneLine<W> {
    to: W,
    /// Whether the formatter writes colours, which stay.
    colours: bool,
}

impl<W> OneLine<W> {
    pub(crate) fn new(to: W, colours: bool) -> Self {
        Self { to, colours }
    }
}

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        self.to
            .write_all(one_line(&text, self.colours).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// An event with its control characters written out; the end of the line stays.
fn one_line(event: &str, colours: bool) -> String {
    let (body, end) = match event.strip_suffix('\n') {
        Some(body) => (body, "\n"),
        None => (event, ""),
    };
    let mut line = String::with_capacity(event.len());
    let mut rest = body;
    while let Some(found) = rest.find(ends_or_steers) {
        let (before, from) = rest.split_at(found);
        line.push_str(before);
        let colour = if colours { colour(from) } else { 0 };
        if colour > 0 {
            line.push_str(&from[..colour]);
            rest = &from[colour..];
            continue;
        }
        let mut after = from.chars();
        if let Some(control) = after.next() {
            // Writing to a string cannot fail.
            let _ = write!(line, "{}", control.escape_default());
        }
        rest = after.as_str();
    }
    line.push_str(rest);
    line.push_str(end);
    line
}

/// Controls, the separators of lines and paragraphs, and what turns the direction of writing.
fn ends_or_steers(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How long the colour is that a text begins with; 0 when it begins with something else.
fn colour(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\x1b[") else {
        return 0;
    };
    let end = parameters.find(|it: char| !it.is_ascii_digit() && it != ';');
    match end {
        Some(end) if parameters[end..].starts_with('m') => "\x1b[".len() + end + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_sent_begins_a_line() {
        let mut written = Vec::new();
        let event =
            b"WARN error=no\n2026-01-01 INFO forged\r\x1b[2J\x07 \xe2\x80\xa8 \xc2\x9b \xff\n";
        let taken = OneLine::new(&mut written, false).write(event).unwrap();
        assert_eq!(taken, event.len());
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "WARN error=no\\n2026-01-01 INFO forged\\r\\u{1b}[2J\\u{7} \\u{2028} \\u{9b} \u{fffd}\n"
        );
    }

    #[test]
    fn colours_stay_and_nothing_else_that_steers() {
        let text = "\x1b[2m12:00\x1b[0m \x1b[1;33mWARN\x1b[0m \x1b[2Jé\x1b[31 \x1b\n";
        assert_eq!(
            one_line(text, true),
            "\x1b[2m12:00\x1b[0m \x1b[1;33mWARN\x1b[0m \\u{1b}[2Jé\\u{1b}[31 \\u{1b}\n"
        );
        assert_eq!(one_line("\x1b[31mred", false), "\\u{1b}[31mred");
    }
}
