//! Names while rendering: frames, then what the template set for all of itself, then the
//! context, then the global functions (Nunjucks' `Frame` and `Context`).

use std::sync::Arc;

use super::{Here, Machine};
use crate::{
    ast::{Name, Slot},
    error::{Problem, Result},
    suggest::nearest,
    value::Value,
};

/// Names that a loop, macro or block has bound.
pub(super) struct Frame {
    names: Vec<(Arc<str>, Value)>,
    parent: Option<usize>,
    /// Setting a name does not reach beyond this frame.
    isolated: bool,
    /// What is set here is set for the whole template.
    top: bool,
}

impl Frame {
    fn get(&self, name: &str) -> Option<&Value> {
        let bound = self.names.iter().find(|(it, _)| &**it == name);
        bound
            .map(|(_, value)| value)
            .filter(|it| !it.is_undefined())
    }

    fn set(&mut self, name: &Arc<str>, value: Value) {
        match self.names.iter_mut().find(|(it, _)| it == name) {
            Some(bound) => bound.1 = value,
            None => self.names.push((name.clone(), value)),
        }
    }
}

impl Machine<'_> {
    pub(super) fn push_frame(&mut self, parent: Option<usize>, isolated: bool, top: bool) -> usize {
        self.frames.push(Frame {
            names: Vec::new(),
            parent,
            isolated,
            top,
        });
        self.frames.len() - 1
    }

    /// Works in a new frame inside the current one, then drops it.
    pub(super) fn in_frame<T>(
        &mut self,
        activation: usize,
        isolated: bool,
        inside: bool,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let before = self.activations.get(activation).copied().flatten();
        let frame = self.push_frame(before.filter(|_| inside), isolated, false);
        self.enter_frame(activation, Some(frame));
        let done = work(self);
        self.enter_frame(activation, before);
        // Nothing keeps a frame that was left.
        self.frames.truncate(frame);
        done
    }

    fn enter_frame(&mut self, activation: usize, frame: Option<usize>) {
        if let Some(current) = self.activations.get_mut(activation) {
            *current = frame;
        }
    }

    pub(super) fn current_frame(&self, activation: usize) -> Option<usize> {
        self.activations.get(activation).copied().flatten()
    }

    /// Binds a name in the current frame.
    pub(super) fn bind(&mut self, activation: usize, name: &Arc<str>, value: Value) {
        let frame = self.current_frame(activation);
        if let Some(frame) = frame.and_then(|it| self.frames.get_mut(it)) {
            frame.set(name, value);
        }
    }

    /// Binds a name for the whole template.
    pub(super) fn define(&mut self, name: &Arc<str>, value: Value) {
        self.variables.insert(name.clone(), value);
    }

    /// `{% set name = value %}`: where the name is bound already, else in the current frame.
    pub(super) fn set(&mut self, name: &Name, value: Value, here: Here) {
        if let Some(slot) = name.slot {
            self.store(slot, here, value.clone());
        }
        let Some(current) = self.current_frame(here.activation) else {
            return;
        };
        let target = self.bound_in(current, &name.text).unwrap_or(current);
        if let Some(frame) = self.frames.get_mut(target) {
            frame.set(&name.text, value.clone());
        }
        if self.frames.get(current).is_some_and(|it| it.top) {
            self.define(&name.text, value);
        }
    }

    /// The frame in which a name is to be changed. Only the first frame's isolation counts.
    fn bound_in(&self, current: usize, name: &str) -> Option<usize> {
        let mut at = Some(current);
        while let Some(frame) = at.and_then(|it| self.frames.get(it)) {
            if frame.get(name).is_some() {
                return at;
            }
            if frame.isolated && at == Some(current) {
                return None;
            }
            at = frame.parent;
        }
        None
    }

    /// The value of a name.
    pub(super) fn lookup(&mut self, name: &Name, here: Here) -> Result<Value> {
        if let Some(slot) = name.slot {
            return Ok(self.load(slot, here));
        }
        let mut at = self.current_frame(here.activation);
        while let Some(frame) = at.and_then(|it| self.frames.get(it)) {
            if let Some(value) = frame.get(&name.text) {
                return Ok(value.clone());
            }
            at = frame.parent;
        }
        let set = self.variables.get(&name.text);
        if let Some(value) = set.or_else(|| self.context.get(&name.text)) {
            return Ok(value.clone());
        }
        if let Some(function) = self.global(&name.text) {
            return Ok(function);
        }
        match self.engine.is_strict() {
            false => Ok(Value::Undefined),
            true => Err(self.fail(self.unknown_variable(&name.text))),
        }
    }

    fn unknown_variable(&self, name: &str) -> Problem {
        let known = self.context.fields().iter().map(|(it, _)| &**it);
        let set = self.variables.keys().map(|it| &**it);
        Problem::UnknownVariable {
            name: name.to_owned(),
            suggestion: nearest(name, known.chain(set)),
        }
    }

    pub(super) fn load(&self, slot: Slot, here: Here) -> Value {
        let scope = self.scope(slot, here).and_then(|it| self.scopes.get(it));
        let value = scope.and_then(|it| it.slots.get(slot.index));
        value.cloned().unwrap_or(Value::Undefined)
    }

    pub(super) fn store(&mut self, slot: Slot, here: Here, value: Value) {
        let scope = self.scope(slot, here);
        let scope = scope.and_then(|it| self.scopes.get_mut(it));
        if let Some(place) = scope.and_then(|it| it.slots.get_mut(slot.index)) {
            *place = value;
        }
    }

    fn scope(&self, slot: Slot, here: Here) -> Option<usize> {
        (0..slot.outwards).try_fold(here.scope, |at, _| self.scopes.get(at)?.outer)
    }
}
