//! Why a template does not render: what, in which field, on which line, and what was meant.

use std::fmt;

use crate::suggest::did_you_mean;

/// A template that cannot be read or rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{problem}")]
pub struct TemplateError {
    /// Where it happened.
    pub place: Place,
    /// What is wrong.
    pub problem: Problem,
}

/// Where in a document and in a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The field that holds the template, as in `input.values.name`, or the name of a file.
    pub field: Option<String>,
    /// The line in the template, from 1.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.field, self.line) {
            (Some(field), Some(line)) => write!(f, "{field}, line {line}: "),
            (Some(field), None) => write!(f, "{field}: "),
            (None, Some(line)) => write!(f, "line {line}: "),
            (None, None) => Ok(()),
        }
    }
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// It does not follow the grammar.
    #[error("{0}")]
    Syntax(String),
    /// `{% … %}` with a word that begins no tag.
    #[error("there is no tag \"{name}\"{}", did_you_mean(.suggestion.as_deref()))]
    UnknownTag {
        /// The word.
        name: String,
        /// The tag that was probably meant.
        suggestion: Option<String>,
    },
    /// `value | name` with a filter that nobody has made.
    #[error("there is no filter \"{name}\"{}", did_you_mean(.suggestion.as_deref()))]
    UnknownFilter {
        /// The word.
        name: String,
        /// The filter that was probably meant.
        suggestion: Option<String>,
    },
    /// `value is name` with a test that does not exist.
    #[error("there is no test \"{name}\"{}", did_you_mean(.suggestion.as_deref()))]
    UnknownTest {
        /// The word.
        name: String,
        /// The test that was probably meant.
        suggestion: Option<String>,
    },
    /// A variable that the context does not have; only where that is asked for.
    #[error("there is no variable \"{name}\"{}", did_you_mean(.suggestion.as_deref()))]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// A call of what is no function.
    #[error("\"{name}\" cannot be called, it is {found}{hint}")]
    NotCallable {
        /// What was called, as written.
        name: String,
        /// What it is instead.
        found: &'static str,
        /// What to do; begins with a separator, or empty.
        hint: String,
    },
    /// A filter refused its input.
    #[error("the filter \"{name}\" failed: {reason}")]
    Filter {
        /// The filter.
        name: String,
        /// What it needs.
        reason: String,
    },
    /// A function refused its arguments.
    #[error("the function \"{name}\" failed: {reason}")]
    Function {
        /// The function.
        name: String,
        /// What it needs.
        reason: String,
    },
    /// A value is used for what it cannot be used for.
    #[error("{0}")]
    Value(String),
    /// More steps than a template may take: most often a loop in a loop.
    #[error("it takes more than {limit} steps to render; loop over less")]
    TooMuchWork {
        /// The limit, in steps.
        limit: u64,
    },
    /// More text than a template may make.
    #[error("it makes more than {limit} characters of text")]
    OutputTooLarge {
        /// The limit, in characters.
        limit: usize,
    },
    /// One value that would be too large.
    #[error("it makes a value too large to keep")]
    ValueTooLarge,
    /// Nesting that is too deep.
    #[error("{what} more than {most} deep")]
    TooDeep {
        /// What nests.
        what: &'static str,
        /// The limit.
        most: usize,
    },
}

impl Problem {
    pub(crate) fn syntax(text: impl Into<String>) -> Self {
        Self::Syntax(text.into())
    }

    pub(crate) fn value(text: impl Into<String>) -> Self {
        Self::Value(text.into())
    }

    pub(crate) fn at(self, line: usize) -> TemplateError {
        TemplateError {
            place: Place {
                field: None,
                line: Some(line),
            },
            problem: self,
        }
    }
}

impl TemplateError {
    /// The same error, in a field that encloses the place it was in.
    #[must_use]
    pub fn within(mut self, field: &str) -> Self {
        self.place.field = Some(match self.place.field {
            None => field.to_owned(),
            Some(inner) if inner.starts_with('[') => format!("{field}{inner}"),
            Some(inner) => format!("{field}.{inner}"),
        });
        self
    }
}

/// Shorthand for results of templates.
pub type Result<T, E = TemplateError> = std::result::Result<T, E>;
