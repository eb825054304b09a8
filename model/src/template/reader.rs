//! Reading fields with their types, collecting what is wrong.

use std::{cell::RefCell, rc::Rc};

use serde_json::{Map, Value};

use super::TemplateProblem;
use crate::pointer;

/// An object of a document that is being read.
pub(super) struct Reader<'a> {
    object: Option<&'a Map<String, Value>>,
    pointer: String,
    part: Option<String>,
    problems: Rc<RefCell<Vec<TemplateProblem>>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        let reader = Self {
            object: document.as_object(),
            pointer: String::new(),
            part: None,
            problems: Rc::default(),
        };
        if reader.object.is_none() {
            reader.report(String::new(), expected("an object", document));
        }
        reader
    }

    pub(super) fn into_problems(self) -> Vec<TemplateProblem> {
        self.problems.take()
    }

    fn report(&self, pointer: String, message: String) {
        self.problems.borrow_mut().push(TemplateProblem {
            part: self.part.clone(),
            pointer,
            message,
        });
    }

    /// Tells that a field is wrong.
    pub(super) fn problem(&self, field: &str, message: &str) {
        self.report(pointer::join(&self.pointer, field), message.to_owned());
    }

    /// A field, unless it is null.
    pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
        self.object?.get(field).filter(|value| !value.is_null())
    }

    /// The names of the fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        self.object.into_iter().flat_map(Map::keys)
    }

    /// A text. Numbers and flags are taken for their text, as YAML's authors mean them.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        match self.value(field)? {
            Value::String(text) => Some(text.clone()),
            other @ (Value::Number(_) | Value::Bool(_)) => Some(other.to_string()),
            other => {
                self.problem(field, &expected("a text", other));
                None
            }
        }
    }

    pub(super) fn required_text(&self, field: &str) -> String {
        if self.object.is_some() && self.value(field).is_none() {
            self.problem(field, "is missing");
        }
        self.text(field).unwrap_or_default()
    }

    pub(super) fn texts(&self, field: &str) -> Vec<String> {
        let texts = self.list(field).iter().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// A list; nothing when there is none.
    pub(super) fn list(&self, field: &str) -> &'a [Value] {
        match self.value(field) {
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.problem(field, &expected("a list", other));
                &[]
            }
            None => &[],
        }
    }

    /// An object below this one.
    pub(super) fn object(&self, field: &str) -> Option<Self> {
        let below = self.at(field, self.value(field)?);
        below.object.is_some().then_some(below)
    }

    /// An object that has to be there; an empty one in its place when it is not.
    pub(super) fn required_object(&self, field: &str) -> Self {
        if let Some(value) = self.value(field) {
            return self.at(field, value);
        }
        if self.object.is_some() {
            self.problem(field, "is missing");
        }
        self.below(field, None)
    }

    /// The items of a list that are objects.
    pub(super) fn objects(&self, field: &str) -> Vec<Self> {
        let list = self.below(field, None);
        let items = self.list(field).iter().enumerate();
        items
            .map(|(at, item)| list.at(&at.to_string(), item))
            .collect()
    }

    /// A copy of an object, of which only that it is one is looked at.
    pub(super) fn map(&self, field: &str) -> Map<String, Value> {
        let object = self.object(field).and_then(|it| it.object);
        object.cloned().unwrap_or_default()
    }

    /// This object, complete.
    pub(super) fn all(&self) -> Map<String, Value> {
        self.object.cloned().unwrap_or_default()
    }

    /// The same place, named so in problems.
    pub(super) fn named(mut self, part: String) -> Self {
        // What was told already when this was taken from its list gets the name, too.
        for problem in self.problems.borrow_mut().iter_mut() {
            if problem.part.is_none() && problem.pointer == self.pointer {
                problem.part = Some(part.clone());
            }
        }
        self.part = Some(part);
        self
    }

    fn at(&self, field: &str, value: &'a Value) -> Self {
        let below = self.below(field, value.as_object());
        if below.object.is_none() {
            self.problem(field, &expected("an object", value));
        }
        below
    }

    fn below(&self, field: &str, object: Option<&'a Map<String, Value>>) -> Self {
        Self {
            object,
            pointer: pointer::join(&self.pointer, field),
            part: self.part.clone(),
            problems: Rc::clone(&self.problems),
        }
    }
}

fn expected(what: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("should be {what}, and is {found}")
}
