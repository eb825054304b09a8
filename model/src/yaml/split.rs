//! Cutting a file into documents at its `---` and `...` lines.
//!
//! A marker at the start of a line ends a document wherever it stands, inside
//! quoted or block text too (YAML 1.2, chapter 9.1), so no parsing is needed.

/// The source of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// Line of the file on which `text` begins, from 1.
    pub first_line: usize,
    /// The document, after its `---` line unless that line carries content.
    pub text: &'a str,
}

/// The documents of a file in order, empty ones included.
pub fn split(text: &str) -> impl Iterator<Item = Chunk<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Splitter {
        text,
        at: 0,
        line: 1,
        open: Open::starting_at(0, 1),
    }
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    open: Open,
}

/// The document being collected.
#[derive(Clone, Copy)]
struct Open {
    start: usize,
    first_line: usize,
    /// A `---` line began it, so it is a document even when empty.
    explicit: bool,
    has_content: bool,
    has_directive: bool,
}

impl Open {
    fn starting_at(start: usize, first_line: usize) -> Self {
        Self {
            start,
            first_line,
            explicit: false,
            has_content: false,
            has_directive: false,
        }
    }

    fn is_document(self) -> bool {
        self.explicit || self.has_content || self.has_directive
    }

    /// Whether only comments and directives were seen, which lead into the next document.
    fn is_prefix(self) -> bool {
        !self.explicit && !self.has_content
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        while self.at < self.text.len() {
            let start = self.at;
            let rest = &self.text[start..];
            let line = rest.find('\n').map_or(rest, |end| &rest[..=end]);
            self.at += line.len();
            self.line += 1;
            let closed = if let Some(rest) = marker(line, "---") {
                self.start_document(start, rest)
            } else if marker(line, "...").is_some() {
                let closed = self.open;
                self.open = Open::starting_at(self.at, self.line);
                closed.is_document().then_some(closed)
            } else {
                note_line(&mut self.open, line);
                None
            };
            if let Some(closed) = closed {
                return Some(self.chunk(closed, start));
            }
        }
        let last = self.open;
        self.open = Open::starting_at(self.at, self.line);
        last.is_document()
            .then(|| self.chunk(last, self.text.len()))
    }
}

impl<'a> Splitter<'a> {
    /// Opens the document of a `---` line; answers with the one it closes.
    fn start_document(&mut self, line_start: usize, rest: &str) -> Option<Open> {
        let previous = self.open;
        let leads_in = previous.is_prefix();
        self.open = if leads_in && previous.has_directive {
            Open {
                has_content: true,
                ..previous
            }
        } else if is_blank_or_comment(rest) {
            Open::starting_at(self.at, self.line)
        } else {
            Open {
                has_content: true,
                ..Open::starting_at(line_start, self.line - 1)
            }
        };
        self.open.explicit = true;
        (!leads_in).then_some(previous)
    }

    fn chunk(&self, open: Open, end: usize) -> Chunk<'a> {
        Chunk {
            first_line: open.first_line,
            text: &self.text[open.start..end],
        }
    }
}

/// What follows a marker, when the line is one.
fn marker<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(marker)?;
    (rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])).then_some(rest)
}

fn note_line(open: &mut Open, line: &str) {
    if open.has_content {
        return;
    }
    if line.starts_with('%') && !open.explicit {
        open.has_directive = true;
    } else if !is_blank_or_comment(line) {
        open.has_content = true;
    }
}

fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(text: &str) -> Vec<(usize, &str)> {
        split(text)
            .map(|chunk| (chunk.first_line, chunk.text))
            .collect()
    }

    #[test]
    fn a_file_without_content_has_no_documents() {
        assert!(chunks("").is_empty());
        assert!(chunks("\n# only a comment\n").is_empty());
        assert!(chunks("# a\n...\n").is_empty());
    }

    #[test]
    fn markers_separate_documents() {
        assert_eq!(
            chunks("# top\n---\na: 1\n---\nb: 2"),
            [(3, "a: 1\n"), (5, "b: 2")]
        );
        assert_eq!(chunks("a: 1\n...\nb: 2\n"), [(1, "a: 1\n"), (3, "b: 2\n")]);
    }

    #[test]
    fn an_explicit_empty_document_is_a_document() {
        assert_eq!(chunks("---\n---\na\n"), [(2, ""), (3, "a\n")]);
    }

    #[test]
    fn a_marker_needs_space_after_it() {
        assert_eq!(chunks("a: 1\n---b: 2\n"), [(1, "a: 1\n---b: 2\n")]);
    }

    #[test]
    fn windows_line_ends_and_byte_order_marks_are_fine() {
        assert_eq!(
            chunks("\u{feff}a: 1\r\n---\r\nb: 2\r\n"),
            [(1, "a: 1\r\n"), (3, "b: 2\r\n")]
        );
    }
}
