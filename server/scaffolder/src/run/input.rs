//! Checking input against an action's schema.

use serde_json::Value;

use crate::{Redactor, TaskError};

/// Refuses input that does not satisfy a schema, naming the field. Secrets are not repeated.
pub(super) fn check(
    step: &str,
    schema: &Value,
    input: &Value,
    redactor: &Redactor,
) -> Result<(), TaskError> {
    let problem = |field: String, problem: String| TaskError::Input {
        step: step.to_owned(),
        field,
        problem: redactor.redact(&problem),
    };
    let validator = jsonschema::validator_for(schema)
        .map_err(|error| problem("the schema of the action".to_owned(), error.to_string()))?;
    match validator.iter_errors(input).next() {
        None => Ok(()),
        Some(error) => {
            let pointer = error.instance_path().to_string();
            let field = portico_model::pointer::dotted(&format!("/input{pointer}"));
            Err(problem(field, format!("is wrong: {error}")))
        }
    }
}
