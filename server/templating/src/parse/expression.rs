//! Expressions (Nunjucks' `parser.js`, from `parseInlineIf` to `parseAggregate`).

use std::sync::Arc;

use super::{
    Parser,
    flat::Flat,
    token::{Kind, Token},
};
use crate::{
    ast::{Arguments, Binary, Expr, Filter, Unary},
    error::{Problem, Result, TemplateError},
    value::Value,
};

/// How deep expressions and tags may nest.
const MAX_DEPTH: usize = 40;
/// How many operators may follow each other.
const MAX_CHAIN: usize = 500;
/// How many filters or keys may follow each other.
pub(super) const MAX_POSTFIX: usize = 50;

impl Parser<'_> {
    /// A whole expression.
    pub(super) fn expression(&mut self) -> Result<Expr> {
        self.deeper(Self::inline_if)
    }

    /// Does something one level further in.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            let what = "expressions and tags nest";
            let most = MAX_DEPTH;
            return Err(Problem::TooDeep { what, most }.at(self.tokens.line()));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }

    /// Fails when a row of operators, filters or keys is too long.
    pub(super) fn check_chain(&self, length: usize, most: usize) -> Result<()> {
        if length > most {
            let text = format!("more than {most} operators, filters or keys in a row");
            return Err(Problem::syntax(text).at(self.tokens.line()));
        }
        Ok(())
    }

    pub(super) fn unexpected(token: &Token) -> TemplateError {
        let kind = &token.kind;
        Problem::syntax(format!("\"{kind}\" is not expected here")).at(token.line)
    }

    /// Fails unless the next token is this mark.
    pub(super) fn expect(&mut self, mark: &str, to: &str) -> Result<()> {
        if self.tokens.skip(mark)? {
            return Ok(());
        }
        let line = self.tokens.line();
        let found = match self.tokens.peek()? {
            Some(kind) => format!("found \"{kind}\""),
            None => "the template ends".to_owned(),
        };
        Err(Problem::syntax(format!("\"{mark}\" is missing {to}; {found}")).at(line))
    }

    fn inline_if(&mut self) -> Result<Expr> {
        let then = self.or()?;
        self.check_chain(then.len(), MAX_CHAIN)?;
        if !self.tokens.skip_name("if")? {
            return Ok(then.group());
        }
        let condition = self.or()?.group();
        let otherwise = if self.tokens.skip_name("else")? {
            self.or()?.group()
        } else {
            Expr::Literal(Value::text(""))
        };
        Ok(Expr::If(Box::new([then.group(), condition, otherwise])))
    }

    fn or(&mut self) -> Result<Flat> {
        let mut row = self.and()?;
        while self.tokens.skip_name("or")? {
            row = row.then(Binary::Or, self.and()?);
        }
        Ok(row)
    }

    fn and(&mut self) -> Result<Flat> {
        let mut row = self.not()?;
        while self.tokens.skip_name("and")? {
            row = row.then(Binary::And, self.not()?);
        }
        Ok(row)
    }

    fn not(&mut self) -> Result<Flat> {
        if self.tokens.skip_name("not")? {
            return Ok(self.deeper(Self::not)?.prefixed(Unary::Not));
        }
        self.contained()
    }

    fn contained(&mut self) -> Result<Flat> {
        let mut row = self.tested()?;
        for length in 0.. {
            self.check_chain(length, MAX_POSTFIX)?;
            let line = self.tokens.line();
            let negated = self.tokens.skip_name("not")?;
            if !self.tokens.skip_name("in")? {
                if negated {
                    let kind = Kind::Name("not".to_owned());
                    self.tokens.put_back(Token { kind, line });
                }
                break;
            }
            let both = (row.group(), self.tested()?.group());
            row = Expr::In(Box::new(both), line).into();
            if negated {
                row = row.prefixed(Unary::Not);
            }
        }
        Ok(row)
    }

    fn tested(&mut self) -> Result<Flat> {
        let row = self.compared()?;
        let line = self.tokens.line();
        if !self.tokens.skip_name("is")? {
            return Ok(row);
        }
        let negated = self.tokens.skip_name("not")?;
        let name = match self.tokens.next()? {
            Some(Token {
                kind: Kind::Name(name),
                ..
            }) => name,
            Some(Token {
                kind: Kind::None, ..
            }) => "null".to_owned(),
            Some(token) => return Err(Self::unexpected(&token)),
            None => return Err(Problem::syntax("\"is\" needs a test").at(line)),
        };
        let arguments = match self.tokens.peek()? {
            Some(Kind::Mark("(")) => self.arguments()?,
            _ => Arguments::default(),
        };
        let test = Filter {
            name: name.into(),
            value: row.group(),
            arguments,
            line,
        };
        let row = Flat::from(Expr::Test(Box::new(test)));
        Ok(if negated {
            row.prefixed(Unary::Not)
        } else {
            row
        })
    }

    fn compared(&mut self) -> Result<Flat> {
        let mut row = self.concatenated()?;
        while let Some(Kind::Mark(mark)) = self.tokens.peek()? {
            let Some(operator) = Binary::comparison(mark) else {
                break;
            };
            self.tokens.next()?;
            row = row.then(operator, self.concatenated()?);
        }
        Ok(row)
    }

    /// `a ~ b`, which is `a + "" + b`.
    fn concatenated(&mut self) -> Result<Flat> {
        let mut row = self.infix(0)?;
        while self.tokens.skip("~")? {
            let nothing = Expr::Literal(Value::text(""));
            row = row
                .then(Binary::Add, nothing.into())
                .then(Binary::Add, self.infix(0)?);
        }
        Ok(row)
    }

    /// Arithmetic from an operator's level on. Nunjucks has one level an operator, from `+`,
    /// the loosest, to `**`.
    fn infix(&mut self, from: usize) -> Result<Flat> {
        const LEVELS: [&str; 7] = ["+", "-", "*", "/", "//", "%", "**"];
        let mut row = self.unary(true)?;
        for length in 0.. {
            self.check_chain(length, MAX_CHAIN)?;
            let Some(Kind::Mark(mark)) = self.tokens.peek()? else {
                break;
            };
            let level = LEVELS.iter().position(|it| it == mark);
            let Some(level) = level.filter(|it| *it >= from) else {
                break;
            };
            self.tokens.next()?;
            let right = self.infix(level + 1)?;
            row = match LEVELS[level] {
                "+" => row.then(Binary::Add, right),
                "-" => row.then(Binary::Subtract, right),
                "*" => row.then(Binary::Multiply, right),
                "/" => row.then(Binary::Divide, right),
                "%" => row.then(Binary::Remainder, right),
                "//" => {
                    let quotient = row.then(Binary::Divide, right).group();
                    Expr::Floor(Box::new(quotient)).into()
                }
                _ => Expr::Power(Box::new((row.group(), right.group()))).into(),
            };
        }
        Ok(row)
    }

    fn unary(&mut self, filters: bool) -> Result<Flat> {
        let operator = if self.tokens.skip("-")? {
            Some(Unary::Negative)
        } else if self.tokens.skip("+")? {
            Some(Unary::Positive)
        } else {
            None
        };
        let row = match operator {
            Some(operator) => self.deeper(|it| it.unary(false))?.prefixed(operator),
            None => Flat::from(self.primary()?),
        };
        match filters && matches!(self.tokens.peek()?, Some(Kind::Mark("|"))) {
            true => Ok(self.filtered(row.group())?.into()),
            false => Ok(row),
        }
    }

    fn filtered(&mut self, mut value: Expr) -> Result<Expr> {
        let mut length = 0;
        while self.tokens.skip("|")? {
            length += 1;
            self.check_chain(length, MAX_POSTFIX)?;
            let (name, line) = self.filter_name()?;
            let arguments = self.filter_arguments()?;
            value = Expr::Filter(Box::new(Filter {
                name,
                value,
                arguments,
                line,
            }));
        }
        Ok(value)
    }

    /// The name of a filter, and its line.
    pub(super) fn filter_name(&mut self) -> Result<(Arc<str>, usize)> {
        let line = self.tokens.line();
        let mut name = self.name("the name of a filter")?;
        while self.tokens.skip(".")? {
            name = format!("{name}.{}", self.name("the name of a filter")?);
        }
        Ok((name.into(), line))
    }

    pub(super) fn filter_arguments(&mut self) -> Result<Arguments> {
        match self.tokens.peek()? {
            Some(Kind::Mark("(")) => self.arguments(),
            _ => Ok(Arguments::default()),
        }
    }

    /// A name; `what` says for what.
    pub(super) fn name(&mut self, what: &str) -> Result<String> {
        let line = self.tokens.line();
        match self.tokens.next()? {
            Some(Token {
                kind: Kind::Name(name),
                ..
            }) => Ok(name),
            Some(Token { kind, .. }) => {
                Err(Problem::syntax(format!("{what} is missing; found \"{kind}\"")).at(line))
            }
            None => Err(Problem::syntax(format!("{what} is missing")).at(line)),
        }
    }
}
