//! Operators as Nunjucks really groups them.
//!
//! Nunjucks compiles `a + b` to the JavaScript text `a + b`, without parentheses, whatever its
//! own parser took the operators for: what counts in the end is JavaScript's precedence, and
//! templates depend on it (`not 1 + 1` is `!1 + 1`). So operands and operators are kept in one
//! row here, and grouped as JavaScript would when they become part of something else.

use crate::ast::{Binary, Expr, Unary};

/// A row of operands and operators.
#[derive(Debug, Default)]
pub(super) struct Flat(Vec<Item>);

#[derive(Debug)]
enum Item {
    Operand(Expr),
    Prefix(Unary),
    Infix(Binary),
}

impl From<Expr> for Flat {
    fn from(operand: Expr) -> Self {
        Self(vec![Item::Operand(operand)])
    }
}

impl Flat {
    /// How many operands and operators there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// `operator self`
    pub(super) fn prefixed(mut self, operator: Unary) -> Self {
        self.0.insert(0, Item::Prefix(operator));
        self
    }

    /// `self operator other`
    pub(super) fn then(mut self, operator: Binary, other: Self) -> Self {
        self.0.push(Item::Infix(operator));
        self.0.extend(other.0);
        self
    }

    /// The row, grouped.
    pub(super) fn group(self) -> Expr {
        let mut operands: Vec<Expr> = Vec::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        for item in self.0 {
            match item {
                Item::Operand(operand) => operands.push(operand),
                Item::Prefix(operator) => waiting.push(Waiting::Prefix(operator)),
                Item::Infix(operator) => {
                    while let Some(last) = waiting.pop_if(|it| it.strength() >= operator.strength())
                    {
                        last.apply(&mut operands);
                    }
                    waiting.push(Waiting::Infix(operator));
                }
            }
        }
        while let Some(last) = waiting.pop() {
            last.apply(&mut operands);
        }
        operands
            .pop()
            .unwrap_or(Expr::Literal(crate::value::Value::Undefined))
    }
}

enum Waiting {
    Prefix(Unary),
    Infix(Binary),
}

impl Waiting {
    fn strength(&self) -> u8 {
        match self {
            Self::Prefix(_) => u8::MAX,
            Self::Infix(operator) => operator.strength(),
        }
    }

    fn apply(self, operands: &mut Vec<Expr>) {
        let Some(right) = operands.pop() else { return };
        match self {
            Self::Prefix(operator) => operands.push(Expr::Unary(operator, Box::new(right))),
            Self::Infix(operator) => {
                let Some(left) = operands.pop() else { return };
                operands.push(Expr::Binary(operator, Box::new((left, right))));
            }
        }
    }
}
