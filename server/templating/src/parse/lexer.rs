//! The lexer: text to tokens (Nunjucks' `lexer.js`).

use super::token::{Kind, Token};
use crate::{
    error::{Problem, Result},
    syntax::{BLOCK_END, BLOCK_START, COMMENT_END, COMMENT_START, Syntax},
};

/// Inside tags these, and no others, are blanks.
const BLANKS: [char; 5] = [' ', '\n', '\t', '\r', '\u{a0}'];
/// These end a word. Longer ones first, so that `===` is not taken for `==`.
const MARKS: [&str; 29] = [
    "===", "!==", "==", "!=", "<=", ">=", "//", "**", "(", ")", "[", "]", "{", "}", "%", "*", "-",
    "+", "~", "/", "#", ",", ":", "|", ".", "<", ">", "=", "!",
];

pub(super) struct Lexer<'s> {
    source: &'s str,
    syntax: Syntax,
    position: usize,
    line: usize,
    in_code: bool,
    /// `{` that are open inside a tag, so that `}}` may close two of them.
    open_braces: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str, syntax: Syntax) -> Self {
        Self {
            source,
            syntax,
            position: 0,
            line: 1,
            in_code: false,
            open_braces: 0,
        }
    }

    /// The line that is read next, from 1.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.position..]
    }

    /// Goes on behind so many bytes, outside of tags.
    pub(super) fn skip_data(&mut self, bytes: usize) {
        self.advance(bytes);
        self.in_code = false;
    }

    /// The next token, `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token>> {
        if !self.in_code {
            return self.data();
        }
        let blanks = self.rest().len() - self.rest().trim_start_matches(BLANKS).len();
        self.advance(blanks);
        if self.rest().is_empty() {
            return Ok(None);
        }
        let line = self.line;
        self.code().map(|kind| Some(Token { kind, line }))
    }

    fn advance(&mut self, bytes: usize) {
        let passed = &self.source[self.position..self.position + bytes];
        self.line += passed.bytes().filter(|&byte| byte == b'\n').count();
        self.position += bytes;
    }

    /// Whether the text goes on so; if it does, goes behind it.
    fn take(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        if there {
            self.advance(text.len());
        }
        there
    }

    fn data(&mut self) -> Result<Option<Token>> {
        let line = self.line;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let start = if self.take(BLOCK_START) {
            let trim = self.take("-");
            Some(Kind::BlockStart { trim })
        } else if self.take(self.syntax.variable_start) {
            let trim = self.take("-");
            Some(Kind::VariableStart { trim })
        } else {
            None
        };
        if let Some(kind) = start {
            self.in_code = true;
            self.open_braces = 0;
            return Ok(Some(Token { kind, line }));
        }
        if self.rest().starts_with(COMMENT_START) {
            return self.comment().map(|kind| Some(Token { kind, line }));
        }
        let rest = self.rest();
        let marks = [
            BLOCK_START,
            self.syntax.variable_start,
            COMMENT_START,
            COMMENT_END,
        ];
        let end = marks.iter().filter_map(|mark| rest.find(mark)).min();
        let mut text = &rest[..end.unwrap_or(rest.len())];
        let after = &rest[text.len()..];
        if after.starts_with(COMMENT_END) {
            self.advance(text.len());
            return Err(Problem::syntax("\"#}\" ends a comment that was not begun").at(self.line));
        }
        let line_start = self.source[..self.position + text.len()]
            .rfind('\n')
            .map_or(0, |it| it + 1);
        self.advance(text.len());
        if self.syntax.lstrip_blocks && after.starts_with(BLOCK_START) && line_start < self.position
        {
            let blanks = &self.source[line_start..self.position];
            // A tag earlier on this line is no blank, and then the text is shorter than the line.
            if blanks.len() <= text.len() && blanks.trim().is_empty() {
                text = &text[..text.len() - blanks.len()];
                if text.is_empty() {
                    return self.data();
                }
            }
        }
        let kind = Kind::Data(text.to_owned());
        Ok(Some(Token { kind, line }))
    }

    fn comment(&mut self) -> Result<Kind> {
        let rest = self.rest();
        let Some(end) = rest.find(COMMENT_END) else {
            return Err(Problem::syntax("the comment does not end; add \"#}\"").at(self.line));
        };
        let inside = rest.get(COMMENT_START.len()..end).unwrap_or_default();
        self.advance(end + COMMENT_END.len());
        Ok(Kind::Comment {
            trim_before: inside.starts_with('-'),
            trim_after: inside.ends_with('-'),
        })
    }

    fn code(&mut self) -> Result<Kind> {
        if let Some(kind) = self.end_of_code() {
            return Ok(kind);
        }
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|it| matches!(it, '"' | '\'')) {
            return self.text(quote);
        }
        if rest.starts_with("r/") {
            return self.regex();
        }
        if let Some(mark) = MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
            self.advance(mark.len());
            match mark {
                "{" => self.open_braces += 1,
                "}" => self.open_braces = self.open_braces.saturating_sub(1),
                _ => {}
            }
            return Ok(Kind::Mark(mark));
        }
        let ends = |char: char| BLANKS.contains(&char) || "()[]{}%*-+~/#,:|.<>=!".contains(char);
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.advance(word.len());
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Kind::Number(self.number(word)));
        }
        Ok(match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "none" | "null" => Kind::None,
            _ => Kind::Name(word.to_owned()),
        })
    }

    fn end_of_code(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let (trim, unsigned) = match rest.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, rest),
        };
        let kind = if unsigned.starts_with(BLOCK_END) {
            Kind::BlockEnd { trim }
        } else if unsigned.starts_with(self.syntax.variable_end) && self.open_braces == 0 {
            Kind::VariableEnd { trim }
        } else {
            return None;
        };
        self.advance(usize::from(trim) + 2);
        self.in_code = false;
        if self.syntax.trim_blocks && matches!(kind, Kind::BlockEnd { .. }) {
            let _ = self.take("\n") || self.take("\r\n");
        }
        Some(kind)
    }

    fn number(&mut self, word: &str) -> f64 {
        let mut text = word.to_owned();
        if self.take(".") {
            let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
            text = format!("{word}.{}", &self.rest()[..digits]);
            self.advance(digits);
        }
        text.parse().unwrap_or(f64::NAN)
    }

    /// A text in quotes. Three escapes mean something; before others the `\` is dropped.
    fn text(&mut self, quote: char) -> Result<Kind> {
        let line = self.line;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, char)) = chars.next() {
            match char {
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                _ if char == quote => {
                    self.advance(at + 1);
                    return Ok(Kind::Text(text));
                }
                _ => text.push(char),
            }
        }
        Err(Problem::syntax(format!("a text does not end; add {quote}")).at(line))
    }

    fn regex(&mut self) -> Result<Kind> {
        let body = &self.rest()[2..];
        let mut ends = body.match_indices('/').map(|(at, _)| at);
        let Some(end) = ends.find(|&at| !body[..at].ends_with('\\')) else {
            return Err(
                Problem::syntax("a regular expression does not end; add \"/\"").at(self.line),
            );
        };
        let source = body[..end].to_owned();
        let flags: String = body[end + 1..]
            .chars()
            .take_while(|flag| "gimy".contains(*flag))
            .collect();
        self.advance(2 + end + 1 + flags.len());
        Ok(Kind::Regex { source, flags })
    }
}
