//! Calls, filters and tests.

use std::sync::Arc;

use super::{Here, Machine, function::KEYWORDS};
use crate::{
    ast::{Arguments, Call, Filter},
    checks,
    error::{Problem, Result},
    filters,
    globals::Builtin,
    suggest::nearest,
    value::Value,
};

impl Machine<'_> {
    pub(super) fn call(&mut self, call: &Call, here: Here) -> Result<Value> {
        let callee = self.eval(&call.callee, here)?;
        let line = call.line;
        let Value::Function(function) = callee else {
            return Err(self.not_callable(&call.callee.describe(), &callee).at(line));
        };
        let arguments = self.arguments(Vec::new(), &call.arguments, here)?;
        self.line = line;
        self.deeper(|it| it.invoke(function, arguments))
    }

    fn not_callable(&self, name: &str, found: &Value) -> Problem {
        let hint = match name.rsplit_once(['.', ' ']) {
            Some((_, method)) if found.is_undefined() => {
                format!(
                    "; values have no methods here, use a filter{}",
                    filter_for(method)
                )
            }
            None if found.is_undefined() => {
                let known = Builtin::NAMES
                    .into_iter()
                    .chain(self.engine.extensions().functions());
                nearest(name, known)
                    .map_or_else(String::new, |it| format!("; did you mean \"{it}\"?"))
            }
            _ => String::new(),
        };
        Problem::NotCallable {
            name: name.to_owned(),
            found: found.type_name(),
            hint,
        }
    }

    /// The values of arguments behind what is there already. Those with names are one object
    /// behind the others.
    fn arguments(
        &mut self,
        mut values: Vec<Value>,
        arguments: &Arguments,
        here: Here,
    ) -> Result<Vec<Value>> {
        for argument in &arguments.positional {
            values.push(self.eval(argument, here)?);
        }
        if !arguments.keywords.is_empty() {
            let mut bag: Vec<(Arc<str>, Value)> = Vec::new();
            for (name, argument) in &arguments.keywords {
                bag.push((name.clone(), self.eval(argument, here)?));
            }
            bag.push((KEYWORDS.into(), Value::Bool(true)));
            values.push(Value::record(bag).map_err(|it| self.fail(it))?);
        }
        Ok(values)
    }

    pub(super) fn filter(&mut self, filter: &Filter, here: Here) -> Result<Value> {
        let value = self.eval(&filter.value, here)?;
        let arguments = self.arguments(vec![value], &filter.arguments, here)?;
        self.line = filter.line;
        for argument in &arguments {
            self.spend_on(argument).map_err(|it| self.fail(it))?;
        }
        let name = &*filter.name;
        // What the engine was given goes first, so that a host can replace a filter.
        let extensions = self.engine.extensions();
        if let Some(done) = extensions.call_filter(name, &arguments) {
            let value = done.map_err(|reason| {
                let name = name.to_owned();
                self.fail(Problem::Filter { name, reason })
            })?;
            return Value::from_json(&value).map_err(|it| self.fail(it));
        }
        let Some(builtin) = filters::named(name) else {
            let known = filters::names().chain(extensions.filters());
            let suggestion = nearest(name, known);
            let name = name.to_owned();
            return Err(self.fail(Problem::UnknownFilter { name, suggestion }));
        };
        let filtered = builtin(self, &arguments);
        filtered.map_err(|problem| {
            self.fail(match problem {
                Problem::Value(reason) => Problem::Filter {
                    name: name.to_owned(),
                    reason,
                },
                other => other,
            })
        })
    }

    pub(super) fn test(&mut self, test: &Filter, here: Here) -> Result<Value> {
        let value = self.eval(&test.value, here)?;
        let arguments = self.arguments(vec![value], &test.arguments, here)?;
        self.line = test.line;
        let holds = checks::check(&test.name, &arguments).map_err(|it| self.fail(it))?;
        Ok(Value::Bool(holds))
    }
}

/// The filter to write instead of a method of JavaScript.
fn filter_for(method: &str) -> &'static str {
    match method {
        "toLowerCase" => ": | lower",
        "toUpperCase" => ": | upper",
        "replace" | "replaceAll" => ": | replace(…)",
        "trim" => ": | trim",
        "join" => ": | join(…)",
        "slice" | "substring" => ": value[from:to]",
        "includes" | "indexOf" => ": write \"part\" in value",
        "toString" => ": | string",
        _ => "",
    }
}
