//! `roadiehq:utils:sleep`

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::super::{example, object};
use crate::{Action, ActionContext, ActionError, Effect, Example};

/// The longest sleep, in seconds: a task that waits keeps its place in the queue.
const LONGEST: f64 = 600.0;

/// Waits for some seconds.
pub(super) struct Sleep;

#[async_trait]
impl Action for Sleep {
    fn id(&self) -> &'static str {
        "roadiehq:utils:sleep"
    }

    fn description(&self) -> &'static str {
        "Waits for some seconds, ten minutes at most. A dry run does not wait."
    }

    fn input(&self) -> Value {
        object(
            &["amount"],
            json!({"amount": {"type": "number", "minimum": 0, "maximum": LONGEST,
                "description": "Seconds."}}),
        )
    }

    fn examples(&self) -> Vec<Example> {
        example("Wait for five seconds", json!({"amount": 5}))
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let seconds = context.input["amount"].as_f64().unwrap_or_default();
        if let Some(recorder) = &context.dry_run {
            recorder.record(Effect {
                step: context.step.clone(),
                action: self.id().to_owned(),
                summary: format!("wait for {seconds} s"),
                details: json!({"seconds": seconds}),
            });
            return Ok(Map::new());
        }
        let wait = Duration::try_from_secs_f64(seconds.min(LONGEST)).unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(Map::new()),
            () = context.cancelled.cancelled() => Err(ActionError::Cancelled),
        }
    }
}
