//! What expressions of steps see, and when a condition holds.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use portico_model::template::Condition;
use portico_templating::{Context, Engine, Extension, Result};
use serde_json::{Map, Value, json};

use super::Task;
use crate::TaskState;

/// The language of a step: with `always()` and `failure()`, and the variables so far.
pub(super) struct Expressions {
    engine: Engine,
    variables: Map<String, Value>,
    secrets: Value,
    environment: Value,
    /// Whether a condition has asked for being done after a failure.
    asked: Arc<AtomicBool>,
    failed: bool,
}

impl Expressions {
    pub(super) fn new(task: &Task, state: &TaskState, failed: bool) -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        let function = |description: &str, value: bool| {
            let asked = asked.clone();
            Extension {
                description: description.to_owned(),
                example: "if: ${{ always() }}".to_owned(),
                run: Arc::new(move |_| {
                    asked.store(true, Ordering::Relaxed);
                    Ok(Value::Bool(value))
                }),
            }
        };
        let extensions = task.engine.extensions().clone();
        let extensions = extensions
            .with_function("always", function("True, also after a failure.", true))
            .with_function("failure", function("Whether a step has failed.", failed));
        let steps = state.steps.iter().map(|step| {
            let output = Value::Object(step.output.clone());
            (step.id.clone(), json!({ "output": output }))
        });
        let spec = &task.spec;
        let mut variables = Map::new();
        variables.insert("parameters".to_owned(), spec.parameters.clone());
        variables.insert("steps".to_owned(), Value::Object(steps.collect()));
        variables.insert("user".to_owned(), spec.user.clone());
        variables.insert("context".to_owned(), json!({"task": {"id": spec.id}}));
        Self {
            engine: task.engine.clone().with_extensions(extensions),
            variables,
            secrets: spec.secrets.clone(),
            environment: spec.environment.clone(),
            asked,
            failed,
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The variables for everything but input.
    pub(super) fn without_secrets(&self) -> Result<Context> {
        let parameters = self.environment.get("parameters");
        self.context([("environment", json!({ "parameters": parameters }))])
    }

    /// The variables for input, with the item of `each`.
    pub(super) fn with_secrets(&self, each: Option<&Value>) -> Result<Context> {
        let all = [
            ("secrets", self.secrets.clone()),
            ("environment", self.environment.clone()),
        ];
        self.context(
            all.into_iter()
                .chain(each.map(|item| ("each", item.clone()))),
        )
    }

    fn context<'a>(&self, more: impl IntoIterator<Item = (&'a str, Value)>) -> Result<Context> {
        let mut variables = self.variables.clone();
        variables.extend(
            more.into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        Context::new(&Value::Object(variables))
    }

    /// Whether a condition holds. After a failure, it has to ask for it.
    pub(super) fn holds(&self, condition: Option<&Condition>, context: &Context) -> Result<bool> {
        let holds = match condition {
            None => true,
            Some(Condition::Fixed(fixed)) => *fixed,
            Some(Condition::Expression(text)) => {
                let value = self.engine.evaluate(text, context)?;
                is_truthy(&value.unwrap_or(Value::Null))
            }
        };
        let asked = self.asked.swap(false, Ordering::Relaxed);
        Ok(holds && (!self.failed || asked))
    }
}

/// What counts as true for conditions: unlike in the language, an empty list does not.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}
