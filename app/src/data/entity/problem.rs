//! What is wrong with a source, as pages show it.

use serde::{Deserialize, Serialize};

/// Something wrong with the entity's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemView {
    /// The file, as `type:target`.
    pub source: String,
    /// The entity concerned, when known.
    pub entity_ref: Option<String>,
    /// `yaml`, `validation`, `conflict`, `read`, `rule`, `placeholder`.
    pub code: String,
    /// True for an error, false for a warning.
    pub error: bool,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The field, as JSON pointer.
    pub pointer: Option<String>,
    /// Line in the file, from 1.
    pub line: Option<i32>,
    /// Column in the file, from 1.
    pub column: Option<i32>,
}

#[cfg(feature = "ssr")]
impl ProblemView {
    /// The view of a problem in the file `source`.
    pub(crate) fn of(source: &str, problem: &portico_catalog::Problem) -> Self {
        Self {
            source: source.to_owned(),
            entity_ref: problem.entity_ref.clone(),
            code: problem.code.clone(),
            error: problem.severity == portico_catalog::Severity::Error,
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            pointer: problem.pointer.clone(),
            line: problem.line,
            column: problem.column,
        }
    }
}
