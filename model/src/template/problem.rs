//! What is wrong with a template.

use std::fmt;

use crate::{pointer, yaml};

/// One thing that is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    /// The step or page it is in, as people would say it: `step "fetch"`, `page 2`.
    pub part: Option<String>,
    /// The JSON pointer of the field.
    pub pointer: String,
    /// What is wrong, without the field: `is missing`.
    pub message: String,
}

impl TemplateProblem {
    /// Where it is in the text of the document.
    pub fn locate(&self, document: &str) -> Option<yaml::Position> {
        yaml::locate(document, &self.pointer)
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = &self.part {
            write!(f, "{part}: ")?;
        }
        let field = pointer::dotted(&self.pointer);
        let field = if field.is_empty() {
            "the document"
        } else {
            &field
        };
        write!(f, "{field} {}", self.message)
    }
}

impl std::error::Error for TemplateProblem {}
