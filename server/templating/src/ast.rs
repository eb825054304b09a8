//! The tree of a template.

use std::sync::Arc;

use crate::value::Value;

/// A part of a template.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Text(Arc<str>),
    Output(Expr),
    If {
        cases: Vec<(Expr, Vec<Node>)>,
        otherwise: Vec<Node>,
    },
    For(Box<For>),
    Switch {
        value: Expr,
        cases: Vec<(Expr, Vec<Node>)>,
        default: Vec<Node>,
    },
    Set {
        targets: Vec<Name>,
        value: Expr,
    },
    Macro {
        definition: Arc<Macro>,
        name: Name,
        /// Whether it is defined for the whole template, not for the frame it is in.
        global: bool,
    },
    Block(Arc<Body>),
}

/// `{% for targets in items %}body{% else %}otherwise{% endfor %}`
#[derive(Clone, Debug)]
pub(crate) struct For {
    pub(crate) targets: Vec<Name>,
    pub(crate) items: Expr,
    pub(crate) body: Vec<Node>,
    /// Two or more targets: the two that take key and value of an object, and the body again,
    /// with its names resolved to them. Empty until names are resolved.
    pub(crate) record_targets: Vec<Name>,
    pub(crate) record_body: Vec<Node>,
    pub(crate) otherwise: Vec<Node>,
    /// The variable that has the length. It keeps the one of an earlier round when there is
    /// nothing to go through, and `otherwise` is then left out.
    pub(crate) length: Option<Slot>,
    pub(crate) line: usize,
}

/// What JavaScript would make a function of, with variables of its own.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) nodes: Vec<Node>,
    /// How many variables it has.
    pub(crate) slots: usize,
}

/// `{% macro name(positional, keyword=default) %}`
#[derive(Clone, Debug)]
pub(crate) struct Macro {
    pub(crate) positional: Vec<Name>,
    pub(crate) keywords: Vec<(Arc<str>, Expr)>,
    pub(crate) body: Body,
    /// The body of a `call`: sees the variables of where it is written.
    pub(crate) is_caller: bool,
}

/// A name, and the variable that Nunjucks' compiler resolves it to, if it does. Other names
/// are looked up while rendering: in the frames, then in the context.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: Arc<str>,
    pub(crate) slot: Option<Slot>,
}

/// A variable: so many functions further out, at this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) outwards: usize,
    pub(crate) index: usize,
}

/// Something with a value.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Literal(Value),
    Name(Name, usize),
    List(Vec<Expr>),
    Record(Vec<(Arc<str>, Expr)>),
    /// Parentheses: the last of what is in them.
    Group(Vec<Expr>),
    /// `object[key]`
    Member(Box<(Expr, Expr)>),
    /// `list[start:stop:step]`
    Slice(Box<(Expr, [Option<Expr>; 3])>),
    Call(Box<Call>),
    Filter(Box<Filter>),
    /// `value is name(arguments)`
    Test(Box<Filter>),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<(Expr, Expr)>),
    /// `needle in haystack`
    In(Box<(Expr, Expr)>, usize),
    /// `base ** exponent`
    Power(Box<(Expr, Expr)>),
    /// `a // b`: the quotient, rounded down.
    Floor(Box<Expr>),
    /// `then if condition else otherwise`
    If(Box<[Expr; 3]>),
    /// What `call` hands to the macro.
    Caller(Arc<Macro>),
    /// What a part of the template prints.
    Capture(Box<Body>),
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) callee: Expr,
    pub(crate) arguments: Arguments,
    pub(crate) line: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) name: Arc<str>,
    pub(crate) value: Expr,
    pub(crate) arguments: Arguments,
    pub(crate) line: usize,
}

/// Arguments of a call, in the order written; those with names become one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Expr>,
    pub(crate) keywords: Vec<(Arc<str>, Expr)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Not,
    Negative,
    Positive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Or,
    And,
    Equal,
    StrictlyEqual,
    NotEqual,
    StrictlyNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Binary {
    /// How strongly it binds, as in ECMAScript.
    pub(crate) fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::StrictlyEqual | Self::NotEqual | Self::StrictlyNotEqual => 3,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Remainder => 6,
        }
    }

    /// The comparison with this mark.
    pub(crate) fn comparison(mark: &str) -> Option<Self> {
        Some(match mark {
            "==" => Self::Equal,
            "===" => Self::StrictlyEqual,
            "!=" => Self::NotEqual,
            "!==" => Self::StrictlyNotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

impl Expr {
    /// The expression as a message names it.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Name(name, _) => name.text.to_string(),
            Self::Literal(value) => value.to_text(),
            Self::Member(member) => match &member.1 {
                Self::Literal(Value::Text(key)) => format!("{}.{key}", member.0.describe()),
                key => format!("{}[{}]", member.0.describe(), key.describe()),
            },
            Self::Call(call) => format!("{}(…)", call.callee.describe()),
            Self::Filter(filter) => format!("{} | {}", filter.value.describe(), filter.name),
            _ => "(…)".to_owned(),
        }
    }
}
