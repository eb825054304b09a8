//! What can be known to be wrong before the first step.

use portico_model::template::{Step, Template};
use serde_json::Value;

use crate::{Registry, TaskError};

/// Refuses a template with a step whose action does not exist, that lacks an input that the
/// action requires, or whose input is wrong whatever its expressions come to. The rest is checked
/// when a step is rendered.
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
        let wrong = |field: String, problem: String| TaskError::Input {
            step: step.id.clone(),
            field,
            problem,
        };
        let required = schema["required"].as_array().into_iter().flatten();
        for field in required.filter_map(|it| it.as_str()) {
            if !step.input.contains_key(field) {
                return Err(wrong(format!("input.{field}"), "is missing".to_owned()));
            }
        }
        let Ok(validator) = jsonschema::validator_for(&schema) else {
            continue;
        };
        let input = Value::Object(step.input.clone());
        for error in validator.iter_errors(&input) {
            // An expression may come to anything.
            if error.instance().to_string().contains("${{") {
                continue;
            }
            let pointer = error.instance_path().to_string();
            let field = portico_model::pointer::dotted(&format!("/input{pointer}"));
            return Err(wrong(field, format!("is wrong: {error}")));
        }
    }
    Ok(())
}

/// The inputs that no action of the registry knows by this name, each as an error that names
/// what was probably meant. Steps run with them all the same, as on Backstage: for authors.
pub fn unknown_inputs(template: &Template, registry: &Registry) -> Vec<TaskError> {
    let unknown = |step: &Step| {
        let schema = registry.get(&step.action)?.input();
        let known = schema.get("properties")?.as_object()?;
        if schema
            .get("additionalProperties")
            .is_some_and(|it| *it != false)
        {
            return None;
        }
        let names = step.input.keys().filter(|name| !known.contains_key(*name));
        let errors = names.map(|name| TaskError::Input {
            step: step.id.clone(),
            field: format!("input.{name}"),
            problem: match nearest(name, known.keys()) {
                Some(meant) => {
                    format!("is not known to {}; did you mean \"{meant}\"?", step.action)
                }
                None => format!("is not known to {}", step.action),
            },
        });
        Some(errors.collect::<Vec<_>>())
    };
    template
        .steps
        .iter()
        .filter_map(unknown)
        .flatten()
        .collect()
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let near = known.map(|it| (strsim::osa_distance(it, name), it));
    let near = near.filter(|(distance, _)| *distance <= 3).min();
    near.map(|(_, it)| it)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(input: &Value) -> Template {
        let entity = json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
            "metadata": {"name": "x"},
            "spec": {"type": "service", "steps": [
                {"id": "rename", "action": "fs:rename", "input": input},
            ]},
        });
        Template::parse(&entity).unwrap()
    }

    fn wrong(input: &Value) -> Option<String> {
        let checked = check(&template(input), &Registry::native());
        checked.err().map(|error| error.to_string())
    }

    #[test]
    fn what_is_wrong_whatever_expressions_come_to_is_told_before_the_first_step() {
        assert_eq!(wrong(&json!({"files": [{"from": "a", "to": "b"}]})), None);
        assert_eq!(wrong(&json!({"files": "${{ parameters.files }}"})), None);
        assert_eq!(
            wrong(
                &json!({"files": [{"from": "${{ parameters.a }}", "to": "b", "overwrite": "${{ true }}"}]})
            ),
            None
        );
        let told =
            wrong(&json!({"files": [{"from": "a", "to": "b", "overwrite": "yes"}]})).unwrap();
        assert!(told.contains("input.files[0].overwrite is wrong"), "{told}");
        let told = wrong(&json!({"files": "a"})).unwrap();
        assert!(told.contains("input.files is wrong"), "{told}");
    }

    #[test]
    fn a_misspelt_input_is_told_to_authors() {
        let template = template(&json!({"files": [], "file": "a", "whatever": 1}));
        assert!(check(&template, &Registry::native()).is_ok());
        let told = unknown_inputs(&template, &Registry::native());
        let told: Vec<_> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "step \"rename\": input.file is not known to fs:rename; did you mean \"files\"?",
                "step \"rename\": input.whatever is not known to fs:rename",
            ]
        );
    }
}
