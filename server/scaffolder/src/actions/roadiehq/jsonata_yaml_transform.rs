//! `roadiehq:utils:jsonata:yaml:transform`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, flag, object, output, text, yaml};
use super::{parse_one_yaml, parse_yaml, query, read_text};
use crate::{Action, ActionContext, ActionError, Example};

/// Evaluates an expression over a YAML file.
pub(super) struct JsonataYamlTransform;

#[async_trait]
impl Action for JsonataYamlTransform {
    fn id(&self) -> &'static str {
        "roadiehq:utils:jsonata:yaml:transform"
    }

    fn description(&self) -> &'static str {
        "Evaluates a JSONata expression over a YAML file of the workspace. The file stays as it is."
    }

    fn input(&self) -> Value {
        object(
            &["path", "expression"],
            json!({
                "path": text("The path of the file."),
                "expression": text("A JSONata expression."),
                "loadAll": flag("The file holds several documents; the expression gets a list."),
                "as": {"type": "string", "enum": ["string", "object"],
                    "description": "What comes out: YAML text, or data. Default: string."},
                "options": {"type": "object", "description": "Known for compatibility; YAML is \
                    written in one style."},
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["result"],
            json!({"result": {"description": "What it evaluates to."}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        example(
            "Read the owner",
            json!({"path": "catalog-info.yaml", "expression": "spec.owner", "as": "object"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let path = context.required("path")?;
        let content = read_text(context, path)?;
        let data = match context.flag("loadAll") {
            true => Value::Array(parse_yaml(path, &content)?),
            false => parse_one_yaml(path, &content)?,
        };
        let expression = context.required("expression")?;
        let result = query::evaluate(expression, &data, &context.cancelled).await?;
        let result = match context.text("as") {
            Some("object") => result,
            _ => Value::String(yaml::document(&result)),
        };
        Ok(output([("result", result)]))
    }
}
