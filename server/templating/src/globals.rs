//! The global functions of Nunjucks (`globals.js`).

use crate::{
    error::Problem,
    machine::{Callable, Cycler, Machine},
    value::{Value, add, less},
};

/// A function that every template can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    Cycler,
    Joiner,
    Range,
}

impl Builtin {
    pub(crate) const NAMES: [&'static str; 3] = ["cycler", "joiner", "range"];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cycler" => Self::Cycler,
            "joiner" => Self::Joiner,
            "range" => Self::Range,
            _ => return None,
        })
    }

    pub(crate) fn call(
        self,
        machine: &mut Machine<'_>,
        arguments: Vec<Value>,
    ) -> Result<Value, Problem> {
        match self {
            Self::Cycler => {
                machine.cyclers.push(Cycler {
                    items: arguments,
                    next: 0,
                    current: Value::Null,
                });
                Ok(Value::Cycler(machine.cyclers.len() - 1))
            }
            Self::Joiner => {
                let separator = arguments.into_iter().next().filter(Value::is_true);
                Ok(machine.function(Callable::Joiner {
                    separator: separator.unwrap_or_else(|| Value::text(",")),
                    first: true,
                }))
            }
            Self::Range => range(machine, arguments),
        }
    }
}

/// `range(start, stop, step)`, with JavaScript's `<` and `+` on whatever is given.
fn range(machine: &mut Machine<'_>, arguments: Vec<Value>) -> Result<Value, Problem> {
    let mut given = arguments.into_iter();
    let mut next = || given.next().unwrap_or(Value::Undefined);
    let (mut start, mut stop, mut step) = (next(), next(), next());
    let zero = Value::Number(0.0);
    if stop.is_undefined() {
        stop = std::mem::replace(&mut start, zero.clone());
        step = Value::Number(1.0);
    } else if !step.is_true() {
        step = Value::Number(1.0);
    }
    let upwards = less(&zero, &step);
    let mut items = Vec::new();
    let mut at = start;
    while if upwards {
        less(&at, &stop)
    } else {
        less(&stop, &at)
    } {
        machine.spend(1)?;
        let following = add(&at, &step)?;
        items.push(at);
        at = following;
    }
    Value::list(items)
}
