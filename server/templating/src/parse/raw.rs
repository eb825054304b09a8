//! `{% raw %}` and `{% verbatim %}`: text that stands for itself.

use super::{Parser, token::Kind};
use crate::{
    ast::Node,
    error::{Problem, Result},
    syntax::{BLOCK_END, BLOCK_START},
};

impl Parser<'_> {
    /// The text up to the end tag, behind the start tag. The same tags inside it nest, when
    /// they are written without `-`.
    pub(super) fn raw(&mut self, tag: &'static str) -> Result<Node> {
        let line = self.tokens.line();
        match self.tokens.next()?.map(|token| token.kind) {
            Some(Kind::BlockEnd { trim }) => self.drop_leading_blanks = trim,
            _ => return Err(Problem::syntax(format!("\"{tag}\" takes nothing; add %}}")).at(line)),
        }
        let lexer = self.tokens.lexer();
        let text = lexer.rest();
        let mut open = 1;
        let mut from = 0;
        while let Some(at) = text[from..].find(BLOCK_START).map(|at| from + at) {
            from = at + BLOCK_START.len();
            let Some((is_end, length)) = marker(&text[from..], tag) else {
                continue;
            };
            from += length;
            if is_end {
                open -= 1;
            } else {
                open += 1;
            }
            if open == 0 {
                lexer.skip_data(from);
                return Ok(Node::Text(text[..at].into()));
            }
        }
        Err(Problem::syntax(format!("\"{tag}\" does not end; add {{% end{tag} %}}")).at(line))
    }
}

/// Whether `raw %}` or `endraw %}` stands here: which one, and its length.
fn marker(text: &str, tag: &str) -> Option<(bool, usize)> {
    let inner = text.trim_start();
    let (is_end, inner) = match inner
        .strip_prefix("end")
        .and_then(|it| it.strip_prefix(tag))
    {
        Some(rest) => (true, rest),
        None => (false, inner.strip_prefix(tag)?),
    };
    let after = inner.trim_start().strip_prefix(BLOCK_END)?;
    Some((is_end, text.len() - after.len()))
}
