//! How a plugin is doing, now.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// How a plugin is doing on the replica that answers, since it was loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthView {
    /// Names and figures.
    pub figures: Vec<(String, String)>,
    /// Its last errors, latest first.
    pub errors: Vec<ErrorView>,
    /// Why it is stopped after faults.
    pub stopped: Option<String>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorView {
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// What happened.
    pub message: String,
    /// Whether the plugin is to blame.
    pub fault: bool,
    /// The end of its log: level and text of each line.
    pub log: Vec<(String, String)>,
}

/// How a plugin is doing; none while it does not run.
#[server(prefix = "/_ui", endpoint = "plugin-health", input = Json, output = Json)]
pub async fn load_health(id: String) -> Result<Option<HealthView>, UiError> {
    let context = crate::data::server_context()?;
    let health = context.plugins()?.health(&context.principal, &id)?;
    Ok(health.as_ref().map(view))
}

#[cfg(feature = "ssr")]
pub(super) use server::{line, view};

#[cfg(feature = "ssr")]
mod server {
    use portico_plugins::host::{Health, LogLine};

    use super::{ErrorView, HealthView};
    use crate::data::now_millis;

    pub(in super::super) fn view(health: &Health) -> HealthView {
        HealthView {
            figures: figures(health),
            errors: health
                .errors
                .iter()
                .map(|it| ErrorView {
                    at: it.at_ms.cast_signed(),
                    message: it.message.clone(),
                    fault: it.fault,
                    log: it.log.iter().map(line).collect(),
                })
                .collect(),
            stopped: health.stopped.as_ref().map(|it| it.reason.clone()),
            now: now_millis(),
        }
    }

    /// Level and text.
    pub(in super::super) fn line(line: &LogLine) -> (String, String) {
        let level = format!("{:?}", line.level).to_lowercase();
        (level, line.message.clone())
    }

    fn figures(health: &Health) -> Vec<(String, String)> {
        let milliseconds = |us: u64| format!("{:.2} ms", us as f64 / 1e3);
        [
            ("Calls", health.calls.to_string()),
            ("p50", milliseconds(health.p50_us)),
            ("p99", milliseconds(health.p99_us)),
            ("Processor time", milliseconds(health.cpu_us)),
            (
                "Peak memory",
                format!("{:.1} MB", health.peak_memory_bytes as f64 / 1e6),
            ),
            ("Faults", health.faults.to_string()),
            ("Denials", health.denials.to_string()),
            ("Refused", health.refused.to_string()),
        ]
        .map(|(name, figure)| (name.to_owned(), figure))
        .into()
    }
}
