//! `roadiehq:utils:jsonata:json:transform`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, object, output, text};
use super::{json_text, parse_json, query, read_text};
use crate::{Action, ActionContext, ActionError, Example};

/// Evaluates an expression over a JSON file.
pub(super) struct JsonataJsonTransform;

#[async_trait]
impl Action for JsonataJsonTransform {
    fn id(&self) -> &'static str {
        "roadiehq:utils:jsonata:json:transform"
    }

    fn description(&self) -> &'static str {
        "Evaluates a JSONata expression over a JSON file of the workspace. The file stays as it is."
    }

    fn input(&self) -> Value {
        object(
            &["path", "expression"],
            json!({
                "path": text("The path of the file."),
                "expression": text("A JSONata expression."),
                "as": {"type": "string", "enum": ["string", "object"],
                    "description": "What comes out: JSON text, or data. Default: string."},
                "replacer": json_text::replacer_schema(),
                "space": json_text::space_schema(),
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
            "Read the version",
            json!({"path": "package.json", "expression": "version", "as": "object"}),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let path = context.required("path")?;
        let data = parse_json(path, &read_text(context, path)?)?;
        let expression = context.required("expression")?;
        let result = query::evaluate(expression, &data, &context.cancelled).await?;
        let result = match context.text("as") {
            Some("object") => result,
            _ => Value::String(json_text::of_input(context, result)?),
        };
        Ok(output([("result", result)]))
    }
}
