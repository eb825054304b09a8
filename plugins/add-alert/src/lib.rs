//! An action: adds an alert to a repository's Bicep file.

mod alert;
mod signal;

use portico_plugin_sdk::{Action, Call, Result, bail, export};
use portico_service_files::{Output, PATH, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

use signal::Signal;

/// What to be told of, and whom to tell.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// What is watched.
    signal: Signal,
    /// The value above which people are told: requests or restarts in five minutes, seconds, or
    /// per cent. The usual one when none.
    #[serde(default)]
    #[schemars(range(min = 0))]
    threshold: Option<f64>,
    /// How bad it is, from 0 (critical) to 4 (for information).
    #[serde(default = "two")]
    #[schemars(range(min = 0, max = 4))]
    severity: u8,
    /// The address that gets a mail.
    #[schemars(email, length(max = 200))]
    email: String,
}

struct AddAlert;

impl Action for AddAlert {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let signal = input.signal;
        let threshold = input.threshold.unwrap_or(signal.usual());
        if !(threshold.is_finite() && threshold >= 0.0) {
            bail!("A threshold is a number from 0 on.");
        }
        if input.severity > 4 {
            bail!("A severity is from 0 (critical) to 4 (for information).");
        }
        let allowed = |it: char| it.is_ascii_alphanumeric() || "@.-_+".contains(it);
        if input.email.matches('@').count() != 1 || !input.email.chars().all(allowed) {
            bail!("`{}` is no mail address.", input.email);
        }
        let text = read(&input.repository, PATH)?;
        let change = alert::add(&text, signal, threshold, input.severity, &input.email)?;
        propose(
            &input.repository,
            &format!("portico/add-alert-{}", signal.name()),
            "this alert",
            &format!("Tell people of {}", signal.words()),
            format!(
                "Adds an alert to `{PATH}`: {} above {threshold} {}.",
                signal.words(),
                signal.unit()
            ),
            &change.notes,
            vec![(PATH.to_owned(), change.text)],
        )
    }
}

fn two() -> u8 {
    2
}

export!(AddAlert as Action);

#[cfg(test)]
mod tests;
