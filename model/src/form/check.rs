//! From what was entered to a value, and what is wrong with it.

use serde_json::{Map, Number, Value};

use super::named;
use super::{Draft, Field, FieldKind, ListRules, NumberRules, Property, TextRules};

/// What has been made of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The value, without what is not valid.
    pub value: Option<Value>,
    /// What is wrong, from top to bottom. The value is good when nothing is.
    pub problems: Vec<Problem>,
}

/// Something that is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: a path of positions, as in [`Draft::at`].
    pub path: Vec<usize>,
    /// What, for people.
    pub text: String,
    /// Whether nothing was entered yet: nobody has to hear that while they fill in the form.
    pub missing: bool,
}

/// Makes a value of a draft. `matches` tells whether a text matches a regular expression of
/// ECMA-262, which browsers know best.
pub fn check(field: &Field, draft: &Draft, matches: &dyn Fn(&str, &str) -> bool) -> Outcome {
    let mut checker = Checker {
        matches,
        path: Vec::new(),
        problems: Vec::new(),
    };
    Outcome {
        value: checker.value(field, draft),
        problems: checker.problems,
    }
}

struct Checker<'a> {
    matches: &'a dyn Fn(&str, &str) -> bool,
    path: Vec<usize>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn wrong(&mut self, text: impl Into<String>) {
        self.problem(text.into(), false);
    }

    fn problem(&mut self, text: String, missing: bool) {
        self.problems.push(Problem {
            path: self.path.clone(),
            text,
            missing,
        });
    }

    /// What there is when nothing was entered.
    fn nothing(&mut self, field: &Field) -> Option<Value> {
        match (field.required, field.nullable) {
            (true, true) => return Some(Value::Null),
            (true, false) => self.problem("This is needed".to_owned(), true),
            (false, _) => {}
        }
        None
    }

    fn value(&mut self, field: &Field, draft: &Draft) -> Option<Value> {
        match (&field.kind, draft) {
            (FieldKind::Constant(value), _) => Some(value.clone()),
            (FieldKind::Flag, Draft::Flag(on)) => {
                let said = *on || field.required || field.default.is_some();
                said.then_some(Value::Bool(*on))
            }
            (FieldKind::Text(rules), Draft::Text(text)) if !text.is_empty() => {
                self.text(rules, text);
                if let Some(problem) = named::problem(&field.hints, text) {
                    self.wrong(problem);
                }
                Some(Value::String(text.clone()))
            }
            (FieldKind::Number(rules), Draft::Text(text)) if !text.trim().is_empty() => {
                self.number(rules, text.trim(), field.hints.scale)
            }
            (FieldKind::Json(_), Draft::Text(text)) if !text.trim().is_empty() => {
                match serde_json::from_str(text) {
                    Ok(value) => Some(value),
                    Err(error) => {
                        self.wrong(format!("This is not JSON: {error}"));
                        None
                    }
                }
            }
            (FieldKind::Choice(choices), Draft::Choice(Some(choice))) => {
                choices.get(*choice).map(|it| it.value.clone())
            }
            (FieldKind::Object(properties), Draft::Object { on, children, rest })
                if *on || field.required =>
            {
                Some(self.object(properties, children, rest))
            }
            (FieldKind::List(rules), Draft::List { on, items }) if *on || field.required => {
                for text in items.iter().map(Draft::text) {
                    if let Some(problem) = named::problem(&field.hints, text) {
                        self.wrong(format!("“{text}”: {problem}"));
                    }
                }
                Some(self.list(rules, items))
            }
            (FieldKind::Map(each), Draft::Map { on, names, values }) if *on || field.required => {
                Some(self.map(each, names, values))
            }
            _ => self.nothing(field),
        }
    }

    fn inside(&mut self, at: usize, field: &Field, draft: &Draft) -> Option<Value> {
        self.path.push(at);
        let value = self.value(field, draft);
        self.path.pop();
        value
    }

    fn object(
        &mut self,
        properties: &[Property],
        children: &[Draft],
        rest: &Map<String, Value>,
    ) -> Value {
        let mut object = Map::new();
        for (at, (property, draft)) in properties.iter().zip(children).enumerate() {
            if let Some(value) = self.inside(at, &property.field, draft) {
                object.insert(property.name.clone(), value);
            }
        }
        object.extend(rest.clone());
        Value::Object(object)
    }

    fn list(&mut self, rules: &ListRules, items: &[Draft]) -> Value {
        let values: Vec<Value> = items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| self.inside(at, &rules.item, item))
            .collect();
        let count = items.len() as u64;
        if let Some(fewest) = rules.min_items.filter(|fewest| count < *fewest) {
            let text = format!(
                "At least {} needed",
                counted(fewest, "value is", "values are")
            );
            self.problem(text, items.is_empty());
        } else if let Some(most) = rules.max_items.filter(|most| count > *most) {
            let counted = counted(most, "value is", "values are");
            self.wrong(format!("At most {counted} allowed"));
        }
        let twice = |(at, value): (usize, &Value)| values.iter().take(at).any(|it| it == value);
        if rules.unique && values.iter().enumerate().any(twice) {
            self.wrong("A value comes twice");
        }
        Value::Array(values)
    }

    fn map(&mut self, each: &Field, names: &[String], values: &[Draft]) -> Value {
        let mut map = Map::new();
        for (at, (name, draft)) in names.iter().zip(values).enumerate() {
            let value = self.inside(at, each, draft);
            if name.is_empty() {
                self.problem("Every value needs a name".to_owned(), true);
            } else if map.contains_key(name) {
                self.wrong(format!("The name \"{name}\" comes twice"));
            }
            if let Some(value) = value {
                map.insert(name.clone(), value);
            }
        }
        Value::Object(map)
    }

    fn text(&mut self, rules: &TextRules, text: &str) {
        let length = text.chars().count() as u64;
        if let Some(least) = rules.min_length.filter(|least| length < *least) {
            let counted = counted(least, "character", "characters");
            self.wrong(format!("At least {counted}"));
        } else if let Some(most) = rules.max_length.filter(|most| length > *most) {
            let counted = counted(most, "character", "characters");
            self.wrong(format!("At most {counted}, not {length}"));
        } else if let Some(pattern) = &rules.pattern
            && !(self.matches)(pattern, text)
        {
            self.wrong(format!("This does not match {pattern}"));
        } else if let Some(problem) = rules.format.as_deref().and_then(|it| format(it, text)) {
            self.wrong(problem);
        }
    }

    fn number(&mut self, rules: &NumberRules, text: &str, scale: Option<f64>) -> Option<Value> {
        let Ok(entered) = text.parse::<f64>() else {
            self.wrong("This is not a number");
            return None;
        };
        let scaled = scale.map_or(entered, |scale| entered * scale);
        // As it was typed where nothing has to be computed: `f64` cannot hold every integer.
        let exact = scale
            .is_none()
            .then(|| text.parse::<Number>().ok())
            .flatten();
        let number = match (rules.integer, exact) {
            (true, Some(number)) if number.is_i64() || number.is_u64() => Some(number),
            (true, _) if scaled.fract() == 0.0 && scaled.abs() < 9e15 => {
                Some((scaled as i64).into())
            }
            (true, _) => None,
            (false, Some(number)) => Some(number),
            (false, None) => Number::from_f64(scaled),
        };
        let Some(number) = number else {
            self.wrong("This is not a whole number");
            return None;
        };
        if let Some(problem) = bounds(rules, scaled, scale.unwrap_or(1.0)) {
            self.wrong(problem);
        }
        Some(Value::Number(number))
    }
}

fn bounds(rules: &NumberRules, number: f64, scale: f64) -> Option<String> {
    if let Some(bound) = rules.minimum.filter(|bound| number < *bound) {
        Some(format!("At least {}", bound / scale))
    } else if let Some(bound) = rules.maximum.filter(|bound| number > *bound) {
        Some(format!("At most {}", bound / scale))
    } else if let Some(bound) = rules.above.filter(|bound| number <= *bound) {
        Some(format!("More than {}", bound / scale))
    } else if let Some(bound) = rules.below.filter(|bound| number >= *bound) {
        Some(format!("Less than {}", bound / scale))
    } else {
        let step = rules.multiple_of?;
        let rest = (number / step).fract().abs();
        (rest > 1e-9 && rest < 1.0 - 1e-9).then(|| format!("A multiple of {}", step / scale))
    }
}

/// The formats whose mistakes are worth pointing out.
fn format(format: &str, text: &str) -> Option<&'static str> {
    let spaces = text.contains(char::is_whitespace);
    let (good, problem) = match format {
        "uri" | "url" | "iri" => (
            !spaces
                && text
                    .split_once(':')
                    .is_some_and(|(it, rest)| scheme(it) && !rest.is_empty()),
            "This is not a URL: it begins with https://",
        ),
        "email" | "idn-email" => (
            !spaces
                && text
                    .split_once('@')
                    .is_some_and(|(who, at)| !who.is_empty() && !at.is_empty()),
            "This is not an e-mail address",
        ),
        "date" => (date(text), "This is not a date such as 2026-01-31"),
        _ => return None,
    };
    (!good).then_some(problem)
}

fn scheme(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
}

fn date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |it: &str, count| it.len() == count && it.bytes().all(|it| it.is_ascii_digit());
    let within = |it: &str, most: u8| it.parse().is_ok_and(|it: u8| (1..=most).contains(&it));
    matches!(parts.as_slice(), [year, month, day]
        if digits(year, 4) && digits(month, 2) && digits(day, 2)
            && within(month, 12) && within(day, 31))
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests;
