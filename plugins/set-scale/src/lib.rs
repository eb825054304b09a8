//! An action: changes how many replicas a repository's Bicep file asks for.

mod scale;

use portico_plugin_sdk::{Action, Call, Result, bail, export};
use portico_service_files::{Output, PATH, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// How many replicas there are to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// The environment, such as `prod`.
    environment: String,
    /// The fewest replicas; 0 stops it while nobody asks.
    #[schemars(range(min = 0, max = 300))]
    min: u16,
    /// The most replicas.
    #[schemars(range(min = 1, max = 300))]
    max: u16,
}

struct SetScale;

impl Action for SetScale {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let Input {
            environment,
            min,
            max,
            ..
        } = &input;
        if *max == 0 || *max > 300 || min > max {
            bail!(
                "From {min} to {max} replicas is not possible: the most is from 1 to 300, and no \
                 less than the fewest."
            );
        }
        let text = read(&input.repository, PATH)?;
        let change = scale::set(&text, environment, *min, *max)?;
        propose(
            &input.repository,
            &format!("portico/scale-{environment}-{min}-{max}"),
            "this",
            &format!("Run {min} to {max} replicas in {environment}"),
            format!("Changes how far the service scales in `{environment}`, in `{PATH}`."),
            &change.notes,
            vec![(PATH.to_owned(), change.text)],
        )
    }
}

export!(SetScale as Action);

#[cfg(test)]
mod tests;
