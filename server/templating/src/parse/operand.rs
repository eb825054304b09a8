//! Operands: literals, names, brackets, and the keys and calls behind them.

use std::sync::Arc;

use super::{Parser, expression::MAX_POSTFIX, token::Kind};
use crate::{
    ast::{Arguments, Call, Expr, Name},
    error::{Problem, Result},
    pattern::Pattern,
    value::Value,
};

impl Parser<'_> {
    /// A literal, name, bracket, and what follows it.
    pub(super) fn primary(&mut self) -> Result<Expr> {
        let value = self.operand()?;
        self.postfix(value)
    }

    fn operand(&mut self) -> Result<Expr> {
        let line = self.tokens.line();
        let Some(token) = self.tokens.next()? else {
            return Err(Problem::syntax("a value is missing; the template ends").at(line));
        };
        let value = match token.kind {
            Kind::Text(text) => Value::text(text),
            Kind::Number(number) => Value::Number(number),
            Kind::Bool(value) => Value::Bool(value),
            Kind::None => Value::Null,
            Kind::Regex { source, flags } => {
                let pattern = Pattern::new(&source, &flags).map_err(|it| it.at(line))?;
                Value::Pattern(Arc::new(pattern))
            }
            Kind::Name(name) => {
                let text = name.into();
                return Ok(Expr::Name(Name { text, slot: None }, line));
            }
            Kind::Mark("(") => return self.group(line),
            Kind::Mark("[") => return Ok(Expr::List(self.items("]")?)),
            Kind::Mark("{") => return self.record(),
            Kind::VariableEnd { .. } | Kind::BlockEnd { .. } => {
                return Err(Problem::syntax("a value is missing").at(line));
            }
            _ => return Err(Self::unexpected(&token)),
        };
        Ok(Expr::Literal(value))
    }

    fn group(&mut self, line: usize) -> Result<Expr> {
        let items = self.items(")")?;
        if items.is_empty() {
            return Err(Problem::syntax("there is nothing in the parentheses").at(line));
        }
        Ok(Expr::Group(items))
    }

    fn items(&mut self, end: &str) -> Result<Vec<Expr>> {
        let mut items = Vec::new();
        while !self.tokens.skip(end)? {
            if !items.is_empty() {
                self.expect(",", "between the items")?;
            }
            items.push(self.expression()?);
        }
        Ok(items)
    }

    fn record(&mut self) -> Result<Expr> {
        let mut fields = Vec::new();
        while !self.tokens.skip("}")? {
            if !fields.is_empty() {
                self.expect(",", "between the fields")?;
            }
            let line = self.tokens.line();
            let key = match self.operand()? {
                Expr::Name(name, _) => name.text,
                Expr::Literal(Value::Text(text)) => text,
                _ => {
                    let text = "the key of a field is a name or a text in quotes";
                    return Err(Problem::syntax(text).at(line));
                }
            };
            self.expect(":", "after the key")?;
            fields.push((key, self.expression()?));
        }
        Ok(Expr::Record(fields))
    }

    fn postfix(&mut self, mut value: Expr) -> Result<Expr> {
        for length in 0.. {
            self.check_chain(length, MAX_POSTFIX)?;
            let line = self.tokens.line();
            value = if matches!(self.tokens.peek()?, Some(Kind::Mark("("))) {
                let arguments = self.arguments()?;
                Expr::Call(Box::new(Call {
                    callee: value,
                    arguments,
                    line,
                }))
            } else if self.tokens.skip("[")? {
                self.subscript(value)?
            } else if self.tokens.skip(".")? {
                let key = Value::text(self.name("a name after \".\"")?);
                Expr::Member(Box::new((value, Expr::Literal(key))))
            } else {
                break;
            };
        }
        Ok(value)
    }

    /// What is in `[…]`: a key, or the parts of a slice.
    fn subscript(&mut self, value: Expr) -> Result<Expr> {
        let mut parts = [None, None, None];
        let mut at = 0;
        while !self.tokens.skip("]")? {
            if self.tokens.skip(":")? {
                at += 1;
            } else if at < parts.len() && parts[at].is_none() {
                parts[at] = Some(self.expression()?);
            } else {
                self.expect("]", "after the key")?;
                break;
            }
        }
        match (at, parts) {
            (0, [Some(key), ..]) => Ok(Expr::Member(Box::new((value, key)))),
            (1..=2, parts) => Ok(Expr::Slice(Box::new((value, parts)))),
            _ => Err(
                Problem::syntax("write a key, or start:stop:step, in \"[]\"")
                    .at(self.tokens.line()),
            ),
        }
    }

    /// `(a, b, name=c)`
    pub(super) fn arguments(&mut self) -> Result<Arguments> {
        self.expect("(", "before the arguments")?;
        let mut arguments = Arguments::default();
        let mut first = true;
        while !self.tokens.skip(")")? {
            if !first {
                self.expect(",", "between the arguments")?;
            }
            first = false;
            let line = self.tokens.line();
            let value = self.expression()?;
            if self.tokens.skip("=")? {
                let name = match value {
                    Expr::Name(name, _) => name.text,
                    Expr::Literal(Value::Text(text)) => text,
                    _ => return Err(Problem::syntax("a name is missing before \"=\"").at(line)),
                };
                arguments.keywords.push((name, self.expression()?));
            } else {
                arguments.positional.push(value);
            }
        }
        Ok(arguments)
    }
}
