//! From text to a tree: Nunjucks 3.2.4's lexer and parser.

mod expression;
mod flat;
mod lexer;
mod operand;
mod raw;
mod statement;
mod token;
mod tokens;

use crate::{ast::Node, error::Result, syntax::Syntax};

/// Parses a whole template.
pub(crate) fn parse(source: &str, syntax: &Syntax) -> Result<Vec<Node>> {
    let mut parser = Parser {
        tokens: tokens::Tokens::new(lexer::Lexer::new(source, *syntax)),
        drop_leading_blanks: false,
        depth: 0,
    };
    let nodes = parser.nodes(&[])?;
    match parser.tokens.next()? {
        None => Ok(nodes),
        Some(token) => Err(Parser::unexpected(&token)),
    }
}

struct Parser<'s> {
    tokens: tokens::Tokens<'s>,
    /// The last tag ended with `-%}`: what follows loses its leading blanks.
    drop_leading_blanks: bool,
    depth: usize,
}
