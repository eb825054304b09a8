//! An action: adds an Azure Cache for Redis to a repository's Bicep file.

mod redis;

use portico_plugin_sdk::{Action, Call, Result, bail, export};
use portico_service_files::{Output, PATH, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// The branch that is proposed.
const BRANCH: &str = "portico/add-redis";

/// Where to add a cache, and which.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// How it is run: `Basic` is one node without a promise, `Standard` has a replica.
    #[serde(default)]
    sku: Sku,
    /// The size, from 0 (250 MB) to 6 (53 GB).
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 6))]
    capacity: u8,
}

/// The families of Azure Cache for Redis that need no network of their own.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
enum Sku {
    /// One node.
    #[default]
    Basic,
    /// Two nodes.
    Standard,
}

struct AddRedis;

impl Action for AddRedis {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let Input {
            repository,
            sku,
            capacity,
        } = input;
        if capacity > 6 {
            bail!("A capacity of {capacity} does not exist: choose one from 0 to 6.");
        }
        let text = read(&repository, PATH)?;
        let change = redis::add(&text, sku.name(), capacity)?;
        propose(
            &repository,
            BRANCH,
            "a cache",
            "Add an Azure Cache for Redis",
            format!("Adds a {} C{capacity} cache to `{PATH}`.", sku.name()),
            &change.notes,
            vec![(PATH.to_owned(), change.text)],
        )
    }
}

impl Sku {
    fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Standard => "Standard",
        }
    }
}

fn one() -> u8 {
    1
}

export!(AddRedis as Action);

#[cfg(test)]
mod tests;
