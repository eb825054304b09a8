//! Which names are variables of the compiled template (Nunjucks' `compiler.js`).
//!
//! Nunjucks compiles templates to JavaScript. Loop variables, parameters of macros and macros
//! become JavaScript variables there, which belong to a function and live as long as it runs;
//! all other names are looked up in frames while rendering. Which is which is decided here,
//! and templates can tell: a loop's variable is still there in its `else`.

use std::sync::Arc;

use crate::{
    ast::{Arguments, Body, Expr, For, Macro, Name, Node, Slot},
    error::{Problem, Result},
};

/// How many nodes are resolved at most: the body of a loop over pairs is there twice, so
/// nested ones grow fast.
const MAX_NODES: usize = 200_000;

/// Resolves the names of a template, which becomes the body of its outermost function.
pub(crate) fn resolve(nodes: Vec<Node>) -> Result<Body> {
    let mut body = Body { nodes, slots: 0 };
    let mut resolver = Resolver::default();
    resolver
        .isolated(|it| it.function(&mut body, &mut []))
        .map(|()| body)
}

/// Names bound in a frame: the function the variable belongs to, counted from the outermost,
/// and its place there.
type Frame = Vec<(Arc<str>, (usize, usize))>;

#[derive(Default)]
struct Resolver {
    frames: Vec<Frame>,
    /// The number of variables of each function that is open.
    functions: Vec<usize>,
    seen: usize,
}

impl Resolver {
    /// Works with no frame and no function around.
    fn isolated<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let frames = std::mem::take(&mut self.frames);
        let functions = std::mem::take(&mut self.functions);
        let done = work(self);
        self.frames = frames;
        self.functions = functions;
        done
    }

    /// Resolves a function with its parameters in a frame of its own.
    fn function(&mut self, body: &mut Body, parameters: &mut [Name]) -> Result<()> {
        self.functions.push(0);
        self.frames.push(Frame::new());
        for parameter in parameters.iter_mut() {
            // Two parameters of one name are one variable, as in JavaScript.
            match self.lookup_here(&parameter.text) {
                Some(slot) => parameter.slot = Some(slot),
                None => self.bind(parameter),
            }
        }
        let done = self.nodes(&mut body.nodes);
        self.frames.pop();
        body.slots = self.functions.pop().unwrap_or(0);
        done
    }

    /// Gives a name a new variable, in the innermost frame.
    fn bind(&mut self, name: &mut Name) {
        let function = self.functions.len().saturating_sub(1);
        name.slot = self.variable();
        if let (Some(slot), Some(frame)) = (name.slot, self.frames.last_mut()) {
            frame.retain(|(text, _)| *text != name.text);
            frame.push((name.text.clone(), (function, slot.index)));
        }
    }

    /// A new variable of the innermost function.
    fn variable(&mut self) -> Option<Slot> {
        let count = self.functions.last_mut()?;
        let index = *count;
        *count += 1;
        Some(Slot { outwards: 0, index })
    }

    fn lookup_here(&self, name: &str) -> Option<Slot> {
        let frame = self.frames.last()?;
        self.slot(frame.iter().find(|(text, _)| &**text == name)?.1)
    }

    fn lookup(&self, name: &str) -> Option<Slot> {
        let mut names = self.frames.iter().rev().flatten();
        self.slot(names.find(|(text, _)| &**text == name)?.1)
    }

    fn slot(&self, (function, index): (usize, usize)) -> Option<Slot> {
        let outwards = self.functions.len().checked_sub(function + 1)?;
        Some(Slot { outwards, index })
    }

    fn nodes(&mut self, nodes: &mut [Node]) -> Result<()> {
        nodes.iter_mut().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &mut Node) -> Result<()> {
        self.seen += 1;
        if self.seen > MAX_NODES {
            return Err(Problem::syntax("the template is too large").at(1));
        }
        match node {
            Node::Text(_) => {}
            Node::Output(value) => self.expr(value)?,
            Node::If { cases, otherwise } => {
                self.cases(cases)?;
                self.nodes(otherwise)?;
            }
            Node::For(it) => self.for_loop(it)?,
            Node::Switch {
                value,
                cases,
                default,
            } => {
                self.expr(value)?;
                self.cases(cases)?;
                self.nodes(default)?;
            }
            Node::Set { targets, value } => {
                self.expr(value)?;
                for target in targets {
                    target.slot = self.lookup(&target.text);
                }
            }
            Node::Macro {
                definition,
                name,
                global,
            } => {
                let definition = Arc::make_mut(definition);
                self.isolated(|it| it.definition(definition))?;
                *global = self.frames.len() == 1;
                self.bind(name);
            }
            Node::Block(body) => {
                let body = Arc::make_mut(body);
                self.isolated(|it| it.function(body, &mut []))?;
            }
        }
        Ok(())
    }

    fn cases(&mut self, cases: &mut [(Expr, Vec<Node>)]) -> Result<()> {
        cases.iter_mut().try_for_each(|(of, nodes)| {
            self.expr(of)?;
            self.nodes(nodes)
        })
    }

    fn for_loop(&mut self, it: &mut For) -> Result<()> {
        self.frames.push(Frame::new());
        let done = self.for_loop_in_frame(it);
        self.frames.pop();
        done
    }

    fn for_loop_in_frame(&mut self, it: &mut For) -> Result<()> {
        self.expr(&mut it.items)?;
        it.length = self.variable();
        if it.targets.len() > 1 {
            it.record_targets = it.targets[..2].to_vec();
            it.record_body = it.body.clone();
        }
        it.targets.iter_mut().for_each(|target| self.bind(target));
        self.nodes(&mut it.body)?;
        it.record_targets
            .iter_mut()
            .for_each(|target| self.bind(target));
        self.nodes(&mut it.record_body)?;
        self.nodes(&mut it.otherwise)
    }

    fn definition(&mut self, it: &mut Macro) -> Result<()> {
        // The defaults of keywords see the parameters, so they are part of the function.
        let mut defaults: Vec<Node> = Vec::new();
        for (_, default) in &mut it.keywords {
            let value = std::mem::replace(default, Expr::List(Vec::new()));
            defaults.push(Node::Output(value));
        }
        let count = defaults.len();
        defaults.append(&mut it.body.nodes);
        it.body.nodes = defaults;
        let done = self.function(&mut it.body, &mut it.positional);
        let rest = it.body.nodes.split_off(count);
        let defaults = std::mem::replace(&mut it.body.nodes, rest);
        for ((_, default), node) in it.keywords.iter_mut().zip(defaults) {
            if let Node::Output(value) = node {
                *default = value;
            }
        }
        done
    }

    fn arguments(&mut self, arguments: &mut Arguments) -> Result<()> {
        let keywords = arguments.keywords.iter_mut().map(|(_, value)| value);
        let mut all = arguments.positional.iter_mut().chain(keywords);
        all.try_for_each(|value| self.expr(value))
    }

    fn expr(&mut self, expr: &mut Expr) -> Result<()> {
        match expr {
            Expr::Literal(_) => Ok(()),
            Expr::Name(name, _) => {
                name.slot = self.lookup(&name.text);
                Ok(())
            }
            Expr::List(items) | Expr::Group(items) => {
                items.iter_mut().try_for_each(|item| self.expr(item))
            }
            Expr::Record(fields) => {
                let mut values = fields.iter_mut();
                values.try_for_each(|(_, value)| self.expr(value))
            }
            Expr::Member(both) | Expr::Binary(_, both) | Expr::In(both, _) | Expr::Power(both) => {
                self.expr(&mut both.0)?;
                self.expr(&mut both.1)
            }
            Expr::Slice(slice) => {
                self.expr(&mut slice.0)?;
                let mut parts = slice.1.iter_mut().flatten();
                parts.try_for_each(|part| self.expr(part))
            }
            Expr::Call(call) => {
                self.expr(&mut call.callee)?;
                self.arguments(&mut call.arguments)
            }
            Expr::Filter(filter) | Expr::Test(filter) => {
                self.expr(&mut filter.value)?;
                self.arguments(&mut filter.arguments)
            }
            Expr::Unary(_, value) | Expr::Floor(value) => self.expr(value),
            Expr::If(parts) => parts.iter_mut().try_for_each(|part| self.expr(part)),
            Expr::Caller(definition) => {
                let definition = Arc::make_mut(definition);
                self.definition(definition)
            }
            Expr::Capture(body) => {
                // A function without a frame of its own.
                self.functions.push(0);
                let done = self.nodes(&mut body.nodes);
                body.slots = self.functions.pop().unwrap_or(0);
                done
            }
        }
    }
}
