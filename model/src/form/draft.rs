//! What somebody has entered so far.

use serde_json::{Map, Value};

use super::{Field, FieldKind};

/// What was entered into a field, valid or not. It has the shape of its [`Field`]; a place in
/// it is a path of positions.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Of texts, numbers, and JSON.
    Text(String),
    /// Of yes or no.
    Flag(bool),
    /// Of one of several: which, if any.
    Choice(Option<usize>),
    /// Of what is always the same.
    Constant,
    /// Of an object.
    Object {
        /// Whether there is one; always of one that is required.
        on: bool,
        /// In the order of the properties.
        children: Vec<Draft>,
        /// What the schema does not know; it is kept.
        rest: Map<String, Value>,
    },
    /// Of a list.
    List {
        /// Whether there is one, be it empty.
        on: bool,
        /// Its values.
        items: Vec<Draft>,
    },
    /// Of values with names.
    Map {
        /// Whether there is one, be it empty.
        on: bool,
        /// The names.
        names: Vec<String>,
        /// The values, in the order of the names.
        values: Vec<Draft>,
    },
}

impl Draft {
    /// The draft of a value, or of the field's default when there is none.
    pub fn of(field: &Field, value: Option<&Value>) -> Self {
        let value = value.filter(|value| !value.is_null());
        let value = value.or(field.default.as_ref().filter(|it| !it.is_null()));
        let on = field.required || value.is_some();
        match &field.kind {
            FieldKind::Text(_) => Self::Text(value.map(shown).unwrap_or_default()),
            FieldKind::Number(_) => {
                let text = value.map(|value| number(value, field.hints.scale));
                Self::Text(text.unwrap_or_default())
            }
            FieldKind::Json(_) => {
                let text = value.and_then(|value| serde_json::to_string_pretty(value).ok());
                Self::Text(text.unwrap_or_default())
            }
            FieldKind::Flag => Self::Flag(value.is_some_and(|value| *value == true)),
            FieldKind::Choice(choices) => Self::Choice(
                value.and_then(|value| choices.iter().position(|it| it.value == *value)),
            ),
            FieldKind::Constant(_) => Self::Constant,
            FieldKind::Object(properties) => {
                let mut rest = value
                    .and_then(Value::as_object)
                    .cloned()
                    .unwrap_or_default();
                let children = properties
                    .iter()
                    .map(|it| Self::of(&it.field, rest.shift_remove(&it.name).as_ref()));
                let children = children.collect();
                Self::Object { on, children, rest }
            }
            FieldKind::List(rules) => {
                let items = value.and_then(Value::as_array).into_iter().flatten();
                let items = items.map(|item| Self::of(&rules.item, Some(item)));
                let items = items.collect();
                Self::List { on, items }
            }
            FieldKind::Map(each) => {
                let entries = value.and_then(Value::as_object).into_iter().flatten();
                let entries = entries.map(|(name, it)| (name.clone(), Self::of(each, Some(it))));
                let (names, values) = entries.unzip();
                Self::Map { on, names, values }
            }
        }
    }

    /// The draft at a path.
    pub fn at(&self, path: &[usize]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let child = match self {
            Self::Object { children, .. } => children.get(*first),
            Self::List { items, .. } => items.get(*first),
            Self::Map { values, .. } => values.get(*first),
            _ => None,
        };
        child?.at(rest)
    }

    /// The draft at a path, to be changed.
    pub fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let child = match self {
            Self::Object { children, .. } => children.get_mut(*first),
            Self::List { items, .. } => items.get_mut(*first),
            Self::Map { values, .. } => values.get_mut(*first),
            _ => None,
        };
        child?.at_mut(rest)
    }

    /// The text of a text field.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// Whether it is yes, or there.
    pub fn is_on(&self) -> bool {
        match self {
            Self::Flag(on)
            | Self::Object { on, .. }
            | Self::List { on, .. }
            | Self::Map { on, .. } => *on,
            Self::Text(text) => !text.is_empty(),
            Self::Choice(choice) => choice.is_some(),
            Self::Constant => true,
        }
    }

    /// Makes it yes or no, there or not there.
    pub fn switch(&mut self, to: bool) {
        match self {
            Self::Flag(on)
            | Self::Object { on, .. }
            | Self::List { on, .. }
            | Self::Map { on, .. } => *on = to,
            Self::Text(_) | Self::Choice(_) | Self::Constant => {}
        }
    }

    /// How many values a list or a map has.
    pub fn len(&self) -> usize {
        match self {
            Self::List { items, .. } => items.len(),
            Self::Map { values, .. } => values.len(),
            _ => 0,
        }
    }

    /// Whether a list or a map has no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value to a list or a map, which is there from then on.
    pub fn add(&mut self, value: Self) {
        self.switch(true);
        match self {
            Self::List { items, .. } => items.push(value),
            Self::Map { names, values, .. } => {
                names.push(String::new());
                values.push(value);
            }
            _ => {}
        }
    }

    /// Takes a value out of a list or a map.
    pub fn remove(&mut self, at: usize) {
        match self {
            Self::List { items, .. } if at < items.len() => {
                items.remove(at);
            }
            Self::Map { names, values, .. } if at < values.len() => {
                names.remove(at);
                values.remove(at);
            }
            _ => {}
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A number in the unit it is shown in.
fn number(value: &Value, scale: Option<f64>) -> String {
    match (value.as_f64(), scale) {
        (Some(number), Some(scale)) => (number / scale).to_string(),
        _ => shown(value),
    }
}
