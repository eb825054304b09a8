//! Expressions.

use std::sync::Arc;

use super::{Here, Machine};
use crate::{
    ast::{Binary, Body, Expr, Unary},
    error::{Problem, Result},
    machine::Callable,
    value::{
        Value, add, less, less_or_equal, list_index, loosely_equal, strictly_equal, text_at,
        text_length,
    },
};

impl Machine<'_> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, expr: &Expr, here: Here) -> Result<Value> {
        self.spend(1).map_err(|it| self.fail(it))?;
        match expr {
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Name(name, line) => {
                self.line = *line;
                self.lookup(name, here)
            }
            composite => self.deeper(|it| it.composite(composite, here)),
        }
    }

    fn composite(&mut self, expr: &Expr, here: Here) -> Result<Value> {
        match expr {
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Name(name, _) => self.lookup(name, here),
            Expr::List(items) => self.list(items, here),
            Expr::Record(fields) => self.record(fields, here),
            Expr::Group(items) => self.last_of(items, here),
            Expr::Member(both) => {
                let object = self.eval(&both.0, here)?;
                let key = self.eval(&both.1, here)?;
                Ok(self.member(&object, &key))
            }
            Expr::Slice(slice) => self.slice(&slice.0, &slice.1, here),
            Expr::Call(call) => self.call(call, here),
            Expr::Filter(filter) => self.filter(filter, here),
            Expr::Test(test) => self.test(test, here),
            Expr::Unary(operator, value) => {
                let value = self.eval(value, here)?;
                Ok(match operator {
                    Unary::Not => Value::Bool(!value.is_true()),
                    Unary::Negative => Value::Number(-value.number()),
                    Unary::Positive => Value::Number(value.number()),
                })
            }
            Expr::Binary(..) => self.binary(expr, here),
            Expr::In(both, line) => {
                let needle = self.eval(&both.0, here)?;
                let haystack = self.eval(&both.1, here)?;
                self.line = *line;
                self.contains(&haystack, &needle).map(Value::Bool)
            }
            Expr::Power(both) => {
                let base = self.eval(&both.0, here)?.number();
                let exponent = self.eval(&both.1, here)?.number();
                Ok(Value::Number(base.powf(exponent)))
            }
            Expr::Floor(quotient) => Ok(Value::Number(self.eval(quotient, here)?.number().floor())),
            Expr::If(parts) => match self.eval(&parts[1], here)?.is_true() {
                true => self.eval(&parts[0], here),
                false => self.eval(&parts[2], here),
            },
            Expr::Caller(definition) => Ok(self.function(Callable::Macro {
                definition: definition.clone(),
                scope: Some(here.scope),
                activation: here.activation,
            })),
            Expr::Capture(body) => self.capture(body, here),
        }
    }

    fn list(&mut self, items: &[Expr], here: Here) -> Result<Value> {
        let items = items.iter().map(|it| self.eval(it, here));
        let items = items.collect::<Result<_>>()?;
        Value::list(items).map_err(|it| self.fail(it))
    }

    fn record(&mut self, fields: &[(Arc<str>, Expr)], here: Here) -> Result<Value> {
        let fields = fields
            .iter()
            .map(|(name, value)| Ok((name.clone(), self.eval(value, here)?)));
        let fields = fields.collect::<Result<_>>()?;
        Value::record(fields).map_err(|it| self.fail(it))
    }

    fn last_of(&mut self, items: &[Expr], here: Here) -> Result<Value> {
        let mut values = items.iter().map(|it| self.eval(it, here));
        values.try_fold(Value::Undefined, |_, value| value)
    }

    fn capture(&mut self, body: &Body, here: Here) -> Result<Value> {
        let scope = self.push_scope(body.slots, Some(here.scope));
        let inside = Here { scope, ..here };
        let mut out = String::new();
        let done = self.nodes(&body.nodes, inside, &mut out);
        self.scopes.truncate(scope);
        done.map(|()| Value::text(out))
    }

    /// A row of operators of any length: what is on the left is worked off in a loop.
    fn binary(&mut self, expr: &Expr, here: Here) -> Result<Value> {
        let mut rest = Vec::new();
        let mut first = expr;
        while let Expr::Binary(operator, both) = first {
            rest.push((*operator, &both.1));
            first = &both.0;
        }
        let mut left = self.eval(first, here)?;
        while let Some((operator, right)) = rest.pop() {
            left = match operator {
                Binary::And if !left.is_true() => left,
                Binary::Or if left.is_true() => left,
                Binary::And | Binary::Or => self.eval(right, here)?,
                operator => {
                    let right = self.eval(right, here)?;
                    let done = self.operate(operator, &left, &right);
                    done.map_err(|it| self.fail(it))?
                }
            };
        }
        Ok(left)
    }

    fn operate(&mut self, operator: Binary, left: &Value, right: &Value) -> Result<Value, Problem> {
        self.spend_on(left)?;
        self.spend_on(right)?;
        let numbers = || (left.number(), right.number());
        Ok(match operator {
            Binary::Add => return add(left, right),
            Binary::Equal => Value::Bool(loosely_equal(left, right)),
            Binary::NotEqual => Value::Bool(!loosely_equal(left, right)),
            Binary::StrictlyEqual => Value::Bool(strictly_equal(left, right)),
            Binary::StrictlyNotEqual => Value::Bool(!strictly_equal(left, right)),
            Binary::Less => Value::Bool(less(left, right)),
            Binary::LessOrEqual => Value::Bool(less_or_equal(left, right)),
            Binary::Greater => Value::Bool(less(right, left)),
            Binary::GreaterOrEqual => Value::Bool(less_or_equal(right, left)),
            Binary::Subtract => Value::Number(numbers().0 - numbers().1),
            Binary::Multiply => Value::Number(numbers().0 * numbers().1),
            Binary::Divide => Value::Number(numbers().0 / numbers().1),
            Binary::Remainder => Value::Number(numbers().0 % numbers().1),
            Binary::And | Binary::Or => Value::Undefined,
        })
    }

    /// `object[key]` (`memberLookup`). A function that is read so is a new one each time.
    pub(crate) fn member(&mut self, object: &Value, key: &Value) -> Value {
        let found = match (object, key) {
            (Value::List(items), Value::Number(at)) if at.fract() == 0.0 && *at >= 0.0 => {
                items.get(*at as usize).cloned()
            }
            (Value::List(items), key) => match &*key.as_text() {
                "length" => Some(Value::Number(items.len() as f64)),
                key => list_index(key).and_then(|at| items.get(at as usize).cloned()),
            },
            (Value::Record(record), key) => record.get(&key.as_text()).cloned(),
            (Value::Text(text), key) => match &*key.as_text() {
                "length" => Some(Value::Number(text_length(text) as f64)),
                key => list_index(key)
                    .and_then(|at| text_at(text, at as usize))
                    .map(Value::text),
            },
            (Value::Safe(text), key) => match &*key.as_text() {
                "length" => Some(Value::Number(text_length(text) as f64)),
                "val" => Some(Value::Text(text.clone())),
                _ => None,
            },
            (Value::Cycler(cycler), key) => match &*key.as_text() {
                "current" => self.cyclers.get(*cycler).map(|it| it.current.clone()),
                "next" => Some(self.function(Callable::Next(*cycler))),
                "reset" => Some(self.function(Callable::Reset(*cycler))),
                _ => None,
            },
            _ => None,
        };
        match found {
            Some(Value::Function(function)) => self.function(Callable::Bound(function)),
            found => found.unwrap_or(Value::Undefined),
        }
    }

    /// Names and values of an object, letters of a text with their places.
    pub(super) fn fields(object: &Value) -> Vec<(Arc<str>, Value)> {
        match object {
            Value::Record(record) => record.fields().to_vec(),
            Value::Text(text) => {
                let letters = text.chars().map(|it| Value::text(it.to_string()));
                letters
                    .enumerate()
                    .map(|(at, it)| (at.to_string().into(), it))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// `needle in haystack` (`inOperator`).
    fn contains(&mut self, haystack: &Value, needle: &Value) -> Result<bool> {
        self.spend_on(haystack).map_err(|it| self.fail(it))?;
        match haystack {
            Value::List(items) => Ok(items.iter().any(|it| strictly_equal(it, needle))),
            Value::Text(text) => Ok(text.contains(&*needle.as_text())),
            Value::Record(record) => Ok(record.get(&needle.as_text()).is_some()),
            Value::Safe(_) => Ok(matches!(&*needle.as_text(), "length" | "val")),
            other => Err(self.fail(Problem::value(format!(
                "\"in\" looks into lists, texts and objects, not into {}",
                other.type_name()
            )))),
        }
    }

    /// `list[start:stop:step]`, with the ends where Nunjucks has them: one place behind the
    /// end still counts, and texts as numbers are added as texts are.
    fn slice(&mut self, of: &Expr, parts: &[Option<Expr>; 3], here: Here) -> Result<Value> {
        let object = self.eval(of, here)?;
        let mut values = [Value::Null, Value::Null, Value::Number(1.0)];
        for (value, part) in values.iter_mut().zip(parts) {
            if let Some(part) = part {
                *value = self.eval(part, here)?;
            }
        }
        let [mut start, mut stop, step] = values;
        let zero = Value::Number(0.0);
        let length = self.member(&object, &Value::text("length"));
        let backwards = less(&step, &zero);
        let sum = |a: &Value, b: &Value| add(a, b).map_err(|it| it.at(0));
        if matches!(start, Value::Null) {
            start = if backwards {
                Value::Number(length.number() - 1.0)
            } else {
                zero.clone()
            };
        }
        if matches!(stop, Value::Null) {
            stop = if backwards {
                Value::Number(-1.0)
            } else {
                length.clone()
            };
        } else if less(&stop, &zero) {
            stop = sum(&stop, &length)?;
        }
        if less(&start, &zero) {
            start = sum(&start, &length)?;
        }
        let mut items = Vec::new();
        let mut at = start;
        while !(less(&at, &zero) || less(&length, &at)) {
            let past = if backwards {
                less_or_equal(&at, &stop)
            } else {
                less_or_equal(&stop, &at)
            };
            if past && (backwards || less(&zero, &step)) {
                break;
            }
            self.spend(1).map_err(|it| self.fail(it))?;
            items.push(self.member(&object, &at));
            at = sum(&at, &step)?;
        }
        Value::list(items).map_err(|it| self.fail(it))
    }
}
