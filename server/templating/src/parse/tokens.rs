//! Tokens with one look ahead, and tokens put back.

use super::{
    lexer::Lexer,
    token::{Kind, Token},
};
use crate::error::Result;

pub(super) struct Tokens<'s> {
    lexer: Lexer<'s>,
    returned: Vec<Token>,
}

impl<'s> Tokens<'s> {
    pub(super) fn new(lexer: Lexer<'s>) -> Self {
        Self {
            lexer,
            returned: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Token>> {
        match self.returned.pop() {
            Some(token) => Ok(Some(token)),
            None => self.lexer.next(),
        }
    }

    pub(super) fn peek(&mut self) -> Result<Option<&Kind>> {
        if self.returned.is_empty()
            && let Some(token) = self.lexer.next()?
        {
            self.returned.push(token);
        }
        Ok(self.returned.last().map(|token| &token.kind))
    }

    pub(super) fn put_back(&mut self, token: Token) {
        self.returned.push(token);
    }

    /// The line of the next token.
    pub(super) fn line(&self) -> usize {
        let next = self.returned.last();
        next.map_or_else(|| self.lexer.line(), |token| token.line)
    }

    /// Takes the next token if it is this mark.
    pub(super) fn skip(&mut self, mark: &str) -> Result<bool> {
        let found = matches!(self.peek()?, Some(Kind::Mark(it)) if *it == mark);
        if found {
            self.returned.pop();
        }
        Ok(found)
    }

    /// Takes the next token if it is this word.
    pub(super) fn skip_name(&mut self, name: &str) -> Result<bool> {
        let found = matches!(self.peek()?, Some(Kind::Name(it)) if it == name);
        if found {
            self.returned.pop();
        }
        Ok(found)
    }

    /// The lexer, for what is not made of tokens. Nothing may have been looked at ahead.
    pub(super) fn lexer(&mut self) -> &mut Lexer<'s> {
        debug_assert!(self.returned.is_empty(), "tokens were looked at ahead");
        &mut self.lexer
    }
}
