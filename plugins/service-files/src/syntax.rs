//! Where the declarations of a Bicep file are: as much of the language as one needs to add to one.

use std::ops::Range;

/// A declaration on the outermost level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration<'a> {
    /// `param`, `var`, `resource`, `module`, `output`, …
    pub keyword: &'a str,
    /// Its symbol.
    pub symbol: &'a str,
    /// The declaration, from its keyword to its end.
    pub text: &'a str,
    /// Where that is in the file, in bytes.
    pub range: Range<usize>,
}

impl Declaration<'_> {
    /// Whether it is a resource of a type such as `Microsoft.Cache/redis`, of any version.
    pub fn is_resource(&self, kind: &str) -> bool {
        let found = self
            .text
            .split('\'')
            .nth(1)
            .and_then(|name| name.split('@').next());
        self.keyword == "resource" && found.is_some_and(|found| found.eq_ignore_ascii_case(kind))
    }
}

/// The declarations of a file, in their order.
pub fn declarations(text: &str) -> Vec<Declaration<'_>> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut depth = 0_usize;
    for (range, token) in Tokens::of(text) {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::LineEnd if depth == 0 => {
                if let Some(start) = start.take() {
                    found.extend(declaration(text, start..range.start));
                }
                continue;
            }
            Token::LineEnd | Token::Comment => continue,
            Token::Other => {}
        }
        start.get_or_insert(range.start);
    }
    if let Some(start) = start {
        found.extend(declaration(text, start..text.len()));
    }
    found
}

fn declaration(text: &str, range: Range<usize>) -> Option<Declaration<'_>> {
    let text = text.get(range.clone())?;
    let mut words = text.split_whitespace();
    let (keyword, symbol) = (words.next()?, words.next()?);
    // A decorator is a line of its own, or stands before its declaration's keyword.
    (!keyword.starts_with('@')).then_some(Declaration {
        keyword,
        symbol,
        text,
        range,
    })
}

enum Token {
    Open,
    Close,
    LineEnd,
    Comment,
    Other,
}

/// Splits a file so that brackets and line ends in strings and comments do not count.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The bytes up to and with the end mark, or all that is left.
    fn until(rest: &str, skip: usize, end: &str) -> usize {
        let body = rest.get(skip..).unwrap_or_default();
        body.find(end)
            .map_or(rest.len(), |at| skip + at + end.len())
    }

    /// The bytes of a string in single quotes; a quote after a backslash does not end it.
    fn string(rest: &str) -> usize {
        let mut escaped = false;
        for (at, char) in rest.char_indices().skip(1) {
            match char {
                '\\' if !escaped => escaped = true,
                '\'' if !escaped => return at + 1,
                '\n' => return at,
                _ => escaped = false,
            }
        }
        rest.len()
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Range<usize>, Token);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let rest_trimmed = rest.trim_start_matches([' ', '\t', '\r']);
        self.at += rest.len() - rest_trimmed.len();
        let rest = rest_trimmed;
        let first = rest.chars().next()?;
        let (length, token) = match first {
            _ if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Token::Comment),
            _ if rest.starts_with("/*") => (Self::until(rest, 2, "*/"), Token::Comment),
            _ if rest.starts_with("'''") => (Self::until(rest, 3, "'''"), Token::Other),
            '\'' => (Self::string(rest), Token::Other),
            '\n' => (1, Token::LineEnd),
            '{' | '[' | '(' => (1, Token::Open),
            '}' | ']' | ')' => (1, Token::Close),
            _ => (first.len_utf8(), Token::Other),
        };
        let start = self.at;
        self.at += length;
        Some((start..self.at, token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found() {
        let text = "\
// resource no 'Microsoft.Cache/redis@1' = {}
/* param no string
*/
@description('The place: }')
param location string = resourceGroup().location

var text = '''
resource no 'x' = {
'''
var quote = 'it\\'s { open'
resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'web'
  properties: { a: [ 1 ] }
}
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'v' }";
        let found = declarations(text);
        let symbols: Vec<_> = found
            .iter()
            .map(|each| (each.keyword, each.symbol))
            .collect();
        assert_eq!(
            symbols,
            [
                ("param", "location"),
                ("var", "text"),
                ("var", "quote"),
                ("resource", "web"),
                ("resource", "vault")
            ]
        );
        assert!(found[3].is_resource("microsoft.web/sites") && found[3].text.ends_with('}'));
        assert!(!found[3].is_resource("Microsoft.Web") && !found[0].is_resource("x"));
    }

    #[test]
    fn broken_files_have_an_end() {
        for text in [
            "",
            "'",
            "'''",
            "/*",
            "resource a {",
            "}}}",
            "param ü string = 'ö\n",
        ] {
            let _ = declarations(text);
        }
    }
}
