//! Which secrets a template asks for.

use portico_model::template::Template;
use serde::Serialize;
use serde_json::Value;

/// A secret of a task. Its value is gone when the task has ended: another try needs it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecretField {
    /// What steps call it: `secrets.<name>`.
    pub name: String,
    /// What people see.
    pub title: String,
    /// Whether the task cannot do without: the template says so, or it was given before.
    pub required: bool,
}

/// The secrets of a template: the `Secret` fields of its form, in order, then what else its
/// schema of secrets names. `parameters` tell which were given: a secret leaves stars behind.
pub(crate) fn secrets_of(template: &Template, parameters: &Value) -> Vec<SecretField> {
    let schema = template.secrets.as_ref();
    let of_schema = |key: &str| schema.and_then(|it| it.get(key));
    let required = of_schema("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|it| it.iter().any(|it| it == name));
    let title = |name: &str, field: Option<&Value>| {
        let title = field.and_then(|it| it.get("title")?.as_str());
        title.unwrap_or(name).to_owned()
    };
    let mut secrets: Vec<SecretField> = Vec::new();
    let asked = template.pages.iter().flat_map(|page| {
        let schema = Value::Object(page.schema.clone());
        portico_model::form::secrets(&schema, parameters)
    });
    for (name, field, given) in asked {
        let given = given.is_some_and(|it| it.as_str().is_some_and(|it| !it.is_empty()));
        secrets.push(SecretField {
            title: title(&name, Some(&field)),
            required: is_required(&name) || given,
            name,
        });
    }
    let properties = of_schema("properties").and_then(Value::as_object);
    let named = properties.into_iter().flat_map(|it| it.keys());
    let named = named.map(String::as_str);
    let needed = required.into_iter().flatten().filter_map(Value::as_str);
    for name in named.chain(needed) {
        if !secrets.iter().any(|it| it.name == name) {
            secrets.push(SecretField {
                name: name.to_owned(),
                title: title(name, properties.and_then(|it| it.get(name))),
                required: is_required(name),
            });
        }
    }
    secrets
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_of_the_form_and_the_schema_of_secrets_are_asked_for() {
        let template = Template::parse(&json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
            "metadata": {"name": "x"},
            "spec": {
                "type": "service", "steps": [],
                "parameters": [
                    {"properties": {"name": {"type": "string"},
                        "key": {"type": "string", "title": "The key", "ui:field": "Secret"}}},
                    {"properties": {"other": {"type": "string", "ui:field": "Secret"}}},
                ],
                "secrets": {"schema": {"required": ["token", "key"],
                    "properties": {"key": {}, "hint": {"title": "A hint"}}}},
            },
        }));
        let template = template.unwrap();
        let secret = |name: &str, title: &str, required: bool| SecretField {
            name: name.to_owned(),
            title: title.to_owned(),
            required,
        };
        assert_eq!(
            secrets_of(&template, &json!({"other": "***"})),
            [
                secret("key", "The key", true),
                secret("other", "other", true),
                secret("hint", "A hint", false),
                secret("token", "token", true),
            ]
        );
        let none = secrets_of(&template, &json!({"other": ""}));
        assert!(!none[1].required, "it was not given before");
    }
}
