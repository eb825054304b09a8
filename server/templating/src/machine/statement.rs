//! Tags.

use super::{Here, Machine};
use crate::{
    ast::{Expr, Name, Node},
    error::Result,
    machine::Callable,
    value::{Value, strictly_equal},
};

impl Machine<'_> {
    pub(super) fn node(&mut self, node: &Node, here: Here, out: &mut String) -> Result<()> {
        self.spend(1).map_err(|it| self.fail(it))?;
        match node {
            Node::Text(text) => self.write(text, out),
            Node::Output(expr) => {
                let value = self.eval(expr, here)?;
                self.print(&value, out)
            }
            Node::If { cases, otherwise } => {
                for (condition, nodes) in cases {
                    if self.eval(condition, here)?.is_true() {
                        return self.deeper(|it| it.nodes(nodes, here, out));
                    }
                }
                self.deeper(|it| it.nodes(otherwise, here, out))
            }
            Node::For(it) => self.for_loop(it, here, out),
            Node::Switch {
                value,
                cases,
                default,
            } => {
                let value = self.eval(value, here)?;
                self.deeper(|it| it.switch(&value, cases, default, here, out))
            }
            Node::Set { targets, value } => self.assign(targets, value, here),
            Node::Macro {
                definition,
                name,
                global,
            } => {
                self.functions.push(Callable::Macro {
                    definition: definition.clone(),
                    scope: None,
                    activation: here.activation,
                });
                let function = Value::Function(self.functions.len() - 1);
                if let Some(slot) = name.slot {
                    self.store(slot, here, function.clone());
                }
                match global {
                    true => self.define(&name.text, function),
                    false => self.bind(here.activation, &name.text, function),
                }
                Ok(())
            }
            Node::Block(body) => {
                let frame = self.current_frame(here.activation);
                let frame = self.push_frame(frame, true, false);
                self.activations.push(Some(frame));
                let inside = Here {
                    scope: self.push_scope(body.slots, None),
                    activation: self.activations.len() - 1,
                };
                // Macros that are defined in a block go on using its frame.
                self.deeper(|it| it.nodes(&body.nodes, inside, out))
            }
        }
    }

    fn assign(&mut self, targets: &[Name], value: &Expr, here: Here) -> Result<()> {
        let value = self.eval(value, here)?;
        for target in targets {
            self.set(target, value.clone(), here);
        }
        Ok(())
    }

    /// As in JavaScript: the first case that is identical, and on into the next ones while the
    /// cases are empty.
    fn switch(
        &mut self,
        value: &Value,
        cases: &[(Expr, Vec<Node>)],
        default: &[Node],
        here: Here,
        out: &mut String,
    ) -> Result<()> {
        let mut found = false;
        for (of, nodes) in cases {
            found = found || strictly_equal(value, &self.eval(of, here)?);
            if found && !nodes.is_empty() {
                return self.nodes(nodes, here, out);
            }
        }
        self.nodes(default, here, out)
    }
}
