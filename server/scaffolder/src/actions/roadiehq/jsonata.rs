//! `roadiehq:utils:jsonata`

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example_with, object, output, text};
use super::query;
use crate::{Action, ActionContext, ActionError, Example};

/// Evaluates an expression over data of the template.
pub(super) struct Jsonata;

#[async_trait]
impl Action for Jsonata {
    fn id(&self) -> &'static str {
        "roadiehq:utils:jsonata"
    }

    fn description(&self) -> &'static str {
        "Evaluates a JSONata expression over data, such as the output of an earlier step."
    }

    fn input(&self) -> Value {
        object(
            &["data", "expression"],
            json!({
                "data": {"description": "What the expression is about."},
                "expression": text("A JSONata expression."),
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
        example_with(
            "Sum up",
            json!({"data": {"items": [{"price": 1}, {"price": 2}]},
                   "expression": "$sum(items.price)"}),
            output([("result", 3.into())]),
        )
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let expression = context.required("expression")?;
        let data = &context.input["data"];
        let result = query::evaluate(expression, data, &context.cancelled).await?;
        Ok(output([("result", result)]))
    }
}
