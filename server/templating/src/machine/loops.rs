//! `{% for %}`.

use std::sync::Arc;

use super::{Here, Machine};
use crate::{
    ast::{For, Name},
    error::{Problem, Result},
    value::Value,
};

impl Machine<'_> {
    pub(super) fn for_loop(&mut self, it: &For, here: Here, out: &mut String) -> Result<()> {
        let isolated = false;
        self.in_frame(here.activation, isolated, true, |machine| {
            machine.line = it.line;
            let items = machine.eval(&it.items, here)?;
            let items = machine.iterable(items)?;
            let length = if !items.is_true() {
                it.length
                    .map_or(Value::Undefined, |slot| machine.load(slot, here))
            } else if it.targets.len() < 2 {
                machine.each(it, &items, here, out)?
            } else if let Value::List(rows) = &items {
                let length = Value::Number(rows.len() as f64);
                for (index, row) in rows.iter().enumerate() {
                    machine.unpack(&it.targets, row, here);
                    machine.describe_loop(index, &length, here)?;
                    machine.deeper(|machine| machine.nodes(&it.body, here, out))?;
                }
                length
            } else {
                machine.each_field(it, &items, here, out)?
            };
            if let Some(slot) = it.length {
                machine.store(slot, here, length.clone());
            }
            match length.is_true() {
                true => Ok(()),
                false => machine.deeper(|machine| machine.nodes(&it.otherwise, here, out)),
            }
        })
    }

    /// One variable: whatever has a length is gone through by index.
    fn each(&mut self, it: &For, items: &Value, here: Here, out: &mut String) -> Result<Value> {
        let length = self.member(items, &Value::text("length"));
        let count = length.number();
        let mut index = 0;
        while (index as f64) < count {
            let item = self.member(items, &Value::Number(index as f64));
            if let [target] = it.targets.as_slice() {
                self.bind_target(target, item, here);
            }
            self.describe_loop(index, &length, here)?;
            self.deeper(|machine| machine.nodes(&it.body, here, out))?;
            index += 1;
        }
        Ok(length)
    }

    /// Several variables over an object: its keys and values.
    fn each_field(
        &mut self,
        it: &For,
        items: &Value,
        here: Here,
        out: &mut String,
    ) -> Result<Value> {
        let fields = Self::fields(items);
        let length = Value::Number(fields.len() as f64);
        for (index, (key, value)) in fields.into_iter().enumerate() {
            for (target, part) in it.record_targets.iter().zip([Value::Text(key), value]) {
                self.bind_target(target, part, here);
            }
            self.describe_loop(index, &length, here)?;
            self.deeper(|machine| machine.nodes(&it.record_body, here, out))?;
        }
        Ok(length)
    }

    /// Rows of a list: only the compiled variables are bound. Nunjucks misses the frame here,
    /// and templates can tell: `set` then reaches the variable outside of the loop.
    fn unpack(&mut self, targets: &[Name], row: &Value, here: Here) {
        for (at, target) in targets.iter().enumerate() {
            let part = self.member(row, &Value::Number(at as f64));
            if let Some(slot) = target.slot {
                self.store(slot, here, part);
            }
        }
    }

    fn bind_target(&mut self, target: &Name, value: Value, here: Here) {
        if let Some(slot) = target.slot {
            self.store(slot, here, value.clone());
        }
        self.bind(here.activation, &target.text, value);
    }

    /// The variable `loop`.
    fn describe_loop(&mut self, index: usize, length: &Value, here: Here) -> Result<()> {
        self.spend(1).map_err(|it| self.fail(it))?;
        let at = index as f64;
        let count = length.number();
        #[expect(
            clippy::float_cmp,
            reason = "whole numbers, compared as JavaScript does"
        )]
        let last = at == count - 1.0;
        let fields = [
            ("index", Value::Number(at + 1.0)),
            ("index0", Value::Number(at)),
            ("revindex", Value::Number(count - at)),
            ("revindex0", Value::Number(count - at - 1.0)),
            ("first", Value::Bool(index == 0)),
            ("last", Value::Bool(last)),
            ("length", length.clone()),
        ];
        let fields = fields.map(|(name, value)| (Arc::from(name), value));
        let value = Value::record(fields.into()).map_err(|it| self.fail(it))?;
        self.bind(here.activation, &Arc::from("loop"), value);
        Ok(())
    }

    /// Safe texts are gone through by letter; other objects stay what they are.
    fn iterable(&mut self, items: Value) -> Result<Value> {
        match items {
            Value::Safe(text) => {
                self.spend(1 + text.len() as u64 / 64)
                    .map_err(|it| self.fail(it))?;
                let letters = text.chars().map(|it| Value::text(it.to_string()));
                Value::list(letters.collect()).map_err(|it| self.fail(it))
            }
            Value::Function(_) => {
                Err(self.fail(Problem::value("a function cannot be looped over")))
            }
            items => Ok(items),
        }
    }
}
