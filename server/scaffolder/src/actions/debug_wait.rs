//! `debug:wait`

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::{Action, ActionContext, ActionError, Example};

/// The longest wait.
const LONGEST: Duration = Duration::from_mins(10);

/// Waits.
pub(super) struct DebugWait;

#[async_trait]
impl Action for DebugWait {
    fn id(&self) -> &'static str {
        "debug:wait"
    }

    fn description(&self) -> &'static str {
        "Waits for minutes, seconds and milliseconds together, ten minutes at most."
    }

    fn input(&self) -> Value {
        let number = |unit: &str| json!({"type": "number", "minimum": 0, "description": unit});
        super::object(
            &[],
            json!({
                "minutes": number("Minutes."),
                "seconds": number("Seconds."),
                "milliseconds": number("Milliseconds."),
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        super::example("Wait for five seconds", json!({"seconds": 5}))
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let number = |field| {
            context
                .input
                .get(field)
                .and_then(Value::as_f64)
                .unwrap_or(0.0)
        };
        let seconds =
            number("minutes") * 60.0 + number("seconds") + number("milliseconds") / 1000.0;
        let wait = Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|it| *it <= LONGEST);
        let wait = wait.ok_or_else(|| {
            ActionError::Input(format!(
                "input: {} minutes is the longest wait",
                LONGEST.as_secs() / 60
            ))
        })?;
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(Map::new()),
            () = context.cancelled.cancelled() => Err(ActionError::Cancelled),
        }
    }
}
