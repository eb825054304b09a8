//! What can be called, and objects with a state.

use std::sync::Arc;

use super::{Here, Machine};
use crate::{
    ast::Macro,
    error::{Problem, Result},
    globals::Builtin,
    value::Value,
};

/// A function.
#[derive(Clone)]
pub(crate) enum Callable {
    Macro {
        definition: Arc<Macro>,
        /// The variables around the body of a `call`.
        scope: Option<usize>,
        activation: usize,
    },
    /// One that the language has.
    Builtin(Builtin),
    /// One that the engine was given.
    Extension(Arc<str>),
    /// What `joiner()` makes.
    Joiner { separator: Value, first: bool },
    /// `next` of a cycler.
    Next(usize),
    /// `reset` of a cycler.
    Reset(usize),
    /// A function that was read from a list or object: the same one, but not identical.
    Bound(usize),
}

/// What `cycler()` makes.
pub(crate) struct Cycler {
    pub(crate) items: Vec<Value>,
    pub(crate) next: usize,
    pub(crate) current: Value,
}

impl Machine<'_> {
    pub(crate) fn function(&mut self, callable: Callable) -> Value {
        self.functions.push(callable);
        Value::Function(self.functions.len() - 1)
    }

    /// The global function of this name, always the same one.
    pub(super) fn global(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.globals.get(name) {
            return Some(value.clone());
        }
        let callable = match Builtin::named(name) {
            Some(builtin) => Callable::Builtin(builtin),
            None if self.engine.extensions().has_function(name) => Callable::Extension(name.into()),
            None => return None,
        };
        let value = self.function(callable);
        self.globals.insert(name.into(), value.clone());
        Some(value)
    }

    /// Calls a function.
    pub(super) fn invoke(&mut self, function: usize, arguments: Vec<Value>) -> Result<Value> {
        let Some(callable) = self.functions.get(function).cloned() else {
            return Ok(Value::Undefined);
        };
        match callable {
            Callable::Macro {
                definition,
                scope,
                activation,
            } => self.call_macro(&definition, scope, activation, arguments),
            Callable::Builtin(builtin) => builtin.call(self, arguments).map_err(|it| self.fail(it)),
            Callable::Extension(extension) => self.call_extension(&extension, &arguments),
            Callable::Joiner { separator, first } => {
                if let Some(Callable::Joiner { first, .. }) = self.functions.get_mut(function) {
                    *first = false;
                }
                Ok(if first { Value::text("") } else { separator })
            }
            Callable::Next(cycler) => {
                Ok(self.cyclers.get_mut(cycler).map_or(Value::Undefined, |it| {
                    let item = it.items.get(it.next).cloned();
                    it.next = if it.next + 1 < it.items.len() {
                        it.next + 1
                    } else {
                        0
                    };
                    it.current = item.unwrap_or(Value::Undefined);
                    it.current.clone()
                }))
            }
            Callable::Reset(cycler) => {
                if let Some(cycler) = self.cyclers.get_mut(cycler) {
                    cycler.next = 0;
                    cycler.current = Value::Null;
                }
                Ok(Value::Undefined)
            }
            Callable::Bound(function) => self.deeper(|it| it.invoke(function, arguments)),
        }
    }

    fn call_extension(&mut self, name: &str, arguments: &[Value]) -> Result<Value> {
        let failed = |reason: String| Problem::Function {
            name: name.to_owned(),
            reason,
        };
        let called = self.engine.extensions().call_function(name, arguments);
        let value = called.map_err(|reason| self.fail(failed(reason)))?;
        Value::from_json(&value).map_err(|it| self.fail(it))
    }

    fn call_macro(
        &mut self,
        definition: &Macro,
        outer: Option<usize>,
        activation: usize,
        arguments: Vec<Value>,
    ) -> Result<Value> {
        let (positional, mut keywords) = bind(definition, arguments);
        let scopes = self.scopes.len();
        let here = Here {
            scope: self.push_scope(definition.body.slots, outer),
            activation,
        };
        let mut out = String::new();
        let isolated = definition.is_caller;
        let called = self.in_frame(activation, isolated, definition.is_caller, |machine| {
            if let Some(caller) = keywords.take("caller") {
                machine.bind(activation, &Arc::from("caller"), caller);
            }
            for (parameter, value) in definition.positional.iter().zip(positional) {
                if let Some(slot) = parameter.slot {
                    machine.store(slot, here, value.clone());
                }
                machine.bind(activation, &parameter.text, value);
            }
            for (name, default) in &definition.keywords {
                let value = match keywords.take(name) {
                    Some(value) => value,
                    None => machine.eval(default, here)?,
                };
                machine.bind(activation, name, value);
            }
            machine.deeper(|it| it.nodes(&definition.body.nodes, here, &mut out))
        });
        // A call's body cannot outlive the call, so nothing refers to these any more.
        self.scopes.truncate(scopes);
        called.map(|()| Value::safe(out))
    }
}

/// Arguments with names.
#[derive(Default)]
pub(crate) struct Keywords(Vec<(Arc<str>, Value)>);

impl Keywords {
    /// What was given for a name. It stays, for two parameters may have one name.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let found = self.0.iter().find(|(it, _)| &**it == name);
        found.map(|(_, value)| value.clone())
    }

    fn remove(&mut self, name: &str) -> Value {
        let at = self.0.iter().position(|(it, _)| &**it == name);
        at.map_or(Value::Undefined, |at| self.0.remove(at).1)
    }

    fn set(&mut self, name: &str, value: Value) {
        self.0.retain(|(it, _)| &**it != name);
        self.0.push((name.into(), value));
    }
}

/// Nunjucks' `makeMacro`: too many positional arguments go to the keywords, missing ones come
/// from them.
fn bind(definition: &Macro, arguments: Vec<Value>) -> (Vec<Value>, Keywords) {
    let names: Vec<&str> = definition.positional.iter().map(|it| &*it.text).collect();
    let keywords: Vec<&str> = definition
        .keywords
        .iter()
        .map(|(name, _)| &**name)
        .collect();
    bind_names(&names, &keywords, arguments)
}

/// As [`bind`], with the names alone.
pub(crate) fn bind_names(
    positional: &[&str],
    keyword: &[&str],
    mut arguments: Vec<Value>,
) -> (Vec<Value>, Keywords) {
    let mut keywords = Keywords::default();
    if let Some(Value::Record(bag)) = arguments.last()
        && bag.get(KEYWORDS).is_some()
    {
        keywords.0 = bag.fields().to_vec();
        arguments.pop();
    }
    if arguments.len() > positional.len() {
        let extra = arguments.split_off(positional.len());
        for (name, value) in keyword.iter().zip(extra) {
            keywords.set(name, value);
        }
    } else {
        for name in &positional[arguments.len()..] {
            arguments.push(keywords.remove(name));
        }
    }
    (arguments, keywords)
}

/// The field that marks an object as the arguments with names of a call.
pub(crate) const KEYWORDS: &str = "__keywords";
