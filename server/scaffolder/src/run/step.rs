//! One step: its condition, its items, its input, its action.

use portico_model::template::Step;
use portico_templating::TemplateError;
use serde_json::{Map, Value, json};

use super::{Task, expressions::Expressions, input};
use crate::{
    Action, ActionContext, ActionError, LogLevel, Redactor, StepStatus, TaskError, TaskEvent,
    TaskState,
};

/// How a step ended well.
pub(super) enum Done {
    Completed(Map<String, Value>),
    Skipped,
}

impl Task {
    pub(super) async fn step(
        &self,
        step: &Step,
        state: &TaskState,
        failed: bool,
        redactor: &Redactor,
    ) -> Result<Done, TaskError> {
        if self.cancelled.is_cancelled() {
            return Err(TaskError::Cancelled);
        }
        let wrong = |error: TemplateError| TaskError::Expression {
            step: step.id.clone(),
            error: Box::new(error),
        };
        let expressions = Expressions::new(self, state, failed);
        let context = expressions.without_secrets().map_err(wrong)?;
        let holds = expressions.holds(step.condition.as_ref(), &context);
        if !holds.map_err(|error| wrong(error.within("if")))? {
            return Ok(Done::Skipped);
        }
        let Some(action) = self.registry.get(&step.action) else {
            return Ok(Done::Skipped);
        };
        self.approved(Some(step), state, redactor)?;
        self.events.tell(TaskEvent::Step {
            step: step.id.clone(),
            status: StepStatus::Processing,
        });
        let Some(each) = &step.each else {
            let output = self
                .once(step, &**action, &expressions, None, redactor)
                .await?;
            return Ok(Done::Completed(output));
        };
        let context = expressions.with_secrets(None).map_err(wrong)?;
        let items = expressions.engine().render_value(each, &context);
        let items = items.map_err(|error| wrong(error.within("each")))?;
        let items: Vec<Value> = match items {
            Value::Array(items) => {
                let items = items.into_iter().enumerate();
                items
                    .map(|(key, value)| json!({"key": key.to_string(), "value": value}))
                    .collect()
            }
            Value::Object(fields) => {
                let fields = fields.into_iter();
                fields
                    .map(|(key, value)| json!({"key": key, "value": value}))
                    .collect()
            }
            _ => {
                return Err(TaskError::Input {
                    step: step.id.clone(),
                    field: "each".to_owned(),
                    problem: "should be a list or an object".to_owned(),
                });
            }
        };
        let mut outputs: Map<String, Value> = Map::new();
        for item in &items {
            let output = self
                .once(step, &**action, &expressions, Some(item), redactor)
                .await?;
            for (name, value) in output {
                let list = outputs.entry(name).or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.push(value);
                }
            }
        }
        Ok(Done::Completed(outputs))
    }

    async fn once(
        &self,
        step: &Step,
        action: &dyn Action,
        expressions: &Expressions,
        each: Option<&Value>,
        redactor: &Redactor,
    ) -> Result<Map<String, Value>, TaskError> {
        let wrong = |error: TemplateError| TaskError::Expression {
            step: step.id.clone(),
            error: Box::new(error),
        };
        let context = expressions.with_secrets(each).map_err(wrong)?;
        let given = Value::Object(step.input.clone());
        let rendered = expressions.engine().render_value(&given, &context);
        let rendered = rendered.map_err(|error| wrong(error.within("input")))?;
        input::check(&step.id, &action.input(), &rendered, redactor)?;
        if self.dry_run.is_some() && !action.supports_dry_run() {
            self.events.tell(TaskEvent::Log {
                step: Some(step.id.clone()),
                level: LogLevel::Warning,
                message: format!("{} is left out of dry runs", action.id()),
            });
            let example = action.examples().into_iter().next();
            return Ok(example.map_or_else(Map::new, |example| example.output));
        }
        let context = ActionContext {
            task: self.spec.id.clone(),
            step: step.id.clone(),
            input: rendered,
            workspace: self.workspace.clone(),
            dry_run: self.dry_run.clone(),
            engine: self.engine.clone(),
            fetch: self.fetch.clone(),
            base_url: self.spec.base_url.clone(),
            template_ref: Some(self.spec.template.entity_ref().to_string()),
            catalog: self.catalog.clone(),
            cancelled: self.cancelled.clone(),
            events: self.events.clone(),
            redactor: redactor.clone(),
        };
        // An action that does not look for it is stopped where it waits.
        let done = tokio::select! {
            done = action.run(&context) => done,
            () = self.cancelled.cancelled() => Err(ActionError::Cancelled),
        };
        done.map_err(|error| match error {
            ActionError::Cancelled => TaskError::Cancelled,
            error => TaskError::Action {
                step: step.id.clone(),
                error: Box::new(error),
            },
        })
    }
}
