//! The interpreter: walks the tree with a budget of steps, output and depth.

mod call;
mod expression;
mod frame;
mod function;
mod loops;
mod statement;

use std::{collections::HashMap, sync::Arc};

pub(crate) use function::{Callable, Cycler, bind_names};

use crate::{
    Context, Engine,
    ast::{Body, Expr, Node},
    error::{Problem, Result, TemplateError},
    value::{Record, Value},
};

/// How deep the evaluation may nest, macros that call macros included.
const MAX_DEPTH: usize = 120;

/// One rendering of one template.
pub(crate) struct Machine<'e> {
    pub(crate) engine: &'e Engine,
    context: &'e Record,
    /// What the template sets for all of itself; hides the context.
    variables: HashMap<Arc<str>, Value>,
    frames: Vec<frame::Frame>,
    /// The variables of functions that run, and the function around each.
    scopes: Vec<Scope>,
    /// The frame that each running template body is in. Its macros share it, as in Nunjucks.
    activations: Vec<Option<usize>>,
    pub(crate) functions: Vec<Callable>,
    pub(crate) cyclers: Vec<Cycler>,
    globals: HashMap<Arc<str>, Value>,
    steps: u64,
    depth: usize,
    /// The line that is worked on, for messages.
    pub(crate) line: usize,
}

struct Scope {
    slots: Vec<Value>,
    outer: Option<usize>,
}

/// Where the interpreter is.
#[derive(Clone, Copy)]
pub(crate) struct Here {
    scope: usize,
    activation: usize,
}

impl<'e> Machine<'e> {
    pub(crate) fn new(engine: &'e Engine, context: &'e Context) -> Self {
        Self {
            engine,
            context: context.record(),
            variables: HashMap::new(),
            frames: Vec::new(),
            scopes: Vec::new(),
            activations: Vec::new(),
            functions: Vec::new(),
            cyclers: Vec::new(),
            globals: HashMap::new(),
            steps: 0,
            depth: 0,
            line: 1,
        }
    }

    /// What a template prints.
    pub(crate) fn render(&mut self, body: &Body) -> Result<String> {
        let here = self.enter(body);
        let mut out = String::new();
        self.nodes(&body.nodes, here, &mut out)?;
        Ok(out)
    }

    /// The value of a template that is one expression.
    pub(crate) fn evaluate(&mut self, body: &Body, expr: &Expr) -> Result<Value> {
        let here = self.enter(body);
        self.eval(expr, here)
    }

    fn enter(&mut self, body: &Body) -> Here {
        let frame = self.push_frame(None, false, true);
        self.activations.push(Some(frame));
        Here {
            scope: self.push_scope(body.slots, None),
            activation: self.activations.len() - 1,
        }
    }

    fn push_scope(&mut self, slots: usize, outer: Option<usize>) -> usize {
        let slots = vec![Value::Undefined; slots];
        self.scopes.push(Scope { slots, outer });
        self.scopes.len() - 1
    }

    /// Counts work against the budget.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Problem> {
        self.steps = self.steps.saturating_add(steps);
        let limit = self.engine.limits().steps;
        match self.steps > limit {
            true => Err(Problem::TooMuchWork { limit }),
            false => Ok(()),
        }
    }

    /// Counts the work of going through all of a value.
    pub(crate) fn spend_on(&mut self, value: &Value) -> Result<(), Problem> {
        self.spend(1 + value.weight() / 64)
    }

    /// An error on the line that is worked on.
    pub(crate) fn fail(&self, problem: Problem) -> TemplateError {
        problem.at(self.line)
    }

    /// Does something one level further in.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            let what = "macros and expressions nest";
            let most = MAX_DEPTH;
            return Err(self.fail(Problem::TooDeep { what, most }));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }

    fn print(&mut self, value: &Value, out: &mut String) -> Result<()> {
        match value {
            Value::Undefined | Value::Null => Ok(()),
            value => {
                self.spend_on(value).map_err(|it| self.fail(it))?;
                self.write(&value.as_text(), out)
            }
        }
    }

    fn write(&self, text: &str, out: &mut String) -> Result<()> {
        let limit = self.engine.limits().output;
        if out.len() + text.len() > limit {
            return Err(self.fail(Problem::OutputTooLarge { limit }));
        }
        out.push_str(text);
        Ok(())
    }

    fn nodes(&mut self, nodes: &[Node], here: Here, out: &mut String) -> Result<()> {
        nodes.iter().try_for_each(|node| self.node(node, here, out))
    }
}
