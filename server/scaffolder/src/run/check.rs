//! What can be known to be wrong before the first step.

use portico_model::template::Template;

use crate::{Registry, TaskError};

/// Refuses a template with a step whose action does not exist, or that lacks an input that the
/// action requires. What a step gets in the end is checked when it is rendered.
pub fn check(template: &Template, registry: &Registry) -> Result<(), TaskError> {
    for step in &template.steps {
        let Some(action) = registry.get(&step.action) else {
            return Err(TaskError::UnknownAction {
                step: step.id.clone(),
                action: step.action.clone(),
                suggestion: registry.nearest(&step.action),
            });
        };
        let schema = action.input();
        let required = schema["required"].as_array().into_iter().flatten();
        for field in required.filter_map(|it| it.as_str()) {
            if !step.input.contains_key(field) {
                return Err(TaskError::Input {
                    step: step.id.clone(),
                    field: format!("input.{field}"),
                    problem: "is missing".to_owned(),
                });
            }
        }
    }
    Ok(())
}
