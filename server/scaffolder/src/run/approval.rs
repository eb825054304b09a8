//! Whether people agreed to a step, or to the whole template.

use portico_model::{
    EntityRef,
    template::{Approval, Step},
};
use portico_templating::TemplateError;
use serde_json::{Value, json};

use super::{Task, expressions::Expressions};
use crate::{ApprovalNeeded, Decision, Effect, Redactor, TaskError, TaskState};

impl Task {
    /// Fails unless nobody has to agree, or somebody has. `None` is the whole template.
    pub(super) fn approved(
        &self,
        step: Option<&Step>,
        state: &TaskState,
        redactor: &Redactor,
    ) -> Result<(), TaskError> {
        let approval = match step {
            Some(step) => &step.approval,
            None => &self.spec.template.approval,
        };
        let Some(approval) = approval else {
            return Ok(());
        };
        let id = step.map(|step| step.id.clone());
        match self.decisions.get(&id) {
            Some(Decision::Approved) => return Ok(()),
            Some(Decision::Refused(reason)) => {
                let reason = reason.clone();
                return Err(TaskError::NotApproved { step: id, reason });
            }
            None => {}
        }
        if self.cancelled.is_cancelled() {
            return Err(TaskError::Cancelled);
        }
        let needed = self.needed(id, approval, state, redactor)?;
        let Some(recorder) = &self.dry_run else {
            return Err(TaskError::Waiting(Box::new(needed)));
        };
        recorder.record(Effect {
            step: needed.step.unwrap_or_default(),
            action: "approval".to_owned(),
            summary: format!("wait until {} agrees", needed.by.join(" or ")),
            details: json!({"by": needed.by, "reason": needed.reason}),
        });
        Ok(())
    }

    fn needed(
        &self,
        step: Option<String>,
        approval: &Approval,
        state: &TaskState,
        redactor: &Redactor,
    ) -> Result<ApprovalNeeded, TaskError> {
        let label = step.as_deref().unwrap_or("approval");
        let wrong = |error: TemplateError| TaskError::Expression {
            step: label.to_owned(),
            error: Box::new(error.within("approval")),
        };
        let expressions = Expressions::new(self, state, false);
        let context = expressions.without_secrets().map_err(wrong)?;
        let text = |text: &str| -> Result<Value, TaskError> {
            let rendered = self.engine.render_value(&json!(text), &context);
            rendered.map_err(wrong)
        };
        let mut by = Vec::new();
        for written in &approval.by {
            match text(written)? {
                Value::String(one) => by.push(one),
                Value::Array(several) => {
                    by.extend(several.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {}
            }
        }
        let by = by.iter().filter(|it| !it.trim().is_empty()).map(|it| {
            EntityRef::parse(it, Some("group"), EntityRef::DEFAULT_NAMESPACE)
                .map(|it| it.to_string())
                .map_err(|error| TaskError::Input {
                    step: label.to_owned(),
                    field: "approval.by".to_owned(),
                    problem: error.to_string(),
                })
        });
        let by: Vec<String> = by.collect::<Result<_, _>>()?;
        if by.is_empty() {
            return Err(TaskError::Input {
                step: label.to_owned(),
                field: "approval.by".to_owned(),
                problem: "names nobody".to_owned(),
            });
        }
        let reason = approval.reason.as_deref().map(text).transpose()?;
        let reason = reason.as_ref().and_then(Value::as_str);
        Ok(ApprovalNeeded {
            step,
            by,
            reason: reason.map(|it| redactor.redact(it)),
            expires_after: approval.expires_after,
            four_eyes: approval.four_eyes,
        })
    }
}
