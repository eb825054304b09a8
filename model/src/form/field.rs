//! What a form asks for.

use serde_json::Value;

use super::Hints;

/// One thing a form asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it is called; none: after its name.
    pub title: Option<String>,
    /// How to fill it in.
    pub description: Option<String>,
    /// Whether there has to be a value.
    pub required: bool,
    /// Whether nothing is written as `null` when there has to be a value.
    pub nullable: bool,
    /// The value when nobody says another.
    pub default: Option<Value>,
    /// How to show it.
    pub hints: Hints,
    /// What kind of value it has.
    pub kind: FieldKind,
}

/// What kind of value a field has.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// A text.
    Text(TextRules),
    /// A number.
    Number(NumberRules),
    /// Yes or no.
    Flag,
    /// One of several.
    Choice(Vec<Alternative>),
    /// Always the same.
    Constant(Value),
    /// Fields with names.
    Object(Vec<Property>),
    /// Any number of values of one kind.
    List(Box<ListRules>),
    /// Any number of values of one kind, with names that are entered too.
    Map(Box<Field>),
    /// What no field can show, with the reason.
    Json(String),
}

/// What a text has to be like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRules {
    /// In characters.
    pub min_length: Option<u64>,
    /// In characters.
    pub max_length: Option<u64>,
    /// A regular expression of ECMA-262.
    pub pattern: Option<String>,
    /// Such as `uri` or `date`.
    pub format: Option<String>,
}

/// What a number has to be like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberRules {
    /// Whether it has no fraction.
    pub integer: bool,
    /// The smallest.
    pub minimum: Option<f64>,
    /// The largest.
    pub maximum: Option<f64>,
    /// It is larger than this.
    pub above: Option<f64>,
    /// It is smaller than this.
    pub below: Option<f64>,
    /// It is a multiple of this.
    pub multiple_of: Option<f64>,
}

/// What a list has to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRules {
    /// Each of its values.
    pub item: Field,
    /// The fewest.
    pub min_items: Option<u64>,
    /// The most.
    pub max_items: Option<u64>,
    /// Whether no value comes twice.
    pub unique: bool,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// What it is shown as.
    pub label: String,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its key.
    pub name: String,
    /// What it holds.
    pub field: Field,
}

impl Field {
    /// What to call it when its key is `name`: `baseUrl` is "Base url".
    pub fn label(&self, name: &str) -> String {
        self.title.clone().unwrap_or_else(|| in_words(name))
    }

    /// What to say of how to fill it in.
    pub fn help(&self) -> Option<&str> {
        self.hints.help.as_deref().or(self.description.as_deref())
    }

    /// Whether it is a list of which each value can be chosen or not.
    pub fn is_selection(&self) -> bool {
        matches!(&self.kind, FieldKind::List(rules)
            if rules.unique && matches!(rules.item.kind, FieldKind::Choice(_)))
    }
}

fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for (at, char) in name.chars().enumerate() {
        match char {
            _ if at == 0 => words.extend(char.to_uppercase()),
            '_' | '-' => words.push(' '),
            _ if char.is_uppercase() => {
                words.push(' ');
                words.extend(char.to_lowercase());
            }
            _ => words.push(char),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn names_become_words() {
        for (name, words) in [
            ("baseUrl", "Base url"),
            ("max_items", "Max items"),
            ("end-of-life", "End of life"),
            ("", ""),
        ] {
            assert_eq!(in_words(name), words);
        }
    }
}
