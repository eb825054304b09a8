//! What the form gave: completed with defaults, and checked on the server again.

use jsonschema::{ValidationError, error::ValidationErrorKind};
use portico_access::Principal;
use portico_model::{form, template::Template};
use serde_json::{Map, Value};

use crate::{Result, SecretsKey, Tasks, TasksError, ValueProblem};

impl Tasks {
    /// The values that a template runs with when somebody puts in these, completed with defaults.
    /// Fails with what is wrong with them: the one rule, for tasks and for dry runs.
    pub(crate) async fn accepted(
        &self,
        who: &Principal,
        template: &Template,
        values: Value,
        secrets: &Value,
    ) -> Result<Value> {
        let values = checked(template, values)?;
        self.check_choices(who, template, &values).await?;
        check_secrets(template, secrets)?;
        Ok(values)
    }

    /// What secrets are encrypted with. A portal without a key takes none.
    pub(crate) fn secrets_key(&self) -> Result<&SecretsKey> {
        self.options().key.as_ref().ok_or_else(|| {
            TasksError::Values(vec![ValueProblem {
                field: "secrets".to_owned(),
                message: "this portal cannot keep secrets; an administrator has to set \
                          scaffolder.secretsKey"
                    .to_owned(),
            }])
        })
    }
}

/// Whether there are any.
pub(crate) fn has_secrets(secrets: &Value) -> bool {
    secrets.as_object().is_some_and(|all| !all.is_empty())
}

/// The values with the defaults of the fields that were left out. Fails with everything that is
/// wrong with them, page by page.
fn checked(template: &Template, values: Value) -> Result<Value> {
    let mut values = match values {
        Value::Null => Value::Object(Map::new()),
        values if values.is_object() => values,
        _ => return Err(TasksError::Input("values must be an object".to_owned())),
    };
    let schemas = template.pages.iter();
    let schemas: Vec<Value> = schemas.map(|it| Value::Object(it.schema.clone())).collect();
    for schema in &schemas {
        form::complete(schema, &mut values);
    }
    let mut problems = Vec::new();
    for schema in &schemas {
        check(schema, &values, "", &mut problems);
        let named = form::check_named(schema, &values).into_iter();
        problems.extend(named.map(|(field, message)| ValueProblem {
            field,
            message: message.to_owned(),
        }));
    }
    match problems.is_empty() {
        true => Ok(values),
        false => Err(TasksError::Values(problems)),
    }
}

/// Fails when the secrets do not satisfy the template. No value is repeated.
pub(crate) fn check_secrets(template: &Template, secrets: &Value) -> Result<()> {
    if !secrets.is_object() && !secrets.is_null() {
        return Err(TasksError::Input("secrets must be an object".to_owned()));
    }
    let Some(schema) = &template.secrets else {
        return Ok(());
    };
    let empty = Value::Object(Map::new());
    let secrets = if secrets.is_null() { &empty } else { secrets };
    let mut problems = Vec::new();
    check(schema, secrets, "secrets", &mut problems);
    for problem in &mut problems {
        if !problem.message.contains("required") {
            "is not what the template asks for".clone_into(&mut problem.message);
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(TasksError::Values(problems)),
    }
}

fn check(schema: &Value, values: &Value, within: &str, problems: &mut Vec<ValueProblem>) {
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => {
            problems.push(ValueProblem {
                field: within.to_owned(),
                message: format!("the template's own schema is wrong: {error}"),
            });
            return;
        }
    };
    for error in validator.iter_errors(values) {
        tell(&error, within, problems);
    }
}

/// Says what is wrong. Of alternatives, which forms show by an answer given before, the one that
/// was chosen is told about: that none fits helps nobody, and would repeat all that was entered.
fn tell(error: &ValidationError<'_>, within: &str, problems: &mut Vec<ValueProblem>) {
    let message = match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let mut chosen = context.iter().filter(|errors| !errors.iter().any(chooses));
            if let (Some(errors), None) = (chosen.next(), chosen.next()) {
                for error in errors {
                    tell(error, within, problems);
                }
                return;
            }
            "is none of the alternatives that there are".to_owned()
        }
        _ => error.to_string(),
    };
    let pointer = error.instance_path().to_string();
    let field = portico_model::pointer::dotted(&pointer);
    let field = match (within, field.as_str()) {
        ("", field) => field.to_owned(),
        (within, "") => within.to_owned(),
        (within, field) => format!("{within}.{field}"),
    };
    problems.push(ValueProblem { field, message });
}

/// Whether an error says that another alternative was chosen.
fn chooses(error: &ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. }
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template() -> Template {
        Template::parse(&json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3",
            "kind": "Template",
            "metadata": {"name": "service"},
            "spec": {
                "type": "service",
                "steps": [],
                "parameters": [
                    {"required": ["name"], "properties": {
                        "name": {"type": "string", "pattern": "^[a-z]+$"},
                        "tier": {"type": "string", "enum": ["a", "b"], "default": "b"}},
                     "dependencies": {"tier": {"oneOf": [
                        {"properties": {"tier": {"not": {"const": "b"}}}},
                        {"properties": {"tier": {"enum": ["b"]},
                            "days": {"type": "integer", "default": 30}}}]}}},
                    {"properties": {"tags": {"type": "array", "items": {"type": "string"}}}},
                ],
                "secrets": {"schema": {"type": "object", "required": ["token"],
                    "properties": {"token": {"type": "string", "minLength": 8}}}},
            },
        }))
        .unwrap()
    }

    fn problems(outcome: Result<Value>) -> Vec<String> {
        match outcome {
            Err(TasksError::Values(problems)) => problems.into_iter().map(|it| it.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn defaults_are_filled_in_and_every_page_is_checked() {
        let values = checked(&template(), json!({"name": "orders"})).unwrap();
        assert_eq!(values, json!({"name": "orders", "tier": "b", "days": 30}));
        let values = checked(&template(), json!({"name": "orders", "tier": "a"})).unwrap();
        assert_eq!(values, json!({"name": "orders", "tier": "a"}));
        let wrong = json!({"name": "Orders", "tier": "c", "tags": ["x", 1]});
        assert_eq!(
            problems(checked(&template(), wrong)),
            ["name", "tier", "tags[1]"]
        );
        assert_eq!(problems(checked(&template(), Value::Null)), [""]);
        assert!(checked(&template(), json!([])).is_err());
    }

    #[test]
    fn of_alternatives_the_chosen_one_is_told_about() {
        let host = |name: &str, needs: &str| {
            json!({"properties": {"host": {"enum": [name]}, needs: {"type": "string"}},
                "required": [needs]})
        };
        let template = Template::parse(&json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3",
            "kind": "Template",
            "metadata": {"name": "service"},
            "spec": {"type": "service", "steps": [], "parameters": {
                "properties": {"host": {"type": "string"}},
                "dependencies": {"host": {"oneOf": [
                    host("github.com", "owner"), host("dev.azure.com", "project")]}},
            }},
        }))
        .unwrap();
        let told = |values: Value| match checked(&template, values) {
            Err(TasksError::Values(problems)) => problems
                .into_iter()
                .map(|it| format!("{}: {}", it.field, it.message))
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            told(json!({"host": "dev.azure.com"})),
            [": \"project\" is a required property"]
        );
        assert_eq!(
            told(json!({"host": "dev.azure.com", "project": 1})),
            ["project: 1 is not of type \"string\""]
        );
        assert_eq!(
            told(json!({"host": "elsewhere"})),
            [": is none of the alternatives that there are"]
        );
    }

    #[test]
    fn secrets_are_checked_and_not_repeated() {
        check_secrets(&template(), &json!({"token": "long enough"})).unwrap();
        let missing = check_secrets(&template(), &Value::Null)
            .unwrap_err()
            .to_string();
        assert!(missing.contains("\"token\""), "{missing}");
        let short = check_secrets(&template(), &json!({"token": "hunter2"}));
        let short = short.unwrap_err().to_string();
        assert!(
            short.contains("secrets.token") && !short.contains("hunter2"),
            "{short}"
        );
    }
}
